// Pictures of the form: where they are stored, how two are compared, and sheets of many.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const golden = join(root, "tests/browser/golden/pictures");

/** Where the pictures of this run and their sheets are. */
const output = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "lead-form-pictures");

/** The fonts of all pictures: a package each, its family and its script. */
const FONTS = [
  { name: "@fontsource/noto-sans", family: "Pinned", script: "latin" },
  { name: "@fontsource/noto-sans-arabic", family: "Pinned Arabic", script: "arabic" },
];
const WEIGHTS = [400, 600];

/** What a picture depends on apart from the form: the browser's major version and those of the fonts. */
export async function environmentOf(page) {
  const versions = await Promise.all(
    FONTS.map(async ({ name }) => [name, JSON.parse(await readFile(fontFile(name, "package.json"), "utf8")).version]),
  );
  const chromium = page.context().browser().version().split(".")[0];
  return JSON.stringify({ chromium, fonts: Object.fromEntries(versions) });
}

const fontFile = (name, path) => join(root, "tests/browser/node_modules", name, path);

/** The style sheet of a page with these fonts alone. */
export async function fontStyles() {
  const faces = FONTS.flatMap(({ name, family, script }) =>
    WEIGHTS.map(async (weight) => {
      const file = `files/${name.split("/")[1]}-${script}-${weight}-normal.woff2`;
      const font = await readFile(fontFile(name, file), "base64");
      return `@font-face { font-family: "${family}"; font-weight: ${weight}; src: url(data:font/woff2;base64,${font}) }`;
    }),
  );
  const families = FONTS.map(({ family }) => `"${family}"`).join(", ");
  return `${(await Promise.all(faces)).join("\n")} body { font-family: ${families}, sans-serif }`;
}

/** Fonts are loaded when they are first used: a picture must not show a text without its font. */
export const loadFonts = (page) => page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())));

const ENVIRONMENT = join(golden, "environment.json");

/** Whether the stored pictures are of this environment. */
export async function isComparable(environment) {
  return (await readFile(ENVIRONMENT, "utf8").catch(() => "")).trim() === environment;
}

/** Stores these pictures instead of all others. */
export async function store(pictures, environment) {
  await rm(golden, { recursive: true });
  await writeAll(golden, pictures);
  await writeFile(ENVIRONMENT, `${environment}\n`);
}

async function writeAll(folder, pictures) {
  await mkdir(folder, { recursive: true });
  for (const [name, picture] of pictures) await writeFile(join(folder, `${name}.png`), picture);
}

/** The stored picture, if there is one. */
export const stored = (name) => readFile(join(golden, `${name}.png`)).catch(() => undefined);

/** The share of pixels that differ visibly; 1 if the sizes differ. */
export function difference(page, one, other) {
  return page.evaluate(
    async (pictures) => {
      const [first, second] = await Promise.all(
        pictures.map(async (picture) => {
          const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
          const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height);
        }),
      );
      if (first.width !== second.width || first.height !== second.height) return 1;
      let differing = 0;
      for (let index = 0; index < first.data.length; index += 4) {
        const channels = [0, 1, 2].map((channel) =>
          Math.abs(first.data[index + channel] - second.data[index + channel]),
        );
        if (Math.max(...channels) > 24) differing += 1;
      }
      return differing / (first.data.length / 4);
    },
    [one, other].map((picture) => picture.toString("base64")),
  );
}

/** Writes this run's pictures and a sheet with all of them, to look at. Returns the sheet's path. */
export async function writeSheet(page, pictures) {
  await writeAll(output, pictures);
  const figures = [...pictures].map(
    ([name, picture]) =>
      `<figure><figcaption>${name}</figcaption><img src="data:image/png;base64,${picture.toString("base64")}"></figure>`,
  );
  await page.setViewportSize({ width: 2000, height: 1000 });
  await page.setContent(
    `<style>body { display: flex; flex-wrap: wrap; gap: 8px; font: 12px sans-serif } figure { margin: 0 } img { max-width: 480px }</style>${figures.join("")}`,
  );
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  const path = join(output, "sheet.png");
  await page.screenshot({ path, fullPage: true });
  return path;
}
