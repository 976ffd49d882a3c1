// Brings the wasm along.
import "../forwarder-workerd.js";

export { LeadOutbox } from "../../dist/forwarder/cloudflare.js";
