// createMany: in order, with limited concurrency, reading lazily, and without duplicates in a second run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { client, failure, failOnUnhandled } from "./support/helpers.mjs";
import { header, record } from "./support/recorder.mjs";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";

const leads = (count) =>
  Array.from({ length: count }, (_, index) => ({
    leadInformation: { firstName: `lead ${index}`, phone: `+2010000${String(index).padStart(5, "0")}` },
  }));
const echo = ({ body }) => ({ body: { _id: JSON.parse(body).leadInformation.firstName, ...JSON.parse(body) } });
const nameOf = ({ body }) => JSON.parse(body).leadInformation.firstName;

async function gather(results) {
  const found = [];
  for await (const result of results) found.push(result);
  return found;
}

for (const concurrency of [1, 3, 4, undefined]) {
  test(`results come in input order, ${concurrency ?? "by default 4"} concurrent calls`, async (t) => {
    let underWay = 0;
    let peak = 0;
    const recorder = await record(t, async (request, index) => {
      peak = Math.max(peak, ++underWay);
      // However slow the first calls are, they run at the same time.
      if (index < (concurrency ?? 4))
        await waitUntil("the maximum number of calls in progress", () => peak >= (concurrency ?? 4));
      const delay = (Number(nameOf(request).slice(5)) * 7) % 11;
      await new Promise((resolve) => setTimeout(resolve, delay));
      underWay--;
      return echo(request);
    });
    const many = leads(25);
    const results = await gather(client(recorder).leads.createMany(many, { concurrency }));
    assert.deepEqual(
      results.map(({ index }) => index),
      many.map((_, index) => index),
    );
    for (const { index, status, lead, submissionId } of results) {
      assert.equal(status, "created");
      assert.equal(lead.leadInformation.firstName, `lead ${index}`);
      assert.equal(lead.customField, JSON.stringify({ submissionId }));
      assert.match(submissionId, /^[A-Za-z0-9_-]{8,64}$/);
    }
    assert.equal(new Set(results.map(({ submissionId }) => submissionId)).size, 25);
    assert.equal(peak, concurrency ?? 4);
  });
}

test("pages without https, which have no randomUUID, get random ids too", async (t) => {
  const recorder = await record(t, echo);
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  t.after(() => delete crypto.randomUUID);
  const results = await gather(client(recorder).leads.createMany(leads(5)));
  for (const { submissionId } of results) assert.match(submissionId, /^[0-9a-f]{32}$/);
  assert.equal(new Set(results.map(({ submissionId }) => submissionId)).size, 5);
});

test("every kind of iterable, and custom submission ids", async (t) => {
  const recorder = await record(t, echo);
  const many = leads(6);
  async function* stream() {
    yield* many;
  }
  function* generator() {
    yield* many;
  }
  for (const input of [many, new Set(many), generator(), stream(), many.values()]) {
    const results = await gather(
      client(recorder).leads.createMany(input, {
        submissionId: (lead, index) => `${lead.leadInformation.firstName.replace(" ", "-")}-${index}-id`,
      }),
    );
    assert.deepEqual(
      results.map(({ submissionId }) => submissionId),
      many.map((_, index) => `lead-${index}-${index}-id`),
    );
  }
});

test("the input is read only as fast as leads are sent, and only once the results are read", async (t) => {
  const recorder = await record(t, echo);
  let read = 0;
  function* input() {
    for (const lead of leads(50)) {
      read++;
      yield lead;
    }
  }
  const results = client(recorder).leads.createMany(input(), { concurrency: 3 });
  assert.equal(read, 0);
  for (let consumed = 1; consumed <= 10; consumed++) {
    await results.next();
    assert.ok(read <= consumed + 3, `${read} read when ${consumed} were taken`);
  }
  await results.return();
  const stopped = read;
  assert.equal(recorder.requests.length, stopped, "what was read was sent");
  assert.deepEqual(await results.next(), { done: true, value: undefined });
});

test("a slow input does not delay results", async (t) => {
  const recorder = await record(t, echo);
  let release;
  async function* input() {
    yield leads(1)[0];
    await new Promise((resolve) => (release = resolve));
    yield leads(2)[1];
  }
  const results = client(recorder).leads.createMany(input());
  assert.equal((await results.next()).value.index, 0);
  release();
  assert.equal((await results.next()).value.index, 1);
  assert.equal((await results.next()).done, true);
});

