// What operators can find, export and change, with which token, and what the audit log keeps of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { crm, submit } from "./support/crm.mjs";
import { CONFIG, platforms } from "./support/platforms.mjs";
import { body, PERSON, postJson, reach } from "./support/requests.mjs";

const READ = "a-token-that-may-only-read-of-32-characters";
const NEXT = "the-admin-token-after-the-rotation-32-chars";
const HOLD = { provider: "turnstile", secret: "a-secret", mode: "hold" };

/** A request to `/admin`. */
async function call(url, path, { token = CONFIG.adminToken, method = "GET", sent } = {}) {
  const headers = { authorization: `Bearer ${token}`, ...(sent ? { "content-type": "application/json" } : {}) };
  const response = await reach(`${url}/admin/${path}`, {
    method,
    headers,
    ...(sent && { body: JSON.stringify(sent) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: a person is found by phone, e-mail, id and time, and every look is audited without the terms`, async (test) => {
    const { url, leads } = await open(test, { challenge: HOLD, adminReadToken: READ });
    const mona = { firstName: "Mona", phone: "+201009998887", email: "mona@example.com" };
    const sent = body({ lead: { leadInformation: mona } });
    await postJson(leads, sent);
    await postJson(leads, body());
    const search = (sent, token) => call(url, "leads/search", { method: "POST", sent, token });
    const hour = 3_600_000;
    for (const [terms, count] of [
      [{ phone: "0100 999-8887" }, 1],
      [{ phone: "+20 100 9998887" }, 1],
      [{ phone: "+201009998880" }, 0],
      [{ email: "MONA@example.com" }, 1],
      [{ submissionId: sent.submissionId }, 1],
      [{ from: Date.now() - hour, state: "held", reason: "challenge" }, 2],
      [{ to: new Date(Date.now() - hour).toISOString() }, 0],
      [{ email: "mona@example.com", phone: "+201001234567" }, 0],
    ]) {
      const { status, body } = await search(terms, READ);
      assert.deepEqual([status, body.entries.length], [200, count], JSON.stringify(terms));
    }
    for (const wrong of [{ phone: "12" }, { phone: 1 }, { email: "x" }, { fone: "+201009998887" }, { limit: 0 }]) {
      const { status, text } = await search(wrong);
      assert.equal(status, 400, JSON.stringify(wrong));
      assert.doesNotMatch(text, /9998887/);
    }
    assert.equal((await search([])).status, 400);
    await call(url, `leads/${sent.submissionId}`, { token: READ });
    const { entries } = (await call(url, "audit")).body;
    assert.deepEqual([entries[0].action, entries[0].submissionId], ["view", sent.submissionId]);
    assert.equal(entries.filter(({ action }) => action === "search").length, 8);
    assert.ok(entries.every(({ token }) => /^read:[\da-f]{8}$/.test(token)));
    assert.doesNotMatch(JSON.stringify(entries), /999|mona|read-of-32/i);
  });

  test(`${name}: a read token changes nothing, and two tokens of each kind work during a rotation`, async (test) => {
    const config = { adminToken: [CONFIG.adminToken, NEXT], adminReadToken: READ, challenge: HOLD };
    const { url, leads } = await open(test, config);
    const sent = body();
    await postJson(leads, sent);
    for (const path of ["probe", "leads/drop?reason=challenge&count=1", `leads/${sent.submissionId}/erase`]) {
      const { status, body } = await call(url, path, { token: READ, method: "POST" });
      assert.deepEqual([status, body.error.code], [403, "forbidden"], path);
    }
    for (const path of ["leads", "metrics", "audit", "leads/export?state=held", "../health"])
      assert.equal((await call(url, path, { token: READ })).status, 200, path);
    assert.equal((await call(url, "../health", { token: READ })).body.held, 1);
    for (const token of [CONFIG.adminToken, NEXT]) assert.equal((await call(url, "audit", { token })).status, 200);
    const dropped = await call(url, `leads/${sent.submissionId}/drop`, { token: NEXT, method: "POST" });
    assert.equal(dropped.status, 200);
    const labels = (await call(url, "audit")).body.entries.map(({ token }) => token);
    assert.equal(new Set(labels).size, 2);
  });

  test(`${name}: dead letters are exported as CSV that no spreadsheet takes for formulas`, async (test) => {
    const sandbox = await crm(test);
    await sandbox.faults([
      { method: "POST", path: "/leads", action: { kind: "status", status: 422, body: { why: "no" } } },
    ]);
    const { url, leads, list } = await open(test, sandbox.config);
    const names = [
      '=HYPERLINK("https://evil.example")',
      "+1",
      "-1",
      "@SUM(A1)",
      "x; =1+1",
      'Mona "the" agent, Cairo',
      "Ahmed",
    ];
    for (const firstName of names) {
      const lead = { leadInformation: { firstName, phone: "+201001234567" } };
      assert.equal((await postJson(leads, body({ lead }))).status, 202);
    }
    await waitUntil(
      "the dead leads",
      async () => (await list("&state=dead")).length + (await list("&state=held")).length === names.length,
    );
    const { headers, text } = await call(url, "leads/export?state=dead");
    assert.equal(headers.get("content-type"), "text/csv; charset=utf-8");
    assert.match(headers.get("content-disposition"), /^attachment/);
    const exported = text + (await call(url, "leads/export?state=held")).text;
    assert.match(exported, /^submissionId,state,reason,status,.*\r\n/);
    for (const cell of [
      '\'=HYPERLINK(""https://evil.example"")',
      ",'+1,",
      ",'-1,",
      ",'@SUM(A1),",
      `,"x;' =1+1",`,
      ',"Mona ""the"" agent, Cairo",',
      ",Ahmed,",
      ",'+201001234567,",
    ])
      assert.ok(exported.includes(cell), `${cell} in ${exported}`);
    for (const line of exported.split("\r\n")) assert.doesNotMatch(line, /(^|,)"?[=+@\t-]/, line);
    assert.match(exported, /""why"":""no""/);
    assert.equal((await call(url, "audit")).body.entries[0].action, "export");
  });

  test(`${name}: a large export ends after about 8 MB, and its header Link has the rest`, async (test) => {
    const { url, leads } = await open(test, { challenge: HOLD });
    // 150 of 60 kB each.
    const lead = { leadInformation: { ...PERSON }, leadDescription: "x".repeat(60_000) };
    const sent = Array.from({ length: 150 }, () => body({ lead }));
    for (const one of sent) assert.equal((await postJson(leads, one)).status, 202);
    const parts = [];
    let path = "leads/export?state=held";
    while (path) {
      const { status, headers, text } = await call(url, path);
      assert.equal(status, 200);
      assert.match(text, /^submissionId,state,/);
      parts.push(text);
      const next = /^<\/admin\/(.+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
      assert.equal(next?.includes("state=held") ?? true, true, next);
      path = next;
    }
    assert.equal(parts.length, 2);
    assert.ok(parts[0].length > 8e6 && parts[0].length < 10e6, `${parts[0].length} characters`);
    const ids = parts.flatMap((text) => text.split("\r\n").slice(1, -1)).map((line) => line.split(",")[0]);
    assert.deepEqual(ids, sent.map(({ submissionId }) => submissionId).reverse());
  });

  test(`${name}: bulk commands that cannot be undone need the number of leads`, async (test) => {
    const { url, leads } = await open(test, { challenge: HOLD });
    const ids = await submit(leads, 3);
    const post = (path) => call(url, path, { method: "POST" });
    for (const [path, status] of [
      ["leads/drop?reason=challenge", 409],
      ["leads/drop?reason=challenge&count=2", 409],
      ["leads/drop", 400],
      ["leads/drop?reason=challenge&count=three", 400],
      ["leads/erase?reason=challenge&from=yesterday", 400],
      ["leads/erase?reason=challenge&state=held", 400],
      ["leads/erase?reason=challenge&reason=refused", 400],
      ["leads/release?reason=refused", 400],
    ])
      assert.equal((await post(path)).status, status, path);
    assert.equal((await post("leads/drop?reason=challenge")).body.count, 3);
    assert.deepEqual((await post(`leads/release?to=${Date.now() - 3_600_000}`)).body, { done: "release", count: 0 });
    assert.deepEqual((await post("leads/erase?reason=challenge&count=3")).body, { done: "erase", count: 3 });
    for (const id of ids) assert.equal((await call(url, `leads/${id}`)).body.erased, true);
    const { entries } = (await call(url, "audit?limit=200")).body;
    assert.deepEqual(entries.at(-1).action === "release" && [entries.at(-2).action, entries.at(-2).count], [
      "erase",
      3,
    ]);
  });
}
