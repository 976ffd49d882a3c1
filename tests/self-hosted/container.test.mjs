// The command and the health check of the image, without a container.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startSandbox } from "../../tools/sandbox.mjs";
import { EXAMPLE, folderOf, installForwarder } from "./support/forwarder.mjs";

const file = await readFile(join(EXAMPLE, "Dockerfile"), "utf8");

test("the image runs the server with the outbox on its volume", () => {
  assert.deepEqual(JSON.parse(/^CMD (.*)$/m.exec(file)[1]), ["node", "server.mjs"]);
  const [, volume] = /^VOLUME (\S+)$/m.exec(file);
  // SQLite writes temporary files, and compose.yaml makes all other folders read-only.
  for (const pattern of [/^ENV OUTBOX=(\S+)\/outbox\.sqlite/m, /^ENV SQLITE_TMPDIR=(\S+)$/m])
    assert.equal(pattern.exec(file)?.[1], volume);
});

test("the health check succeeds only while the forwarder can store leads", async (test) => {
  const [sandbox, folder] = [await startSandbox(test), await folderOf(test)];
  const forwarder = await installForwarder(test, sandbox, folder);
  const [, text] = /^ {2}CMD (\["node", "--eval", .*\])$/m.exec(file);
  const [, ...args] = JSON.parse(text.replace("8787", String(forwarder.port)));
  const isHealthy = () =>
    promisify(execFile)(process.execPath, args).then(
      () => true,
      ({ code }) => (assert.equal(code, 1), false),
    );
  assert.equal(await isHealthy(), false);
  const program = await forwarder.run();
  assert.equal(await isHealthy(), true);
  await program.stop();
  assert.equal(await isHealthy(), false);
});
