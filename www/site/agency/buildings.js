// The houses, by kind, on a ground of 480 × 320 whose front is at 262.

import { svg } from "./drawing.js";

const rect = (x, y, width, height, fill, more = {}) => svg("rect", { x, y, width, height, fill, ...more });

/** The elements of a house. `glass` is the paint of its windows. */
export function drawHome(kind, { palette, random, glass }) {
  const light = palette.lit ? "#d9c7ab" : "#f7f1e5";
  const wall = palette.lit ? "#b5a488" : "#ebe1cf";
  const shade = palette.lit ? "#786d5e" : "#c9bca6";
  const wood = palette.lit ? "#5c3f28" : "#a87648";
  const ink = palette.lit ? "#2e251b" : "#5d5648";
  const paint = { light, wall, shade, wood, ink, glass, random, water: palette.lit ? "#3d8f93" : "#6cc3c8" };
  return HOMES[kind](paint);
}

const HOMES = {
  villa: ({ light, wall, shade, wood, ink, glass, water }) => [
    rect(96, 206, 268, 58, shade),
    rect(96, 206, 64, 58, wall),
    rect(172, 214, 112, 50, glass),
    rect(296, 214, 36, 50, wood),
    rect(84, 198, 296, 9, light),
    rect(138, 148, 178, 52, wall),
    rect(152, 158, 84, 42, glass),
    rect(246, 156, 56, 44, wood),
    ...Array.from({ length: 7 }, (_, index) => rect(250 + index * 7.4, 156, 1.6, 44, ink, { opacity: 0.6 })),
    rect(126, 139, 206, 10, light),
    rect(140, 186, 104, 14, "#dff2ee", { opacity: 0.35 }),
    svg("path", {
      d: "M180 214v50M209 214v50M238 214v50M262 214v50M180 158v42M208 158v42",
      stroke: ink,
      "stroke-width": 1.6,
    }),
    rect(366, 206, 6, 58, light),
    svg("path", { d: "M150 276H352L392 304H118Z", fill: water }),
    svg("path", { d: "M150 276H352L356 279H146Z", fill: light }),
    svg("path", { d: "M184 286h60M220 293h90M170 298h50", stroke: "#fff", "stroke-opacity": 0.5, "stroke-width": 1.6 }),
  ],

  apartment: ({ light, wall, shade, wood, ink, glass, random }) => [
    rect(132, 74, 216, 190, wall),
    rect(286, 74, 62, 190, shade),
    rect(124, 66, 232, 10, light),
    ...Array.from({ length: 5 }, (_, floor) => {
      const y = 86 + floor * 35;
      const windows = [144, 192, 240, 296].flatMap((x, index) =>
        floor === 4 && index === 2
          ? [rect(x, y + 2, 26, 40, wood)]
          : [
              rect(x, y, index === 3 ? 40 : 34, 23, random() > 0.2 ? glass : ink, { rx: 1 }),
              rect(x + 16, y, 1.6, 23, ink),
            ],
      );
      return [
        ...windows,
        ...(floor < 4
          ? [rect(136, y + 24, 146, 3.4, light), rect(136, y + 15, 100, 9, "#e7f3f0", { opacity: 0.4 })]
          : []),
      ];
    }).flat(),
    ...[150, 170, 196].map((x) => svg("circle", { cx: x, cy: 62, r: 8, fill: "#55795d" })),
    ...[110, 360, 376].map((x) => svg("circle", { cx: x, cy: 258, r: 13, fill: "#4f7358" })),
  ],

  townhouse: ({ light, wall, shade, wood, ink, glass }) =>
    [wall, light, shade].flatMap((color, index) => {
      const x = 96 + index * 98;
      const top = [138, 122, 132][index];
      return [
        rect(x, top, 96, 264 - top, color),
        rect(x - 2, top - 6, 100, 7, index === 1 ? wall : light),
        ...[x + 14, x + 54].map((left) => rect(left, top + 18, 28, 34, glass, { rx: 1 })),
        ...[x + 14, x + 54].map((left) =>
          svg("path", { d: `M${left + 14} ${top + 18}v34M${left} ${top + 34}h28`, stroke: ink, "stroke-width": 1.4 }),
        ),
        rect(x + 8, top + 56, 80, 3, ink, { opacity: 0.4 }),
        svg("path", { d: `M${x + 14} 264v-38a15 15 0 0 1 30 0v38Z`, fill: wood }),
        rect(x + 54, 216, 30, 26, glass, { rx: 1 }),
        svg("path", { d: `M${x + 50} 246h38v5h-38Z`, fill: "#55795d" }),
      ];
    }),

  tower: ({ light, wall, shade, ink, glass, random }) => [
    rect(188, 34, 104, 230, wall),
    rect(258, 34, 34, 230, shade),
    rect(204, 18, 62, 18, light),
    rect(198, 30, 84, 5, light),
    ...Array.from({ length: 13 }, (_, floor) => {
      const y = 44 + floor * 16.6;
      return [
        ...[196, 216, 236].map((x) => rect(x, y, 16, 10, random() > 0.22 ? glass : ink)),
        rect(264, y, 22, 10, random() > 0.4 ? glass : ink, { opacity: 0.85 }),
        rect(188, y + 12, 104, 1.6, light, { opacity: 0.8 }),
      ];
    }).flat(),
    rect(166, 236, 150, 28, shade),
    rect(178, 243, 126, 21, glass),
    svg("path", { d: "M204 243v21M230 243v21M256 243v21M282 243v21", stroke: ink, "stroke-width": 1.4 }),
    ...[210, 224, 252].map((x) => svg("circle", { cx: x, cy: 17, r: 6, fill: "#55795d" })),
  ],

  chalet: ({ light, wall, shade, wood, glass }) => [
    svg("path", { d: "M104 264v-56a52 48 0 0 1 104 0v56Z", fill: light }),
    svg("path", { d: "M194 264v-76a62 58 0 0 1 124 0v76Z", fill: wall }),
    svg("path", { d: "M296 264v-50a44 42 0 0 1 88 0v50Z", fill: light }),
    svg("path", { d: "M318 264v-76a62 58 0 0 0-20-42c30 6 34 30 34 60v58Z", fill: shade, opacity: 0.5 }),
    svg("path", { d: "M226 264v-50a30 30 0 0 1 60 0v50Z", fill: glass }),
    svg("path", { d: "M256 184v80M226 220h60", stroke: wood, "stroke-width": 2.4 }),
    svg("path", { d: "M134 264v-32a20 20 0 0 1 40 0v32Z", fill: wood }),
    svg("path", { d: "M328 246v-18a14 14 0 0 1 28 0v18Z", fill: glass }),
    svg("path", { d: "M92 264V222M92 224 208 216", stroke: wood, "stroke-width": 3.4 }),
    svg("path", { d: "M88 222 206 212v6L88 228Z", fill: light, opacity: 0.9 }),
    svg("path", { d: "M384 264v-22h40v22", stroke: wood, "stroke-width": 3, fill: "none" }),
  ],
};
