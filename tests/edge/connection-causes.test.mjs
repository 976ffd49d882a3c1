// Why the CRM cannot be reached: each cause is named in the log, in the lead and in /health, as far as the runtime
// reports it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { createServer as createTLSServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { waitUntil } from "../../tools/wait.mjs";
import { freePort } from "../support/port.mjs";
import { start } from "./support/server-process.mjs";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { body, postJson } from "./support/requests.mjs";

const run = promisify(execFile);

/** A self-signed certificate. */
async function certificate(folder) {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

async function listening(test, server) {
  const sockets = new Set();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return server.address().port;
}

/** What each runtime reports, where it distinguishes causes. */
const CAUSES = {
  node: {
    refused: /^ECONNREFUSED$/,
    name: /^(ENOTFOUND|EAI_AGAIN)$/,
    tls: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    silent: /^timeout$/,
    reset: /^(ECONNRESET|UND_ERR_SOCKET)$/,
  },
  // workerd has one error for everything that happens before a response.
  workerd: { refused: /./, name: /./, tls: /./, silent: /^timeout$/, reset: /./ },
};

for (const [kind, causes] of Object.entries(CAUSES)) {
  test(`${kind}: refused, unknown, untrusted, silent and broken connections have different causes`, async (test) => {
    const folder = await mkdtemp(join(tmpdir(), "icloud-ready-causes-"));
    test.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const addresses = {
      refused: `http://127.0.0.1:${await freePort()}`,
      name: "https://no-such-host.invalid",
      tls: `https://localhost:${await listening(test, createTLSServer(await certificate(folder)))}`,
      silent: `http://127.0.0.1:${await listening(
        test,
        createServer(() => {}),
      )}`,
      reset: `http://127.0.0.1:${await listening(
        test,
        createServer((socket) => socket.once("data", () => socket.destroy())),
      )}`,
    };
    for (const [name, address] of Object.entries(addresses)) {
      const logged = [];
      // The other causes may take long on a slow machine, and must not become a timeout.
      const timeout = name === "silent" ? 1_000 : 60_000;
      const config = { ...CONFIG, crm: { ...CONFIG.crm, baseURL: `${address}/api/v2`, timeout } };
      const server = await start(
        kind,
        { folder: await mkdtemp(join(folder, "outbox-")), port: await freePort(), config },
        (text) => logged.push(text),
      );
      try {
        const { leads, admin, inspect } = adminClient(server.url, {});
        const sent = body();
        await postJson(leads, sent);
        await waitUntil(`the cause of ${name}`, async () => (await inspect(sent.submissionId)).cause);
        const { cause } = await inspect(sent.submissionId);
        assert.match(cause, causes[name], name);
        const { lastFailure } = (await admin("../health")).body;
        assert.match(lastFailure.cause, causes[name], name);
        assert.ok(Math.abs(lastFailure.at - Date.now()) < 120_000, `${lastFailure.at}`);
        // The output of another process arrives later.
        await waitUntil(
          `the log of ${name}`,
          () => new RegExp(`"event":"crm_unreachable".*"cause":"${cause}"`).test(logged.join("")),
          {
            describe: async () => logged.join(""),
          },
        );
      } finally {
        server.kill();
        await server.gone;
      }
    }
  });
}
