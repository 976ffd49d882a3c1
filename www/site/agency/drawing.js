// What drawings are made of.

const NAMESPACE = "http://www.w3.org/2000/svg";
let gradients = 0;

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** An empty picture that fills its place. */
export const drawing = (width, height) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" });

/** Adds a gradient from top to bottom; returns the paint. */
export const gradient = (picture, colors) =>
  paint(
    picture,
    svg("linearGradient", { x1: 0, y1: 0, x2: 0, y2: 1 }),
    colors.map((color) => [color, 1]),
  );

/** Adds a light that fades to its edge; returns the paint. */
export const halo = (picture, color) =>
  paint(
    picture,
    svg("radialGradient"),
    [0.75, 0.34, 0.12, 0].map((opacity) => [color, opacity]),
  );

function paint(picture, node, stops) {
  node.id = `paint-${(gradients += 1)}`;
  node.append(
    ...stops.map(([color, opacity], index) =>
      svg("stop", { offset: index / (stops.length - 1), "stop-color": color, "stop-opacity": opacity }),
    ),
  );
  picture.append(node);
  return `url(#${node.id})`;
}

/** Numbers from 0 to 1 that depend only on the seed (mulberry32). */
export function createRandom(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A palm whose trunk starts at a point. */
export function palm(x, y, height, color) {
  const top = y - height;
  const size = height / 104;
  const frond = "M0 0C24-30 62-36 104-10C66-20 34-14 0 0Z";
  const fronds = [0, -38, -78, 34].flatMap((angle) => [
    svg("path", { d: frond, transform: `rotate(${angle}) scale(.42)` }),
    svg("path", { d: frond, transform: `scale(-1 1) rotate(${angle}) scale(.42)` }),
  ]);
  return svg(
    "g",
    { fill: color },
    svg("path", {
      d: `M${x} ${y}C${x - 5} ${y - height * 0.4} ${x + 7} ${y - height * 0.7} ${x} ${top}`,
      stroke: color,
      "stroke-width": 4.5 * size + 1.5,
      fill: "none",
      "stroke-linecap": "round",
    }),
    svg("g", { transform: `translate(${x} ${top}) scale(${size})` }, ...fronds),
  );
}
