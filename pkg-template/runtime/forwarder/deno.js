// Brings the wasm along.
import "../forwarder-deno.js";

export { serve } from "../../dist/forwarder/node.js";
