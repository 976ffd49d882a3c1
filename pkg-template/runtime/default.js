// A runtime that nobody named: by URL where that works, else from the script itself.
export * from "./browser.js";
