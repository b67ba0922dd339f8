// An SVG sprite from Material Symbols (Apache-2.0) and, where given, our own mark.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shrink } from "./paths.mjs";

/** The sprite of the names in `list` ("name" or "name = file" a line). */
export function sprite(modules, list, mark) {
  const lines = list.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = lines.map((line) => {
    const [name, file = name] = line.split(/\s*=\s*/);
    const svg = readFileSync(join(modules, "@material-symbols/svg-400/outlined", `${file}.svg`), "utf8");
    const [, path] = svg.match(/<path d="([^"]+)"/);
    return `<symbol id="${name}" viewBox="0 -240 240 240"><path d="${shrink(path)}"/></symbol>`;
  });
  if (mark) symbols.unshift(drawn("mark", mark.replace(/>\s+</g, "><")));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

function drawn(name, svg) {
  const [, box] = svg.match(/viewBox="([^"]+)"/);
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="${box}">${body}</symbol>`;
}
