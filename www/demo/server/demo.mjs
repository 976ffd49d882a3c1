// The demo: pages, a forwarder, and an API for the demo's page that reads the state and causes outages.

import { randomBytes } from "node:crypto";
import { API_KEY, ORGANIZATION } from "../../../tools/sandbox.mjs";
import { serve } from "../../server.mjs";
import { createApi } from "./api.mjs";
import { sendFirstLead } from "./first-lead.mjs";
import { ForwarderProcess } from "./forwarder-process.mjs";

/** The source of the sandbox's simulated Meta, with the secrets that it has at first. */
const META = (api) => ({
  kind: "metaLeadAds",
  appSecret: "sandbox-app-secret",
  verifyToken: "demo",
  accessToken: "sandbox-page-token",
  version: "v26.0",
  graphURL: new URL("/graph", api).href,
  country: "EG",
});

const newToken = () => randomBytes(24).toString("base64url");

/**
 * Starts the demo in front of a sandbox and returns its URLs and `close`. `url` has the token that the API requires
 * behind `#`, which browsers never send. `folder` keeps the outbox.
 */
export async function startDemo({ api, control, folder, port = 0 }) {
  const adminToken = newToken();
  const token = newToken();
  let forwarder;
  const site = await serve({
    port,
    async forwarder(origin) {
      const config = {
        crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: api },
        origins: [origin],
        adminToken,
        // All visitors of the demo have one address.
        rate: { perMinute: 600, burst: 600 },
        // Shorter than by default: the reader is watching.
        reconcileDelays: [2_000, 4_000],
        sources: { meta: META(api) },
      };
      forwarder = new ForwarderProcess({ config, folder });
      await forwarder.start();
      return `${forwarder.url}/leads`;
    },
    api: (request) => answer(request),
  });
  await sendFirstLead(`${forwarder.url}/leads`, site.origin);
  const answer = createApi({ origin: site.origin, token, adminToken, control, forwarder });
  return {
    origin: site.origin,
    url: `${site.origin}/#${token}`,
    token,
    forwarder: forwarder.url,
    async close() {
      await site.close();
      await forwarder.kill();
    },
  };
}