test("a failed lead has its error and does not affect the others", async (t) => {
  const recorder = await record(t, (request) => (nameOf(request) === "lead 2" ? { status: 400 } : echo(request)));
  const progress = [];
  const many = leads(5);
  many[3] = { leadInformation: {} };
  const results = await gather(
    client(recorder).leads.createMany(many, { onProgress: (state) => progress.push(state) }),
  );
  assert.deepEqual(
    results.map(({ status }) => status),
    ["created", "created", "failed", "failed", "created"],
  );
  assert.deepEqual(
    results.map(({ error }) => error?.name),
    [undefined, undefined, "BadRequestError", "ValidationError", undefined],
  );
  assert.deepEqual(progress.at(-1), { done: 3, failed: 2, total: 5 });
  assert.equal(progress.length, 5);
});

test("errors thrown by onProgress and submissionId do not end the run", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t, echo);
  const thrower = () => {
    throw new Error("thrown");
  };
  for (const onProgress of [thrower, async () => thrower()]) {
    assert.equal((await gather(client(recorder).leads.createMany(leads(3), { onProgress }))).length, 3);
  }
  await settled();
  const results = await gather(client(recorder).leads.createMany(leads(3), { submissionId: thrower }));
  assert.deepEqual(
    results.map(({ error }) => error.name),
    Array(3).fill("ConfigurationError"),
  );
});

/** Everything that a `createMany` returns, and what it throws in the end. */
async function drain(results) {
  const found = [];
  try {
    for await (const result of results) found.push(result);
  } catch (error) {
    return { found, error };
  }
  return { found };
}

for (const [status, name] of [
  [401, "AuthenticationError"],
  [403, "PermissionDeniedError"],
]) {
  for (const concurrency of [1, 4, 16]) {
    for (const first of [0, 5]) {
      test(`${name} from lead ${first} on, ${concurrency} at a time: the results of the calls in progress are returned, then the error is thrown`, async (t) => {
        const recorder = await record(t, (request) =>
          Number(nameOf(request).slice(5)) >= first ? { status } : echo(request),
        );
        const progress = [];
        const { found, error } = await drain(
          client(recorder).leads.createMany(leads(100), { concurrency, onProgress: (state) => progress.push(state) }),
        );
        assert.equal(error?.name, name, "it is thrown");
        assert.equal(error.status, status);
        assert.deepEqual(
          found.map(({ index }) => index),
          found.map((_, index) => index),
          "in the input's order",
        );
        for (const { index, status } of found) assert.equal(status, index < first ? "created" : "failed");
        assert.ok(
          found.some((result) => result.error === error),
          "it is a result too",
        );
        assert.ok(found.length > first && found.length <= first + concurrency, `${found.length} were tried`);
        assert.equal(recorder.requests.length, found.length, "every sent lead has a result");
        assert.deepEqual(progress.at(-1), { done: first, failed: found.length - first, total: 100 });
      });
    }
  }
}

test("a 403 in the middle: the calls in progress finish and return their results, and the input is closed", async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  // The third gets a 403 while the first two and the fourth are in progress.
  const recorder = await record(t, async (request) => {
    if (nameOf(request) === "lead 2") return { status: 403 };
    await held;
    return nameOf(request) === "lead 3" ? { status: 403 } : echo(request);
  });
  let closed = false;
  async function* input() {
    try {
      yield* leads(50);
    } finally {
      closed = true;
    }
  }
  const errors = [];
  const crm = client(recorder, { onResponse: ({ status }) => status === 403 && errors.push(status) });
  const results = crm.leads.createMany(input(), { concurrency: 4 });
  const first = results.next();
  await waitUntil("the refusal", () => errors.length === 1 && recorder.requests.length === 4);
  release();
  const statuses = [(await first).value.status];
  const { found, error } = await drain(results);
  assert.deepEqual([...statuses, ...found.map(({ status }) => status)], ["created", "created", "failed", "failed"]);
  assert.equal(error, found[1].error, "the first refusal");
  assert.ok(closed, "the input is closed");
  assert.equal(recorder.requests.length, 4);
});

test("a token function that fails ends the run", async (t) => {
  const recorder = await record(t, echo);
  const accessToken = () => {
    throw new Error("no token");
  };
  const { found, error } = await drain(
    client(recorder, { accessToken }).leads.createMany(leads(50), { concurrency: 2 }),
  );
  assert.equal(error?.name, "AuthenticationError");
  assert.ok(found.length <= 2 && found.every(({ status }) => status === "failed"));
});

