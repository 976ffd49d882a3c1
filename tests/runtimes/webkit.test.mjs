// The package in WebKitGTK.

import { browserCells } from "./support/browser-cells.mjs";
import { useWebKit } from "./support/webkit.mjs";

const browser = useWebKit();

browserCells("WebKitGTK", async (_test, url) => {
  await browser().open(url);
  const script = `
    const [place, given, done] = arguments;
    const begin = () => (globalThis.cell ? done(cell[place](...given)) : setTimeout(begin, 50));
    begin();`;
  return (place, ...given) => browser().run(script, [place, given]);
});
