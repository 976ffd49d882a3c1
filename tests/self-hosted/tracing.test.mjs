// The recipe for OpenTelemetry in docs/forwarder.md, with its packages and a collector.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../../tools/paths.mjs";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { ORIGIN, PERSON } from "../edge/support/requests.mjs";
import { freePort } from "../support/port.mjs";
import { folderOf, ids, responds, start, submit } from "./support/forwarder.mjs";

const GUIDE = fileURLToPath(new URL("../../docs/forwarder.md", import.meta.url));
const PACKAGES = fileURLToPath(new URL("node_modules/@opentelemetry", import.meta.url));

/** A trace of the page's. */
const [TRACE, PARENT] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];

/** The codes of OTLP: the kind of a client's span, and the status of a failed one. */
const [CLIENT, ERROR] = [3, 2];

/** A collector of spans: OTLP over HTTP, in JSON. */
async function startCollector(test) {
  const [bodies, spans] = [[], []];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    assert.deepEqual([request.method, request.url], ["POST", "/v1/traces"]);
    bodies.push(body);
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, resource })));
    response.setHeader("content-type", "application/json").end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  test.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, bodies, spans };
}

/** The blocks of code of the recipe, which follow the guide's heading. */
async function recipe() {
  const [, section] = (await readFile(GUIDE, "utf8")).split("\n### Traces\n");
  const blocks = [...section.split("\n### ")[0].matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  assert.equal(blocks.length, 2);
  return blocks;
}

test("each request to the CRM is a span of the page's trace, without personal data", async (test) => {
  const [sandbox, collector, folder] = [await startSandbox(test), await startCollector(test), await folderOf(test)];
  const [tracing, use] = await recipe();
  const port = await freePort();
  const file = join(folder, "outbox.sqlite");
  const config = { origins: [ORIGIN], clientAddress: "socket", reconcileDelays: [100], file, port };
  const constants = { apiKey: API_KEY, organizationId: ORGANIZATION, config };
  await writeFile(join(folder, "tracing.mjs"), tracing);
  await writeFile(
    join(folder, "server.mjs"),
    [
      'import { serve } from "icloud-ready/forwarder/node";',
      ...Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`),
      // The recipe sends to the real CRM.
      use.replace("organizationId,", `organizationId, baseURL: ${JSON.stringify(sandbox.url)},`),
    ].join("\n"),
  );
  await mkdir(join(folder, "node_modules"));
  await symlink(packageFolder, join(folder, "node_modules/icloud-ready"));
  await symlink(PACKAGES, join(folder, "node_modules/@opentelemetry"));
  const program = await start(test, process.execPath, ["server.mjs"], {
    cwd: folder,
    env: { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  const url = `http://127.0.0.1:${port}`;
  await responds(program, `${url}/health`);

  const delivers = async (id, count) => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
    assert.equal((await submit(url, id, { headers })).status, 202);
    const isDelivered = async () => (await ids(sandbox)).length === count;
    await waitUntil(id, isDelivered, { describe: () => program.output() });
  };
  // By it the forwarder learns how the CRM lists leads.
  await delivers("a-first-lead", 1);
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 503 } }]);
  await delivers("a-second-lead", 2);
  await program.stop();

  const { spans, bodies } = collector;
  const byStart = (a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano));
  const statusOf = ({ attributes }) =>
    Number(attributes.find(({ key }) => key === "http.response.status_code").value.intValue);
  const posts = spans.filter(({ name }) => name === "POST").sort(byStart);
  assert.deepEqual(
    posts.map((span) => [statusOf(span), span.status.code === ERROR]),
    [
      [200, false],
      [503, true],
      [200, false],
    ],
  );
  // The lookups between the two are spans too.
  assert.ok(spans.some(({ name }) => name === "GET"));
  for (const { traceId, parentSpanId, kind, resource } of spans) {
    assert.deepEqual([traceId, parentSpanId, kind], [TRACE, PARENT, CLIENT]);
    assert.ok(resource.attributes.some(({ value }) => value.stringValue === "lead-forwarder"));
  }
  const text = bodies.join();
  for (const secret of [PERSON.firstName, PERSON.phone.slice(-6), API_KEY, "second-lead"])
    assert.ok(!text.includes(secret), text);
});
