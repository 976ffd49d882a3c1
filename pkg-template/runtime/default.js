// An unknown runtime: load by URL where that works, otherwise from the script itself.
import { setUpServer } from "../dist/loader/server.js";

setUpServer();

export * from "./browser.js";
