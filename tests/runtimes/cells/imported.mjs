// What importing the package and making clients does, and then what loading does.

import { count } from "./counts.mjs";

const counts = count();
const [{ ICloudReady, preload }, slim] = await Promise.all(
  ["icloud-ready", "icloud-ready/slim", "icloud-ready/validation"].map((name) => import(name)),
);
new ICloudReady({ accessToken: "token" }).withOptions({ strict: true }).leads.list();
new slim.ICloudReady({ accessToken: "token", wasm: new URL("https://example.com/none.wasm") });
const before = { ...counts };
await Promise.all([preload(), preload()]);
console.log(JSON.stringify({ before, compiled: counts.compile }));
