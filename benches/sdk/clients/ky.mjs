import ky from "ky";

export default function connect({ baseURL, token, fetch }) {
  const client = ky.create({ prefix: baseURL, headers: { authorization: `Bearer ${token}` }, fetch });
  return {
    create: (lead) => client.post("leads", { json: lead }).json(),
    list: async (limit) => (await client.get("leads", { searchParams: { limit } }).json()).data,
  };
}
