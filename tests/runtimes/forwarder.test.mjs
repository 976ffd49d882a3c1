// The forwarder with its SQLite file, on the driver that each runtime has of its own: killed in the
// middle of its work, and started again. Node.js 20 has none; the leg `edge` runs it there.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { arrived, crm, eventually, submit } from "../edge/support/crm.mjs";
import { body, FORM, ORIGIN, postForm, postJson } from "../edge/support/requests.mjs";
import { folder, tool } from "./support/project.mjs";

const RUNTIMES = [
  ["Node.js 24", tool("node-24", "bin/node"), []],
  ["Deno", tool("@deno/linux-x64-glibc", "deno"), ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read=.", "--allow-write=.", "--allow-env"]],
  ["Bun", tool("@oven/bun-linux-x64", "bin/bun"), ["run"]],
];
const TOKEN = "an-admin-token-of-more-than-32-characters";

for (const [name, program, given] of RUNTIMES) {
  test(`${name}: a forwarder that is killed sends each lead once`, { timeout: 300_000 }, async (test) => {
    const sandbox = await crm(test);
    await sandbox.faults([{ method: "POST", path: "/leads", skip: 3, times: 2, action: { kind: "cut", when: "after" } }]);
    const cwd = await folder(test, ["cells/forwarder.mjs"]);
    const config = { ...sandbox.config, origins: [ORIGIN], adminToken: TOKEN, rate: { perMinute: 1_000, burst: 1_000 }, file: "outbox.sqlite", port: 0 };
    let child;
    let gone;
    const start = async () => {
      child = spawn(program, [...given, "forwarder.mjs", JSON.stringify(config)], { cwd, stdio: ["ignore", "pipe", "inherit"] });
      gone = once(child, "exit");
      const [url] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), gone]);
      assert.match(String(url), /^http:/);
      return url;
    };
    const kill = async () => {
      child.kill("SIGKILL");
      await gone;
    };
    const leads = `${await start()}/leads`;
    test.after(kill);
    const ids = await submit(leads, 20);
    await kill();
    for (const end of ["", "-wal"]) assert.equal((await stat(join(cwd, `outbox.sqlite${end}`))).mode & 0o777, 0o600, end);

    const url = await start();
    await arrived(sandbox, ids);
    const health = async () => (await fetch(`${url}/health`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
    await eventually(async () => (await health()).backlog === 0, "the end");
    assert.equal((await sandbox.leads()).length, 20);
    // A body that is too long, and a form.
    assert.equal((await postJson(`${url}/leads`, body({ more: "x".repeat(65_536) }))).status, 413);
    assert.equal((await postForm(`${url}/leads`, FORM)).status, 303);
  });
}
