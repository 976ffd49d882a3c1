const sdk = require("icloud-ready");
const slim = require("icloud-ready/slim");
const { validateLead } = require("icloud-ready/validation");
const { readFileSync } = require("node:fs");

const wasm = readFileSync(require.resolve("icloud-ready/icloud-ready.wasm"));
import("./scenario.mjs")
  .then(({ scenario }) => scenario({ sdk, slim, wasm, validateLead }, JSON.parse(process.argv[2])))
  .then((report) => console.log(JSON.stringify(report)));
