// The scenario as a Worker in workerd, whose request contains the settings.

import * as sdk from "icloud-ready";
import wasm from "icloud-ready/icloud-ready.wasm";
import * as slim from "icloud-ready/slim";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "./scenario.mjs";

export default {
  async fetch(request) {
    return Response.json(await scenario({ sdk, slim, wasm, validateLead }, await request.json()));
  },
};
