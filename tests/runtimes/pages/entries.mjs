// The package's entry points as a page without a bundler imports them.

import * as sdk from "/icloud-ready/runtime/browser.js";
import * as slim from "/icloud-ready/dist/slim.js";
import { validateLead } from "/icloud-ready/runtime/validation-browser.js";

const wasm = new URL("/icloud-ready/icloud-ready.wasm", location.href);
export const entries = { sdk, slim, wasm, validateLead };
