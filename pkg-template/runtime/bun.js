// Bun reads files as Node.js does.
export * from "./node.js";
