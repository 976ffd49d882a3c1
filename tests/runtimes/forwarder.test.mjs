// The forwarder with its SQLite file, on the driver that each runtime has of its own: killed in the
// middle of its work, and started again. Node.js 20 has none; the check `edge` runs it there.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm, submit } from "../edge/support/crm.mjs";
import { body, FORM, ORIGIN, postForm, postJson } from "../edge/support/requests.mjs";
import { folder, packageFolder, tool } from "./support/project.mjs";

const RUNTIMES = [
  ["Node.js 24", tool("node-24", "bin/node"), []],
  [
    "Deno",
    tool("@deno/linux-x64-glibc", "deno"),
    ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read=.", "--allow-write=.", "--allow-env"],
  ],
  ["Bun", tool("@oven/bun-linux-x64", "bin/bun"), ["run"]],
];
const TOKEN = "an-admin-token-of-more-than-32-characters";

/** A forwarder as a process of the runtime, before a sandbox. */
async function forwarder(test, program, given, entry) {
  const sandbox = await crm(test);
  const cwd = await folder(test, ["cells/forwarder.mjs"]);
  if (entry) {
    const script = join(cwd, "forwarder.mjs");
    await writeFile(
      script,
      (await readFile(script, "utf8")).replace("icloud-ready/forwarder/node", `file://${join(packageFolder, entry)}`),
    );
  }
  const config = {
    ...sandbox.config,
    origins: [ORIGIN],
    adminToken: TOKEN,
    rate: { perMinute: 1_000, burst: 1_000 },
    file: "outbox.sqlite",
    port: 0,
  };
  let child;
  let gone;
  const start = async () => {
    child = spawn(program, [...given, "forwarder.mjs", JSON.stringify(config)], {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
    });
    gone = once(child, "exit");
    const [url] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), gone]);
    assert.match(String(url), /^http:/);
    return url;
  };
  const kill = async (signal = "SIGKILL") => {
    child.kill(signal);
    return gone;
  };
  test.after(() => kill());
  return { sandbox, cwd, start, kill };
}

for (const [name, program, given] of RUNTIMES) {
  test(
    `${name}: a file that is removed while in use is restored before a lead is acknowledged`,
    { timeout: 300_000 },
    async (test) => {
      const { sandbox, cwd, start, kill } = await forwarder(test, program, given);
      // What is acknowledged stays in the file.
      await sandbox.faults([{ path: "/leads", action: { kind: "status", status: 401 } }]);
      const url = await start();
      const ids = await submit(`${url}/leads`, 5, "before");
      await rm(join(cwd, "outbox.sqlite"));
      for (let index = 0; index < 5; index++) {
        const submissionId = `after-${index}-of-five`;
        await waitUntil(
          "an acknowledgement",
          async () => (await postJson(`${url}/leads`, body({ submissionId }))).status === 202,
        );
        ids.push(submissionId);
      }
      await kill();
      await sandbox.faults([]);
      await start();
      await arrived(sandbox, ids);
      assert.equal((await sandbox.leads()).length, 10);
    },
  );

  test(`${name}: closing ends although an unused connection is open`, { timeout: 300_000 }, async (test) => {
    const { start, kill } = await forwarder(test, program, given);
    const { hostname, port } = new URL(await start());
    const unused = connect(Number(port), hostname);
    unused.on("error", () => {});
    await once(unused, "connect");
    assert.deepEqual(await kill("SIGTERM"), [0, null]);
    unused.destroy();
  });
}

// Deno sends a POST again by itself, whatever entry it takes.
const ENTRIES = [
  ...RUNTIMES,
  ["Deno, through the entry of Node.js", RUNTIMES[1][1], RUNTIMES[1][2], "runtime/forwarder/node.js"],
];

for (const [name, program, given, entry] of ENTRIES) {
  test(`${name}: a forwarder that is killed sends each lead once`, { timeout: 300_000 }, async (test) => {
    const { sandbox, cwd, start, kill } = await forwarder(test, program, given, entry);
    await sandbox.faults([
      { method: "POST", path: "/leads", skip: 3, times: 2, action: { kind: "cut", when: "after" } },
    ]);
    const leads = `${await start()}/leads`;
    const ids = await submit(leads, 20);
    await kill();
    for (const end of ["", "-wal"])
      assert.equal((await stat(join(cwd, `outbox.sqlite${end}`))).mode & 0o777, 0o600, end);

    const url = await start();
    await arrived(sandbox, ids);
    const health = async () => (await fetch(`${url}/health`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
    await waitUntil("the end", async () => (await health()).backlog === 0);
    assert.equal((await sandbox.leads()).length, 20);
    // A body that is too long, and a form.
    assert.equal((await postJson(`${url}/leads`, body({ more: "x".repeat(65_536) }))).status, 413);
    assert.equal((await postForm(`${url}/leads`, FORM)).status, 303);
  });
}
