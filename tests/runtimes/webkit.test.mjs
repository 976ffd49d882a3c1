// The package in WebKitGTK's MiniBrowser, on a display of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before } from "node:test";
import { browserCells } from "./support/browser-cells.mjs";
import { start } from "./support/webdriver.mjs";

const architecture = { x64: "x86_64", arm64: "aarch64" }[process.arch];
const binary = `/usr/lib/${architecture}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;
let display;
let browser;
before(async () => {
  // It prints the number of the display that it took.
  display = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await once(display.stdout, "data");
  const capabilities = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
  browser = await start("WebKitWebDriver", capabilities, { DISPLAY: `:${number}`.trim() });
  await browser.patience(200_000);
});
after(async () => {
  await browser?.close();
  display?.kill();
});

browserCells("WebKitGTK", async (_test, url) => {
  await browser.open(url);
  const script = `
    const [place, given, done] = arguments;
    const begin = () => (globalThis.cell ? done(cell[place](...given)) : setTimeout(begin, 50));
    begin();`;
  return (place, ...given) => browser.run(script, [place, given]);
});
