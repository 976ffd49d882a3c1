// Draws the homes: outside at an hour, the living room, the floor plan. A seed varies each drawing.

import { drawHome } from "./buildings.js";
import { createRandom, drawing, gradient, halo, palm, svg } from "./drawing.js";

/** The colors of an hour. `lit`: lamps are on. */
const SKIES = {
  morning: {
    top: "#a9cfd8",
    low: "#fbe3c6",
    far: "#a9b9ac",
    near: "#7f9a86",
    ground: "#d8c7a3",
    sea: "#7fb4bb",
    lit: false,
  },
  day: {
    top: "#6fb0cf",
    low: "#dff0f0",
    far: "#9fb8a2",
    near: "#6f9470",
    ground: "#c9bd94",
    sea: "#3f93a5",
    lit: false,
  },
  dusk: {
    top: "#1d4557",
    low: "#f0ad70",
    far: "#4f6a6c",
    near: "#23494d",
    ground: "#5d5448",
    sea: "#2d6a72",
    lit: true,
  },
  night: {
    top: "#0b1726",
    low: "#38536b",
    far: "#22374a",
    near: "#14283a",
    ground: "#20262c",
    sea: "#15364a",
    lit: true,
  },
};
const OTHER_HOUR = { morning: "dusk", day: "dusk", dusk: "morning", night: "day" };

/** The pictures of a listing, as functions, in the order of the texts. */
export const pictures = ({ kind, bedrooms, scene }) => [
  () => exterior({ ...scene, kind }),
  () => exterior({ ...scene, kind, sky: OTHER_HOUR[scene.sky], isWide: true }),
  () => interior(scene),
  () => plan({ bedrooms, seed: scene.seed }),
];

/** The picture at the top of the page: taller than wide, for its arch. */
export function cover() {
  const picture = exterior({ kind: "chalet", sky: "dusk", view: "sea", seed: 21 });
  picture.setAttribute("viewBox", "120 0 256 320");
  return picture;
}

function exterior({ kind, sky, view, seed, isWide = false }) {
  const palette = SKIES[sky];
  const random = createRandom(seed);
  const picture = drawing(480, 320);
  const paint = backdrop(picture, palette, view, random, 214);
  const home = drawHome(kind, { palette, random, glass: paint.glass });
  const group = svg("g", isWide ? { transform: "translate(70 62) scale(.76)" } : {}, ...home);
  picture.append(svg("path", { d: "M0 236C120 228 320 232 480 226V320H0Z", fill: palette.ground }), group);
  const tree = palette.lit ? "#0d2327" : "#3d6650";
  picture.append(
    palm(58 + random() * 16, 268, 84 + random() * 26, tree),
    palm(424 + random() * 20, 272, 70 + random() * 30, tree),
  );
  if (isWide) picture.append(palm(392, 286, 112, tree), palm(20, 280, 60, tree));
  return picture;
}

/** The sky, and what lies behind the house. Returns the paint of windows. */
function backdrop(picture, palette, view, random, horizon) {
  const sky = gradient(picture, [palette.top, palette.low]);
  const glass = palette.lit ? gradient(picture, ["#ffe3a8", "#f3a95e"]) : gradient(picture, ["#8fb7c1", "#4f7f8d"]);
  picture.append(svg("rect", { width: 480, height: 320, fill: sky }));
  const x = 90 + random() * 300;
  if (palette.low === SKIES.night.low) picture.append(svg("circle", { cx: x, cy: 58, r: 13, fill: "#f3ead2" }));
  else
    picture.append(
      svg("circle", { cx: x, cy: horizon - 18, r: 190, fill: halo(picture, "#ffe9bf") }),
      svg("circle", { cx: x, cy: horizon - 22, r: palette.lit ? 15 : 0, fill: "#fff0cf" }),
    );
  if (view === "city") skyline(picture, palette, random, horizon);
  else
    picture.append(
      svg("path", {
        d: `M0 ${horizon - 26}C70 ${horizon - 64} 130 ${horizon - 20} 210 ${horizon - 34}S360 ${horizon - 74} 480 ${horizon - 28}V320H0Z`,
        fill: palette.far,
      }),
    );
  if (view === "hills")
    picture.append(
      svg("path", {
        d: `M0 ${horizon - 4}C110 ${horizon - 48} 170 ${horizon + 4} 260 ${horizon - 12}S410 ${horizon - 40} 480 ${horizon - 6}V320H0Z`,
        fill: palette.near,
      }),
    );
  if (view === "sea") sea(picture, palette, random, horizon);
  return { glass };
}

