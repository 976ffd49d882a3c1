// The package in WebKitGTK.

import { browserCells } from "./support/browser-cells.mjs";
import { useWebKit } from "./support/webkit.mjs";

const browser = useWebKit();

browserCells("WebKitGTK", async (_test, url) => {
  await browser().open(url);
  const script = `
    const [place, args, done] = arguments;
    const begin = () => (globalThis.cell ? done(cell[place](...args)) : setTimeout(begin, 50));
    begin();`;
  return (place, ...args) => browser().run(script, [place, args]);
});
