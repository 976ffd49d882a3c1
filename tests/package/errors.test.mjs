// The error classes: which response causes which, their members, and that they work across two copies of the package.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { freshCopy, icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const names = [
  "ICloudReadyError",
  "ConfigurationError",
  "ValidationError",
  "AbortError",
  "ResponseError",
  "InternalError",
  "ConnectionError",
  "TimeoutError",
  "APIError",
  "BadRequestError",
  "AuthenticationError",
  "PermissionDeniedError",
  "NotFoundError",
  "ConflictError",
  "UnprocessableEntityError",
  "RateLimitError",
  "ServerError",
];

const BY_STATUS = {
  400: ["BadRequestError", "bad_request"],
  401: ["AuthenticationError", "authentication"],
  402: ["APIError", "api"],
  403: ["PermissionDeniedError", "permission_denied"],
  404: ["NotFoundError", "not_found"],
  409: ["ConflictError", "conflict"],
  418: ["APIError", "api"],
  422: ["UnprocessableEntityError", "unprocessable_entity"],
  429: ["RateLimitError", "rate_limit"],
  500: ["ServerError", "server_error"],
  501: ["ServerError", "server_error"],
  503: ["ServerError", "server_error"],
  599: ["ServerError", "server_error"],
};

test("the class hierarchy", () => {
  const parents = {
    TimeoutError: "ConnectionError",
    ...Object.fromEntries(
      Object.values(BY_STATUS).map(([name]) => [name, name === "APIError" ? "ICloudReadyError" : "APIError"]),
    ),
  };
  for (const name of names) {
    const constructor = icloudReady[name];
    assert.equal(constructor.prototype.name, name);
    assert.ok(
      constructor === icloudReady.ICloudReadyError ||
        constructor.prototype instanceof icloudReady.ICloudReadyError ||
        name === "ICloudReadyError",
      name,
    );
    if (parents[name]) assert.ok(constructor.prototype instanceof icloudReady[parents[name]], name);
  }
  assert.ok(icloudReady.ICloudReadyError.prototype instanceof Error);
});

test("each status has its error class and members", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder, { maxRetries: 0 });
  for (const [status, [name, code]] of Object.entries(BY_STATUS)) {
    const body = { message: "a message", extra: null };
    recorder.script = {
      status: Number(status),
      body,
      headers: { "x-request-id": "request-1", "cf-ray": "ray-1", "x-other": "o" },
    };
    const error = await failure(crm.leads.patch("1", {}), name);
    assert.equal(error.code, code);
    assert.equal(error.status, Number(status));
    assert.equal(error.operation, "leads.patch");
    assert.equal(error.attempts, 1);
    assert.equal(error.ambiguous, Number(status) >= 500);
    assert.equal(error.requestId, "request-1");
    assert.equal(error.headers.get("x-other"), "o");
    assert.deepEqual(error.body, body);
    assert.equal(error.cause, undefined);
    assert.equal(error.name, name);
    assert.ok(
      error instanceof icloudReady[name] &&
        error instanceof icloudReady.APIError &&
        error instanceof icloudReady.ICloudReadyError,
    );
    assert.ok(
      error.message.includes("leads.patch") && error.message.includes("/leads/{id}") && error.message.includes(status),
      error.message,
    );
    assert.ok(!error.message.includes("a message"));
    assert.ok(error.stack.startsWith(name), error.stack);
  }
});

test("a message contains its own route, not that of a later request", async (t) => {
  // The create fails; the lookup finds a record that it must retrieve to compare, and is not permitted to.
  const responses = { "/api/v2/leads": { body: [{ _id: "1" }] }, "/api/v2/leads/1": { status: 403 } };
  const recorder = await record(t, ({ method, path }) => (method === "POST" ? { status: 500 } : responses[path]));
  const crm = client(recorder, { reconcileDelays: [1], maxRetries: 0 });
  const error = await failure(crm.leads.create(LEAD, { submissionId: "submission-1" }), "ServerError");
  assert.equal(error.message, "leads.create: POST /leads failed with 500 Server Error");
  assert.equal(error.cause.message, "leads.create: GET /leads/{id} failed with 403 Forbidden");
});

test("hidden members are not enumerable", async (t) => {
  const recorder = await record(t, { status: 400, body: { message: "m" } });
  const error = await failure(client(recorder).leads.create(LEAD), "BadRequestError");
  const keys = new Set([...Object.keys(error), ...Object.getOwnPropertyNames(error)]);
  for (const hidden of ["body", "headers", "cause", "name"]) assert.ok(!keys.has(hidden), hidden);
  const enumerated = [];
  for (const key in error) enumerated.push(key);
  for (const hidden of ["body", "headers", "cause", "name", "detail"]) assert.ok(!enumerated.includes(hidden), hidden);
  for (const shown of ["code", "operation", "attempts", "ambiguous", "status"])
    assert.ok(enumerated.includes(shown), shown);
});

