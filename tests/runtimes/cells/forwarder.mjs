// A forwarder as a script of Node.js, Deno or Bun; says where it serves.

import process from "node:process";
import { serve } from "icloud-ready/forwarder/node";

const { url, close } = await serve(JSON.parse(process.argv[2]));
process.once("SIGTERM", async () => {
  await close();
  console.log("closed");
  process.exit(0);
});
console.log(url);
