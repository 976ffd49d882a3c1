// Hand-written code, which is the baseline of the others.
export default function connect({ baseURL, token, fetch }) {
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  const send = async (path, init) => {
    const response = await fetch(baseURL + path, init);
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  };
  const withType = { ...headers, "content-type": "application/json" };
  return {
    create: (lead) => send("/leads", { method: "POST", headers: withType, body: JSON.stringify(lead) }),
    list: async (limit) => (await send(`/leads?limit=${limit}`, { headers })).data,
  };
}
