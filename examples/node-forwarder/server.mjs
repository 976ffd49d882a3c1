// A forwarder on Node.js, Bun or Deno: settings from the environment, leads in a SQLite file.
import { serve } from "icloud-ready/forwarder/node";

const server = await serve({
  crm: (env) => ({
    apiKey: env.ICLOUDREADY_API_KEY,
    organizationId: env.ICLOUDREADY_ORGANIZATION_ID,
    baseURL: env.ICLOUDREADY_BASE_URL,
  }),
  origins: (env) => (env.ORIGINS ?? "").split(" ").filter(Boolean),
  // Behind a proxy: how many there are that append to the header, else all visitors share one limit.
  clientAddress: (env) =>
    env.PROXIES ? { header: "x-forwarded-for", trustedProxies: Number(env.PROXIES) } : undefined,
  adminToken: (env) => env.ADMIN_TOKEN,
  file: process.env.OUTBOX ?? "outbox.sqlite",
  port: Number(process.env.PORT ?? 8787),
});
console.log(`leads are taken at ${server.url}/leads`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
