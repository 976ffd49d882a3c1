// A forwarder as a script of Node.js, Deno or Bun; prints its URL.

import process from "node:process";
import { serve } from "icloud-ready/forwarder/node";
import { googleLeadForms, metaLeadAds } from "icloud-ready/forwarder/sources";

const { meta, google, ...config } = JSON.parse(process.argv[2]);
const sources = meta && { meta: metaLeadAds(meta), google: googleLeadForms(google) };
const { url, close } = await serve({ ...config, sources });
process.once("SIGTERM", async () => {
  await close();
  console.log("closed");
  process.exit(0);
});
console.log(url);
