import { createClient } from "@supabase/supabase-js";

export default function connect({ baseURL, token, fetch }) {
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  // Node.js before 22 has no WebSocket, which this bench never opens.
  const client = createClient(baseURL, token, { auth, global: { fetch }, realtime: { transport: class {} } });
  const unwrap = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    create: async (lead) => unwrap(await client.from("leads").insert(lead).select().single()),
    list: async (limit) => unwrap(await client.from("leads").select().limit(limit)).data,
  };
}
