import Cloudflare from "cloudflare";

export default function connect({ baseURL, token, fetch }) {
  const client = new Cloudflare({ apiToken: token, baseURL, fetch });
  return {
    create: (lead) => client.post("/leads", { body: lead }),
    list: async (limit) => (await client.get("/leads", { query: { limit } })).data,
  };
}
