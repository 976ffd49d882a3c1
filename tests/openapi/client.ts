// A client that openapi-fetch creates from the document's types, as a user would write it.

import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

const [baseUrl = "", token = ""] = process.argv.slice(2);
const crm = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });

function expect<T>(value: T | undefined, error: unknown): T {
  if (value === undefined) throw new Error(`no data: ${JSON.stringify(error)}`);
  return value;
}

const lead: components["schemas"]["NewLead"] = {
  leadInformation: { firstName: "Mona", phone: "+201001234567", address: { city: "Cairo" } },
  leadRating: 4,
  interests: ["villa"],
};
const created = await crm.POST("/leads", { body: lead });
const { _id } = expect(created.data, created.error);

const retrieved = await crm.GET("/leads/{id}", { params: { path: { id: _id } } });
const city: string | null | undefined = retrieved.data?.leadInformation?.address?.city;

await crm.PATCH("/leads/{id}", { params: { path: { id: _id } }, body: { region: null, leadRating: 5 } });
await crm.POST("/leads/{leadId}/notes", { params: { path: { leadId: _id } }, body: { text: "Called" } });
const { data: leads = [] } = await crm.GET("/leads", { params: { query: { limit: 10, sortBy: "createdAt" } } });
const deleted = await crm.DELETE("/leads/deleted/{id}", { params: { path: { id: _id } }, parseAs: "text" });

// @ts-expect-error a lead has a first name and a telephone number
await crm.POST("/leads", { body: { leadInformation: { lastName: "Saleh" } } }).catch(() => {});
// @ts-expect-error unknown path
await crm.GET("/units").catch(() => {});

console.log(JSON.stringify({ city, count: Array.isArray(leads) ? leads.length : 0, deleted: deleted.response.status }));
