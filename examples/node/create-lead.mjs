// Creates the lead of the vendor's guide and prints its id.
//
//   ICLOUDREADY_BASE_URL=… ICLOUDREADY_API_KEY=… ICLOUDREADY_ORGANIZATION_ID=… node create-lead.mjs
//
// In a project of your own: import { ICloudReady } from "icloud-ready";

import { readFile } from "node:fs/promises";
import { ICloudReady } from "../../pkg/runtime/node.js";

const sample = new URL("../../tests/fixtures/guide-lead.json", import.meta.url);
const crm = ICloudReady.fromEnv();
const lead = await crm.leads.create(JSON.parse(await readFile(sample, "utf8")));
console.log(lead._id);
