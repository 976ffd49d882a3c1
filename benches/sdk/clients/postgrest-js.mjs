import { PostgrestClient } from "@supabase/postgrest-js";

export default function connect({ baseURL, token, fetch }) {
  const client = new PostgrestClient(baseURL, { headers: { authorization: `Bearer ${token}` }, fetch });
  const unwrap = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    create: async (lead) => unwrap(await client.from("leads").insert(lead).select().single()),
    list: async (limit) => unwrap(await client.from("leads").select().limit(limit)).data,
  };
}
