// Roboto (OFL-1.1) from our own origin: two weights, three alphabets, each fetched only by pages that need it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const WEIGHTS = [400, 700];
const ALPHABETS = ["latin", "latin-ext", "cyrillic"];
const HERE = new URL(".", import.meta.url);
const name = (alphabet, weight) => `roboto-${alphabet}-${weight}.woff2`;
const pairs = () => ALPHABETS.flatMap((alphabet) => WEIGHTS.map((weight) => [alphabet, weight]));

/** `[source path, file name]` of every font file to serve. */
export function fontFiles(modules) {
  return pairs().map(([alphabet, weight]) => [
    join(modules, "@fontsource/roboto/files", `roboto-${alphabet}-${weight}-normal.woff2`), name(alphabet, weight),
  ]);
}

/** The `@font-face` rules. */
export function fontFaces() {
  const ranges = JSON.parse(readFileSync(new URL("../../../../node_modules/@fontsource/roboto/unicode.json", HERE), "utf8"));
  return pairs().map(([alphabet, weight]) =>
    `@font-face{font-family:Roboto;font-weight:${weight};font-display:swap;` +
    `src:url(fonts/${name(alphabet, weight)}) format("woff2");unicode-range:${ranges[alphabet]}}`).join("\n");
}
