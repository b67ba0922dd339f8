// Makes portal/static/built from the sources beside this file: the same bytes from the same sources,
// so that the committed files can be compared with a fresh build. Run by `npm run build`.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { transform } from "lightningcss";
import { fontFaces, fontFiles } from "./build/fonts.mjs";
import { sprite } from "./build/icons.mjs";
import { tokens } from "./build/tokens.mjs";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "../../..");
const modules = join(root, "node_modules");
const built = join(source, "../built");

// The order is the cascade: words and ground first, then the frame of a page, then its parts.
const SHEETS = {
  "app.css": [
    "ground", "layout", "header", "footer", "buttons", "fields", "choices", "errors", "labels", "notices", "rows",
    "panel", "cards", "clock", "timeline", "upload", "messages", "table", "dialog", "steps", "home", "print",
  ],
  "styleguide.css": ["styleguide"],
};
const TARGETS = { chrome: 109 << 16, firefox: 115 << 16, safari: (15 << 16) | (4 << 8), ios_saf: (15 << 16) | (4 << 8) };

function sheet(name, parts) {
  const own = parts.map((part) => readFileSync(join(source, "css", `${part}.css`), "utf8")).join("\n");
  const values = readFileSync(join(source, "css", "own-values.css"), "utf8");
  const head = name === "app.css" ? `${fontFaces()}\n${values}\n${tokens(modules, values + own, "")}` : "";
  if (!head) tokens(modules, own, values); // only to fail on a name that nobody defines
  const { code } = transform({
    filename: name, code: Buffer.from(`${head}\n${own}`), minify: true, targets: TARGETS, errorRecovery: false,
  });
  return code;
}

function script(name) {
  const result = buildSync({
    entryPoints: [join(source, "js", name)], bundle: true, minify: true, write: false, format: "esm",
    target: ["es2021"], charset: "utf8", legalComments: "none", absWorkingDir: root,
  });
  return result.outputFiles[0].contents;
}

function put(name, bytes) {
  writeFileSync(join(built, name), bytes);
  const size = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name.padEnd(18)} ${String(bytes.length).padStart(7)} bytes  ${String(size).padStart(6)} gzip`);
}

function address(name) {
  const digest = createHash("sha256").update(readFileSync(join(built, name))).digest("hex");
  return `/static/${digest.slice(0, 12)}/${name}`;
}

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "fonts"), { recursive: true });
for (const [name, parts] of Object.entries(SHEETS)) put(name, sheet(name, parts));
for (const name of ["app.js", "passkey.js"]) put(name, script(name));
const mark = readFileSync(join(source, "mark.svg"), "utf8");
put("icons.svg", Buffer.from(sprite(modules, readFileSync(join(source, "icons.txt"), "utf8"), mark)));
put("icons-home.svg", Buffer.from(sprite(modules, readFileSync(join(source, "icons-home.txt"), "utf8"), "")));
put("mark.svg", Buffer.from(mark.replace(/>\s+</g, "><").trim()));
// Macros are compiled once and know no page, so the sprites' addresses, which change with their content, are a template.
writeFileSync(join(root, "templates/components/built.html"), [
  "{#- Written by `npm run build`: where the icons are. -#}",
  `{% set sprite = "${address("icons.svg")}" %}`,
  `{% set home_sprite = "${address("icons-home.svg")}" %}`,
].join("\n") + "\n");
for (const [from, to] of fontFiles(modules)) copyFileSync(from, join(built, "fonts", to));
copyFileSync(join(modules, "@fontsource/roboto/LICENSE"), join(built, "fonts/LICENSE-roboto.txt"));
copyFileSync(join(modules, "@material-symbols/svg-400/LICENSE"), join(built, "LICENSE-material-symbols.txt"));
console.log(`fonts: ${readdirSync(join(built, "fonts")).filter((name) => name.endsWith(".woff2")).length}`);
