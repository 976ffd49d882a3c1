// The scenario as a script of Deno.

import * as sdk from "icloud-ready";
import source wasm from "icloud-ready/icloud-ready.wasm";
import * as slim from "icloud-ready/slim";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "./scenario.mjs";

console.log(JSON.stringify(await scenario({ sdk, slim, wasm, validateLead }, JSON.parse(Deno.args[0]))));
