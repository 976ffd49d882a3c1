// The forwarder with its SQLite file, on the built-in driver of each runtime: killed while it works, and started again.
// Node.js 20 has no such driver; the check `edge` runs it there.

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
import { SECRETS, SOURCES } from "../edge/support/senders.mjs";
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

/**
 * A forwarder as a process of the runtime, with a sandbox as its CRM. `optionsFor` returns more options; it is called
 * with the sandbox.
 */
async function forwarder(test, program, args, { entry, optionsFor = () => ({}) } = {}) {
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
    ...optionsFor(sandbox),
  };
  let child;
  let gone;
  const start = async () => {
    child = spawn(program, [...args, "forwarder.mjs", JSON.stringify(config)], {
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

for (const [name, program, args] of RUNTIMES) {
  test(
    `${name}: a file that is removed while in use is restored before a lead is acknowledged`,
    { timeout: 300_000 },
    async (test) => {
      const { sandbox, cwd, start, kill } = await forwarder(test, program, args);
      // Acknowledged leads stay in the file.
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

  test(`${name}: events of sources are acknowledged, mapped and delivered`, { timeout: 300_000 }, async (test) => {
    const { kind: _, ...meta } = SOURCES.meta;
    const optionsFor = ({ graph }) => ({
      meta: { ...meta, accessToken: "sandbox-page-token", graphURL: graph },
      google: { key: SECRETS.google, country: "EG" },
    });
    const { sandbox, start } = await forwarder(test, program, args, { optionsFor });
    const url = `${await start()}/leads/sources`;
    const secrets = { appSecret: SECRETS.app, googleKey: SECRETS.google };
    await sandbox.platforms({ ...secrets, metaUrl: `${url}/meta`, googleUrl: `${url}/google` });
    const { ids } = await sandbox.deliver("meta", { count: 3, repeat: 1 });
    await sandbox.deliver("google", { count: 2 });
    const google = [0n, 1n].map((number) => `google-${9_007_199_254_740_993n + number}`);
    await arrived(sandbox, [...ids.map((id) => `meta-${id}`), ...google]);
    const leads = await sandbox.leads();
    const found = leads.find(({ customField }) => JSON.parse(customField).submissionId === `meta-${ids[0]}`);
    const { firstName, phone } = found.leadInformation;
    assert.deepEqual([firstName, phone, found.campaignName], ["منى", "+201000000000", "Q3 Launch"]);
    // Each delivery got a 200, so none is repeated.
    await waitUntil("all responses", async () => (await sandbox.platforms()).pending === 0);
  });

  test(`${name}: close() does not wait for an unused connection`, { timeout: 300_000 }, async (test) => {
    const { start, kill } = await forwarder(test, program, args);
    const { hostname, port } = new URL(await start());
    const unused = connect(Number(port), hostname);
    unused.on("error", () => {});
    await once(unused, "connect");
    assert.deepEqual(await kill("SIGTERM"), [0, null]);
    unused.destroy();
  });
}

// Deno itself resends a POST, with every entry.
const ENTRIES = [
  ...RUNTIMES,
  ["Deno, through the entry of Node.js", RUNTIMES[1][1], RUNTIMES[1][2], "runtime/forwarder/node.js"],
];

for (const [name, program, args, entry] of ENTRIES) {
  test(`${name}: a forwarder that is killed sends each lead once`, { timeout: 300_000 }, async (test) => {
    const { sandbox, cwd, start, kill } = await forwarder(test, program, args, { entry });
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
