// Its typed methods, which send form data: the flat members of a lead as metadata.
import Stripe from "stripe";

export default function connect({ baseURL, token, fetch }) {
  const { protocol, hostname: host, port } = new URL(baseURL);
  const httpClient = Stripe.createFetchHttpClient(fetch);
  const client = new Stripe(token, { httpClient, protocol: protocol.slice(0, -1), host, port, telemetry: false });
  return {
    create: ({ leadInformation, description, ...metadata }) => {
      const { firstName, phone, email } = leadInformation;
      return client.customers.create({ name: firstName, phone, email, description, metadata });
    },
    list: async (limit) => (await client.customers.list({ limit })).data,
  };
}
