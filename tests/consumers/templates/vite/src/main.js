import * as sdk from "icloud-ready";
import * as slim from "icloud-ready/slim";
import { validateLead } from "icloud-ready/validation";
import address from "icloud-ready/icloud-ready.wasm?url";
import { scenario } from "../scenario.mjs";

const wasm = new URL(address, location.href);
globalThis.run = (settings) => scenario({ sdk, slim, wasm, validateLead }, settings);
