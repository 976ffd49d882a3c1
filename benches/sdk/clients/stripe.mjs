// Its raw requests, for endpoints without a method.
import Stripe from "stripe";

export default function connect({ baseURL, token, fetch }) {
  const { protocol, hostname: host, port } = new URL(baseURL);
  const httpClient = Stripe.createFetchHttpClient(fetch);
  const client = new Stripe(token, { httpClient, protocol: protocol.slice(0, -1), host, port, telemetry: false });
  return {
    // Below /v2 it sends JSON.
    create: (lead) => client.rawRequest("POST", "/v2/leads", lead),
    list: async (limit) => (await client.rawRequest("GET", `/v2/leads?limit=${limit}`)).data,
  };
}
