import createClient from "openapi-fetch";

export default function connect({ baseURL, token, fetch }) {
  const client = createClient({ baseUrl: baseURL, headers: { authorization: `Bearer ${token}` }, fetch });
  const unwrap = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    create: async (lead) => unwrap(await client.POST("/leads", { body: lead })),
    list: async (limit) => unwrap(await client.GET("/leads", { params: { query: { limit } } })).data,
  };
}
