// The side effects of importing the package and constructing clients, and then of loading.

import { count } from "./counts.mjs";

const counts = count();
const [{ ICloudReady, preload }, slim] = await Promise.all(
  ["icloud-ready", "icloud-ready/slim", "icloud-ready/validation"].map((name) => import(name)),
);
new ICloudReady({ accessToken: "token" }).withOptions({ strict: true }).leads.list();
new slim.ICloudReady({ accessToken: "token", wasm: new URL("https://example.com/none.wasm") });
const before = { ...counts };
await Promise.all([preload(), preload()]);
// Servers compile it synchronously.
const compiled = (counts.compile ?? 0) + (counts.Module ?? 0) || undefined;
console.log(JSON.stringify({ before, compiled }));
