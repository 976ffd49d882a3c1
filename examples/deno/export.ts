// Exports all leads as JSON, one per line, the most recent first.

import { ICloudReady } from "icloud-ready";

const crm = ICloudReady.fromEnv(Deno.env.toObject());
for await (const lead of crm.leads.list({ limit: 100 })) console.log(JSON.stringify(lead));
