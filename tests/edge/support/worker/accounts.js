// One Worker for two accounts: each has its own path and outbox.
import { createForwarder } from "icloud-ready/forwarder";

export { LeadOutbox } from "icloud-ready/forwarder/cloudflare";

const shared = {
  origins: ({ CONFIG }) => CONFIG.origins,
  rate: { perMinute: 1_000, burst: 1_000 },
  reconcileDelays: [200, 400],
};
const account = (name) =>
  createForwarder({ ...shared, outbox: name, path: `/${name}/leads`, crm: ({ CONFIG }) => CONFIG[name] });
const accounts = ["cairo", "dubai"].map((name) => ({ name, ...account(name) }));

export default {
  fetch: (request, env, context) =>
    accounts.find(({ name }) => new URL(request.url).pathname.startsWith(`/${name}/`)).fetch(request, env, context),
};