function sea(picture, palette, random, horizon) {
  const water = gradient(picture, [palette.low, palette.sea]);
  picture.append(svg("rect", { y: horizon - 14, width: 480, height: 60, fill: water }));
  for (let line = 0; line < 12; line += 1)
    picture.append(
      svg("rect", {
        x: random() * 460,
        y: horizon - 8 + random() * 26,
        width: 20 + random() * 50,
        height: 1.6,
        rx: 0.8,
        fill: "#fff",
        opacity: 0.12 + random() * 0.3,
      }),
    );
}

function skyline(picture, palette, random, horizon) {
  for (let x = -10; x < 480;) {
    const width = 22 + random() * 34;
    const height = 26 + random() * 96;
    picture.append(
      svg("rect", {
        x,
        y: horizon - height,
        width,
        height: height + 60,
        fill: random() > 0.5 ? palette.far : palette.near,
        opacity: 0.75,
      }),
    );
    if (palette.lit)
      for (let count = 0; count < 5; count += 1)
        picture.append(
          svg("rect", {
            x: x + 4 + random() * (width - 9),
            y: horizon - height + 8 + random() * (height - 10),
            width: 3,
            height: 4,
            fill: "#ffd88f",
            opacity: 0.8,
          }),
        );
    x += width - 2 + random() * 6;
  }
}

function interior({ sky, view, seed }) {
  const palette = SKIES[sky];
  const random = createRandom(seed + 1);
  const tone = ["#e9dfcf", "#e3e2d8", "#ead9c8"][seed % 3];
  const accent = ["#0b5d56", "#9a5b1d", "#4d5f7a"][seed % 3];
  const picture = drawing(480, 320);
  backdrop(picture, palette, view, random, 190);
  // The walls around the window.
  picture.append(
    svg("path", { d: "M0 0H480V320H0ZM120 48V214H432V48Z", "fill-rule": "evenodd", fill: tone }),
    svg("path", { d: "M0 236H480V320H0Z", fill: "#b08a63" }),
    svg("path", {
      d: "M0 262H480M0 290H480M60 236 10 320M180 236 150 320M300 236 316 320M420 236 470 320",
      stroke: "#8a6846",
      "stroke-opacity": 0.45,
    }),
    svg("path", {
      d: "M120 48H432V214H120ZM224 48V214M328 48V214",
      fill: "none",
      stroke: "#3b3a35",
      "stroke-width": 4,
    }),
    svg("path", {
      d: "M92 40h26v186H84c8-60 10-120 8-186ZM434 40h26c-2 66 0 126 8 186h-34Z",
      fill: "#fff",
      opacity: 0.72,
    }),
    svg("ellipse", { cx: 260, cy: 288, rx: 176, ry: 22, fill: "#e8dcc6", opacity: 0.85 }),
  );
  // Sofa, table, lamp, picture and plant.
  picture.append(
    svg("rect", { x: 150, y: 206, width: 190, height: 44, rx: 12, fill: accent }),
    svg("rect", { x: 138, y: 226, width: 30, height: 46, rx: 10, fill: accent }),
    svg("rect", { x: 322, y: 226, width: 30, height: 46, rx: 10, fill: accent }),
    svg("rect", { x: 164, y: 238, width: 162, height: 32, rx: 8, fill: "#fff", opacity: 0.14 }),
    svg("rect", { x: 178, y: 214, width: 34, height: 30, rx: 7, fill: "#f2e6cf", transform: "rotate(-8 195 229)" }),
    svg("ellipse", { cx: 262, cy: 284, rx: 50, ry: 9, fill: "#4a3524" }),
    svg("path", { d: "M262 284v16", stroke: "#4a3524", "stroke-width": 5 }),
    svg("path", { d: "M276 0V66", stroke: "#3b3a35", "stroke-width": 2 }),
    svg("path", { d: "M248 88a28 24 0 0 1 56 0Z", fill: "#2f2e2a" }),
    svg("ellipse", { cx: 276, cy: 88, rx: 28, ry: 4, fill: "#ffe2a6" }),
    svg("rect", { x: 26, y: 84, width: 44, height: 58, fill: "#fff" }),
    svg("circle", { cx: 48, cy: 108, r: 12, fill: accent, opacity: 0.7 }),
    svg("path", { d: "M30 130q18-14 36 0", stroke: "#c98d4d", "stroke-width": 4, fill: "none" }),
    svg("path", { d: "M424 284l4-30h28l4 30Z", fill: "#f4efe6" }),
    ...[-46, -22, 2, 26, 48].map((angle) =>
      svg("path", {
        d: "M442 256C430 222 430 200 442 178C454 200 454 222 442 256Z",
        fill: "#3d6650",
        transform: `rotate(${angle} 442 256)`,
      }),
    ),
  );
  return picture;
}

