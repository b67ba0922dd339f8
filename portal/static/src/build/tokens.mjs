// TEDI's design tokens, pruned to the ones that our own CSS reaches, each with its final light value.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const REFERENCE = /var\(\s*(--[\w-]+)\s*(?:,[^()]*)?\)/g;
const DEFINITION = /(?<![\w-])(--[\w-]+)\s*:\s*([^;{}]+)/g;

/** A `:root` block with the tokens that `css` reaches; throws on a name that neither TEDI nor `known` nor `css` defines. */
export function tokens(modules, css, known) {
  const tedi = tediTokens(modules);
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  const own = new Set([...(plain + known).matchAll(DEFINITION)].map((match) => match[1]));
  const reached = new Set([...plain.matchAll(REFERENCE)].map((match) => match[1]).filter((name) => !own.has(name)));
  const lines = [...reached].sort().map((name) => `${name}:${resolve(name, tedi, [])}`);
  return `:root{${lines.join(";")}}`;
}

function tediTokens(modules) {
  const css = readFileSync(join(modules, "@tehik-ee/tedi-core/index.css"), "utf8");
  const found = new Map();
  // Only the plain :root: the dark block of this version paints white words on a light page.
  for (const [, body] of css.matchAll(/:root\s*\{([^}]*)\}/g))
    for (const [, name, value] of body.matchAll(DEFINITION)) if (!found.has(name)) found.set(name, value.trim());
  return found;
}

function resolve(name, tedi, path) {
  if (!tedi.has(name)) throw new Error(`undefined design token ${[...path, name].join(" -> ")}`);
  if (path.includes(name)) throw new Error(`design token in a circle ${[...path, name].join(" -> ")}`);
  return tedi.get(name).replace(REFERENCE, (_, inner) => resolve(inner, tedi, [...path, name]));
}
