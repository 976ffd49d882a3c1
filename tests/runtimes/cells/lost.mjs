// A lead whose response is lost, on a connection that was used before.

import process from "node:process";
import { ICloudReady } from "icloud-ready";

const crm = new ICloudReady(JSON.parse(process.argv[2]));
const create = (firstName) => crm.leads.create({ leadInformation: { firstName, phone: "+201001234567" } });
await create("Ahmed");
await crm.leads.list();
const { code, ambiguous } = await create("Mona").catch((error) => error);
console.log(JSON.stringify({ code, ambiguous }));
