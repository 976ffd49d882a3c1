// A forwarder as a script of Node.js, Deno or Bun; says where it serves.

import process from "node:process";
import { serve } from "icloud-ready/forwarder/node";

const { url } = await serve(JSON.parse(process.argv[2]));
console.log(url);
