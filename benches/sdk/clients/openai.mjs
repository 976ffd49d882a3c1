import OpenAI from "openai";

export default function connect({ baseURL, token, fetch }) {
  const client = new OpenAI({ apiKey: token, baseURL, fetch });
  return {
    create: (lead) => client.post("/leads", { body: lead }),
    list: async (limit) => (await client.get("/leads", { query: { limit } })).data,
  };
}
