// Brings the wasm along.
import "../forwarder-node.js";

export { serve } from "../../dist/forwarder/node.js";
