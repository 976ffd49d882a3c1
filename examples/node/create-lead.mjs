// Creates the lead of a JSON file and prints its id.
//
//   ICLOUDREADY_BASE_URL=… ICLOUDREADY_API_KEY=… ICLOUDREADY_ORGANIZATION_ID=… node create-lead.mjs lead.json

import { readFile } from "node:fs/promises";
import { ICloudReady } from "icloud-ready";

const crm = ICloudReady.fromEnv();
const lead = await crm.leads.create(JSON.parse(await readFile(process.argv[2], "utf8")));
console.log(lead._id);
