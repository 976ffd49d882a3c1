// A forwarder on Node.js, Bun or Deno: settings from the environment, leads in a SQLite file. How to run it in
// production: README.md.
//
//   npm install icloud-ready        # and better-sqlite3 with Node.js before 22.13
//   ICLOUDREADY_API_KEY=… ICLOUDREADY_ORGANIZATION_ID=… ORIGINS=https://agency.example node server.mjs
//   curl -i localhost:8787/leads -H 'origin: https://agency.example' --data-urlencode 'leadInformation.firstName=Ahmed' \
//     --data-urlencode 'leadInformation.phone=+201001234567'
import { serve } from "icloud-ready/forwarder/node";

const server = await serve({
  crm: (env) => ({
    apiKey: env.ICLOUDREADY_API_KEY,
    organizationId: env.ICLOUDREADY_ORGANIZATION_ID,
    baseURL: env.ICLOUDREADY_BASE_URL,
  }),
  origins: (env) => (env.ORIGINS ?? "").split(" ").filter(Boolean),
  // Behind a proxy: the number of proxies that append to the header; otherwise all visitors share one limit.
  clientAddress: (env) =>
    env.PROXIES ? { header: "x-forwarded-for", trustedProxies: Number(env.PROXIES) } : undefined,
  adminToken: (env) => env.ADMIN_TOKEN,
  // Once after the file was restored from a copy.
  restored: process.env.RESTORED === "1",
  file: process.env.OUTBOX ?? "outbox.sqlite",
  host: process.env.HOST ?? "127.0.0.1",
  port: Number(process.env.PORT ?? 8787),
});
console.log(`leads are taken at ${server.url}/leads`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