test("request options apply to each lead", async (t) => {
  const recorder = await record(t, { status: 429 });
  const seen = [];
  const options = { maxRetries: 0, headers: { "x-batch": "7" }, onResponse: ({ status }) => seen.push(status) };
  const results = await gather(client(recorder).leads.createMany(leads(3), options));
  assert.deepEqual(
    results.map(({ error }) => error.attempts),
    [1, 1, 1],
  );
  assert.deepEqual(seen, [429, 429, 429]);
  assert.ok(recorder.requests.every((request) => header(request, "x-batch") === "7"));
});

test(
  "an abort ends the calls in progress and the reading, even of an input that hangs",
  { timeout: 120_000 },
  async (t) => {
    const settled = failOnUnhandled(t);
    const recorder = await record(t, { hang: true });
    const controller = new AbortController();
    const results = client(recorder).leads.createMany(leads(10), { signal: controller.signal, concurrency: 2 });
    const first = results.next();
    await waitUntil("2 requests", () => recorder.requests.length === 2);
    controller.abort("enough");
    assert.equal((await first).value.error.name, "AbortError");
    assert.equal((await results.next()).value.error.name, "AbortError");
    const error = await failure(results.next(), "AbortError");
    assert.equal(error.cause, "enough");

    const other = new AbortController();
    const hanging = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const waiting = client(recorder).leads.createMany(hanging, { signal: other.signal }).next();
    setTimeout(() => other.abort(), 10);
    await failure(waiting, "AbortError");
    await settled();
  },
);

test("an input that throws: the results are returned, then its error is thrown", async (t) => {
  const recorder = await record(t, echo);
  const thrown = new Error("from the input");
  function* input() {
    yield* leads(3);
    throw thrown;
  }
  const found = [];
  await assert.rejects(async () => {
    for await (const result of client(recorder).leads.createMany(input())) found.push(result.status);
  }, thrown);
  assert.deepEqual(found, ["created", "created", "created"]);
  assert.equal(recorder.requests.length, 3);
});

test("the input is closed if the reader stops early, and not closed after its end", async (t) => {
  const recorder = await record(t, echo);
  const closed = [];
  const input = (name, count) => {
    const values = leads(count).values();
    return {
      [Symbol.iterator]: () => ({ next: () => values.next(), return: () => (closed.push(name), { done: true }) }),
    };
  };
  const results = client(recorder).leads.createMany(input("stopped", 20));
  await results.next();
  await results.return();
  await gather(client(recorder).leads.createMany(input("ended", 3)));
  assert.deepEqual(closed, ["stopped"]);
});

test("invalid options are rejected", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const [input, options] of [
    [[], { concurrency: 0 }],
    [[], { concurrency: 1.5 }],
    [undefined, {}],
    [5, {}],
    ["text", {}],
    [{}, {}],
    [[], { signal: 5 }],
  ]) {
    await failure(crm.leads.createMany(input, options).next(), "ConfigurationError");
  }
});

/** How often each phone number is in the CRM. */
async function counted(sandbox) {
  const counts = new Map();
  for (const { leadInformation } of await sandbox.leads())
    counts.set(leadInformation.phone, (counts.get(leadInformation.phone) ?? 0) + 1);
  return counts;
}

test(
  "a second run with the same ids: checkExisting creates no duplicates, without it every lead is duplicated",
  { timeout: 60_000 },
  async (t) => {
    const sandbox = await startSandbox(t);
    const crm = client(sandbox, { accessToken: ACCESS_TOKEN });
    const many = leads(40);
    const options = { submissionId: (_, index) => `import-${String(index).padStart(4, "0")}` };
    // An import that is killed half-way.
    for await (const { index } of crm.leads.createMany(many, options)) if (index === 19) break;
    const half = (await sandbox.leads()).length;
    assert.ok(half >= 20 && half < 40, String(half));

    const again = await gather(crm.leads.createMany(many, { ...options, checkExisting: true }));
    assert.ok(again.every(({ status }) => status === "created"));
    const counts = await counted(sandbox);
    assert.deepEqual([counts.size, Math.max(...counts.values())], [40, 1]);

    await gather(crm.leads.createMany(many, options));
    assert.equal((await sandbox.leads()).length, 80, "control: duplicates");
  },
);