/** Rooms by halving a rectangle, with doors in the walls between them. */
function plan({ bedrooms, seed }) {
  const random = createRandom(seed + 2);
  const picture = drawing(480, 320);
  picture.append(svg("rect", { width: 480, height: 320, fill: "#123f45" }));
  for (let at = 0; at <= 480; at += 40)
    picture.append(svg("path", { d: `M${at} 0V320M0 ${at}H480`, stroke: "#fff", "stroke-opacity": 0.06 }));
  const rooms = [{ x: 60, y: 40, width: 360, height: 240 }];
  const walls = [];
  while (rooms.length < bedrooms + 4) {
    rooms.sort((one, other) => other.width * other.height - one.width * one.height);
    const { x, y, width, height } = rooms.shift();
    const share = 0.4 + random() * 0.2;
    if (width > height) {
      const cut = Math.round((width * share) / 10) * 10;
      rooms.push({ x, y, width: cut, height }, { x: x + cut, y, width: width - cut, height });
      walls.push([x + cut, y, x + cut, y + height]);
    } else {
      const cut = Math.round((height * share) / 10) * 10;
      rooms.push({ x, y, width, height: cut }, { x, y: y + cut, width, height: height - cut });
      walls.push([x, y + cut, x + width, y + cut]);
    }
  }
  rooms.forEach(({ x, y, width, height }, index) => {
    const isWet = index >= rooms.length - 2;
    picture.append(svg("rect", { x, y, width, height, fill: isWet ? "#2f7f82" : index === 0 ? "#2a5a58" : "#1d545a" }));
    if (!isWet && index > 0)
      picture.append(
        svg("rect", {
          x: x + width / 2 - 16,
          y: y + 10,
          width: 32,
          height: 26,
          rx: 3,
          fill: "none",
          stroke: "#9cc9bf",
          "stroke-width": 1.5,
        }),
        svg("path", { d: `M${x + width / 2 - 16} ${y + 18}h32`, stroke: "#9cc9bf", "stroke-width": 1.5 }),
      );
  });
  const line = { fill: "none", stroke: "#e8f1ec", "stroke-width": 5, "stroke-linecap": "square" };
  picture.append(svg("rect", { x: 60, y: 40, width: 360, height: 240, ...line }));
  for (const [x1, y1, x2, y2] of walls) {
    const isVertical = x1 === x2;
    const door = 0.25 + random() * 0.4;
    const [dx, dy] = [(x2 - x1) * door, (y2 - y1) * door];
    const gap = 26;
    picture.append(
      svg("path", {
        d: `M${x1} ${y1}L${x1 + dx} ${y1 + dy}M${x1 + dx + (isVertical ? 0 : gap)} ${y1 + dy + (isVertical ? gap : 0)}L${x2} ${y2}`,
        ...line,
      }),
    );
  }
  picture.append(svg("path", { d: "M120 280h70M280 40h80M420 100v70", stroke: "#8fe0d2", "stroke-width": 5 }));
  return picture;
}
