// The systemd unit, checked by systemd's own program.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { EXAMPLE, folderOf } from "./support/forwarder.mjs";

const run = promisify(execFile);
const NAME = "icloud-ready-forwarder.service";

/** How much of the system the unit can reach, from 0 to 10. */
const MAX_EXPOSURE = 2;

test("the unit is valid", async (test) => {
  const text = await readFile(join(EXAMPLE, NAME), "utf8");
  const file = join(await folderOf(test), NAME);
  // Only the program's path differs between machines.
  await writeFile(file, text.replace("/usr/bin/node", process.execPath));
  const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", file]);
  assert.equal(stdout + stderr, "");
});

test("the unit reaches little of the system", async () => {
  const args = ["security", "--no-pager", "--offline=true", join(EXAMPLE, NAME)];
  const { stdout } = await run("systemd-analyze", args);
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout);
  assert.ok(Number(exposure) < MAX_EXPOSURE, stdout);
});

test("the unit waits for the forwarder's deadlines before it kills it", async () => {
  const [unit, compose] = await Promise.all(
    [NAME, "compose.yaml"].map((name) => readFile(join(EXAMPLE, name), "utf8")),
  );
  // 10 seconds for requests in progress, and 30 for those to the CRM.
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)[1]) > 40);
  assert.ok(Number(/stop_grace_period: (\d+)s/.exec(compose)[1]) > 40);
});
