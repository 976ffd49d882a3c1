const { readFileSync, writeFileSync } = require("node:fs");
const sdk = require("icloud-ready");
const slim = require("icloud-ready/slim");
const { validateLead } = require("icloud-ready/validation");
const { createForwarder } = require("icloud-ready/forwarder");
const { serve } = require("icloud-ready/forwarder/node");
const { scenario } = require("./scenario.cjs");

const settings = JSON.parse(readFileSync("settings.json", "utf8"));
const wasm = readFileSync(require.resolve("icloud-ready/icloud-ready.wasm"));

test("the scenario", async () => {
  expect([typeof createForwarder, typeof serve]).toEqual(["function", "function"]);
  writeFileSync("report.json", JSON.stringify(await scenario({ sdk, slim, wasm, validateLead }, settings)));
}, 250_000);
