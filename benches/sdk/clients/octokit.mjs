import { Octokit } from "@octokit/core";

export default function connect({ baseURL, token, fetch }) {
  const client = new Octokit({ auth: token, baseUrl: baseURL, request: { fetch } });
  return {
    create: async (lead) => (await client.request("POST /leads", lead)).data,
    list: async (limit) => (await client.request("GET /leads", { limit })).data.data,
  };
}
