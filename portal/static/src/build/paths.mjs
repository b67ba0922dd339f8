// Icon paths on a grid of 240 instead of 960: a tenth of a pixel at the size icons are shown, and a third fewer bytes.
// Every point is rounded from its true place, so that errors do not add up along a path.

const ARGUMENTS = { m: 2, l: 2, h: 1, v: 1, q: 4, t: 2, c: 6, s: 4, z: 0 };
const SCALE = 1 / 4;

/** The path `d`, drawn smaller. */
export function shrink(d) {
  const pen = { x: 0, y: 0, startX: 0, startY: 0, atX: 0, atY: 0, startAtX: 0, startAtY: 0 };
  return commands(d).map(([command, numbers]) => draw(command, numbers, pen)).join("");
}

function commands(d) {
  return [...d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)].flatMap(([, letter, rest]) => {
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const count = ARGUMENTS[letter.toLowerCase()];
    if (count === undefined) throw new Error(`an icon uses the path command ${letter}`);
    if (!count) return [[letter, []]];
    // After its first pair, a move goes on as lines.
    return Array.from({ length: numbers.length / count }, (_, index) => [
      index && letter === "m" ? "l" : index && letter === "M" ? "L" : letter, numbers.slice(index * count, (index + 1) * count),
    ]);
  });
}

function draw(letter, numbers, pen) {
  const kind = letter.toLowerCase();
  if (kind === "z") {
    Object.assign(pen, { x: pen.startX, y: pen.startY, atX: pen.startAtX, atY: pen.startAtY });
    return "z";
  }
  const relative = letter === kind;
  const horizontal = (value) => value + (relative ? pen.x : 0);
  const vertical = (value) => value + (relative ? pen.y : 0);
  const isX = (index) => kind === "h" || (kind !== "v" && index % 2 === 0);
  const points = numbers.map((value, index) => (isX(index) ? horizontal(value) : vertical(value)));
  const small = points.map((value) => Math.round(value * SCALE));
  const steps = small.map((value, index) => value - (isX(index) ? pen.atX : pen.atY));
  const last = (axis) => points.findLastIndex((_, index) => isX(index) === (axis === "x"));
  if (last("x") >= 0) Object.assign(pen, { x: points[last("x")], atX: small[last("x")] });
  if (last("y") >= 0) Object.assign(pen, { y: points[last("y")], atY: small[last("y")] });
  if (kind === "m") Object.assign(pen, { startX: pen.x, startY: pen.y, startAtX: pen.atX, startAtY: pen.atY });
  return kind + steps.join(" ").replace(/ -/g, "-");
}
