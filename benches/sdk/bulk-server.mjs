// A CRM that accepts every lead, in a separate process: prints its URL.
import { createServer } from "node:http";
import { RECORD } from "./lead.mjs";

const { leadInformation } = JSON.parse(RECORD);
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { customField } = JSON.parse(Buffer.concat(chunks));
  const body = JSON.stringify({ _id: "6".repeat(24), leadInformation, customField });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit()).resume();
