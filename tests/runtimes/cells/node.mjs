// The scenario as a script of Node.js or Bun.

import { readFile } from "node:fs/promises";
import * as sdk from "icloud-ready";
import * as slim from "icloud-ready/slim";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "./scenario.mjs";

const wasm = readFile(new URL(import.meta.resolve("icloud-ready/icloud-ready.wasm")));
console.log(JSON.stringify(await scenario({ sdk, slim, wasm, validateLead }, JSON.parse(process.argv[2]))));
