import * as sdk from "icloud-ready";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "../scenario.mjs";

scenario({ sdk, validateLead }, JSON.parse(process.argv[2])).then((report) => console.log(JSON.stringify(report)));