test("the request id is x-request-id, else cf-ray, else undefined", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const [headers, expected] of [
    [{ "x-request-id": "a", "cf-ray": "b" }, "a"],
    [{ "cf-ray": "b" }, "b"],
    [{}, undefined],
  ]) {
    recorder.script = { status: 404, headers };
    assert.equal((await failure(crm.leads.retrieve("1"))).requestId, expected);
    recorder.script = { status: 200, headers, body: "no JSON" };
    assert.equal((await failure(crm.leads.retrieve("1"), "ResponseError")).requestId, expected);
  }
});

test("an error body of any shape is kept unchanged", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const body of [
    { error: "e" },
    { error: { message: "m" } },
    { errors: [{ message: "m" }] },
    [1],
    "null",
    "5",
    "plain text",
    "<html>",
    "",
  ]) {
    recorder.script = { status: 400, body };
    const error = await failure(crm.leads.retrieve("1"), "BadRequestError");
    let expected = body;
    try {
      if (typeof body === "string") expected = body ? JSON.parse(body) : undefined;
    } catch {
      // Text remains text.
    }
    assert.deepEqual(error.body, expected);
  }
});

test("Retry-After is reported in milliseconds", async (t) => {
  const recorder = await record(t, { status: 429, headers: { "retry-after": "7" } });
  const error = await failure(client(recorder, { maxRetries: 0 }).leads.create(LEAD), "RateLimitError");
  assert.equal(error.retryAfterMs, 7_000);
  recorder.script = { status: 429 };
  assert.equal((await failure(client(recorder, { maxRetries: 0 }).leads.create(LEAD))).retryAfterMs, undefined);
});

test("without a response there is no status", async (t) => {
  const recorder = await record(t, { cut: true });
  const crm = client(recorder, { maxRetries: 0 });
  const error = await failure(crm.leads.retrieve("1"), "ConnectionError");
  assert.equal(error.status, undefined);
  assert.ok(error.cause instanceof Error);
  const missing = await failure(
    client(recorder, {
      accessToken: () => {
        throw new Error("no");
      },
    }).leads.retrieve("1"),
    "AuthenticationError",
  );
  assert.equal(missing.status, undefined);
  assert.equal(missing.headers, undefined);
  assert.equal(missing.body, undefined);
  assert.equal(missing.cause.message, "no");
});

test("an AbortError's cause is the signal's reason", async (t) => {
  const recorder = await record(t, { hang: true });
  const crm = client(recorder);
  for (const reason of [new Error("mine"), "text", { any: 1 }, null, 0, ""]) {
    const error = await failure(crm.leads.retrieve("1", { signal: AbortSignal.abort(reason) }), "AbortError");
    assert.equal(error.cause, reason);
    assert.equal(error.code, "abort");
    assert.equal(error.attempts, 0);
    assert.equal(error.ambiguous, false);
  }
});

test("classes and isICloudReadyError work across two copies", async (t) => {
  const { folder, remove } = await freshCopy();
  t.after(remove);
  const copy = await import(new URL("runtime/node.js", folder));
  assert.notEqual(copy.ICloudReadyError, icloudReady.ICloudReadyError);
  const recorder = await record(t, { status: 404 });
  const theirs = await new copy.ICloudReady({ baseURL: recorder.url, accessToken: "t" }).leads
    .retrieve("1")
    .catch((error) => error);
  const ours = await failure(client(recorder).leads.retrieve("1"), "NotFoundError");
  for (const [one, other] of [
    [theirs, icloudReady],
    [ours, copy],
  ]) {
    assert.ok(other.isICloudReadyError(one));
    for (const name of ["NotFoundError", "APIError", "ICloudReadyError"]) assert.ok(one instanceof other[name], name);
    for (const name of names.filter((name) => !["NotFoundError", "APIError", "ICloudReadyError"].includes(name)))
      assert.ok(!(one instanceof other[name]), name);
  }
  for (const value of [
    null,
    undefined,
    5,
    "x",
    {},
    new Error("e"),
    Object.create(null),
    new Proxy(
      {},
      {
        has() {
          throw 1;
        },
      },
    ),
  ]) {
    assert.equal(icloudReady.isICloudReadyError(value), false);
    if (typeof value !== "object" || !value || Object.getPrototypeOf(value))
      assert.equal(value instanceof icloudReady.APIError, false);
  }
  class Mine extends icloudReady.NotFoundError {}
  assert.ok(!(ours instanceof Mine), "a subclass of a user's own has only its own");
});
