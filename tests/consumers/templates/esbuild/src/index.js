import * as sdk from "icloud-ready";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "../scenario.mjs";

globalThis.run = (settings) => scenario({ sdk, validateLead }, settings);
