// The test CRM responds as the sandbox does: both get the same requests, and the responses are compared.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { rng, SEED } from "../support/rng.mjs";
import { MODES, startPairs } from "./support/differential.mjs";
import { guideLead, LEAD } from "./support/helpers.mjs";
import { EMAIL, PASSWORD } from "../../tools/sandbox.mjs";

const lines = (await readFile(new URL("../golden/routes.txt", import.meta.url), "utf8")).trim().split("\n");
const ROUTES = lines.map((line) => line.split(/\s+/)).map(([operation, method, path]) => ({ operation, method, path }));
const RESOURCES = ["leads", "opportunities", "batches", "customers"];

/** A record of each kind, and a note and an activity of the lead. */
async function fill(pair) {
  for (const resource of RESOURCES) {
    await pair.send({ method: "POST", path: `/${resource}`, body: { ...LEAD, name: "x" }, save: resource });
  }
  const lead = `/leads/$leads`;
  await pair.send({ method: "POST", path: `${lead}/notes`, body: { text: "a" }, save: "notes" });
  await pair.send({ method: "POST", path: `${lead}/activities`, body: { activity: "Call" }, save: "activities" });
}

/** The route's path with ids of existing records. */
const pathOf = (route) =>
  route.path
    .replace(/:(noteid|activityId)/, (_, name) => (name === "noteid" ? "$notes" : "$activities"))
    .replace(/:\w+/, `$${route.path.split("/")[1]}`);

const BODY = { ...LEAD, _id: "$opportunities", leadOwner: null, tags: ["a"], probability: 0.75, deleted: true, uid: 7 };
const takesBody = ({ method }) => method !== "GET" && method !== "DELETE";

test("each operation with each kind of credential", { timeout: 300_000 }, async (t) => {
  const pairs = await startPairs(t);
  for (const [mode, headers] of Object.entries(MODES)) {
    await t.test(mode, async () => {
      for (const route of ROUTES) {
        const pair = await pairs();
        if (mode === "access token") await fill(pair);
        const body = takesBody(route) ? BODY : undefined;
        const { status } = await pair.send({ method: route.method, path: pathOf(route), headers, body });
        if (mode === "access token") assert.equal(status, 200, route.operation);
        await pair.compareRecords();
      }
    });
  }
});

test("each operation on missing or deleted records", { timeout: 300_000 }, async (t) => {
  const pair = await (await startPairs(t))();
  await fill(pair);
  for (const path of ["/leads/deleted/$leads", "/opportunities/deleted/$opportunities", "/batches/deleted/$batches"]) {
    await pair.send({ method: "DELETE", path });
  }
  await pair.send({ method: "DELETE", path: "/customers/$customers" });
  for (const route of ROUTES) {
    const body = takesBody(route) ? BODY : undefined;
    await pair.send({ method: route.method, path: pathOf(route), body });
    await pair.send({ method: route.method, path: route.path.replace(/:\w+/g, "nothing"), body });
  }
  await pair.compareRecords();
});

test("paths of no operation, or of one with another method", { timeout: 300_000 }, async (t) => {
  const pair = await (await startPairs(t))();
  await fill(pair);
  const paths = [
    "/leads",
    "/leads/$leads",
    "/leads/",
    "/Leads",
    "/stages",
    "/leads/deleted",
    "/leads/deleted/notes",
    "/leads/deleted/notes/x",
  ];
  paths.push(
    "/opportunities/multiple",
    "/opportunities/no-activity-opportunities",
    "/leads//notes",
    "/lead%73",
    "/signin",
  );
  paths.push("/leads/%24", "/leads/%zz", "/leads/a%2Fb", "/leads/$leads/notes", "/leads/$leads/convert/");
  for (const path of paths) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const body = method === "GET" || method === "HEAD" ? undefined : LEAD;
      await pair.send({ method, path, body });
      await pair.send({ method, path, body, headers: {} });
    }
  }
});

const QUERIES = [
  ...["", "?limit=2", "?limit=2&page=1", "?limit=2&page=2", "?limit=2&page=0", "?page=99", "?limit=+3", "?limit=%2B3"],
  ...["?limit=0", "?limit=-1", "?limit=x", "?limit=", "?limit=1.5", "?limit=18446744073709551615", "?page=-1"],
  ...["?limit=18446744073709551616", "?page=18446744073709551615&limit=9", "?page=x&limit=y", "?limit=1&limit=3"],
  ...["?order=asc", "?order=ASCENDING", "?order=1", "?order=-1", "?order=desc", "?order=", "?order=up", "?order=DESC"],
  ...["?sortBy=name", "?sortBy=name&order=asc", "?sortBy=rating", "?sortBy=rating&order=asc", "?sortBy=none"],
  ...["?sortBy=leadInformation.firstName&order=asc", "?sortBy=leadInformation&order=asc", "?sortBy=a%22b", "?sortBy=."],
  ...["?sortBy=mixed", "?sortBy=mixed&order=asc", "?sortBy=name&sortBy=", "?sortBy=tags", "?sortBy=constructor"],
  ...["?q=villa", "?q=VILLA", "?q=%2B2010", "?q=+2010", "?q=x%25", "?q=%C3%A9", "?q=%C3%89", "?q=1", "?q=null", "?q="],
  ...[
    "?q=villa&limit=1&page=2",
    "?q=villa&q=garden",
    "?q=villa&q=",
    "?q=0.8125",
    "?q=true",
    "?q=%5B",
    "?q=nothing+like+it",
  ],
  ...[
    "?fields=name",
    "?fields=name,tags",
    "?fields=name+rating",
    "?fields=leadInformation.phone",
    "?fields=,",
    "?fields=",
  ],
  ...["?fields=leadInformation.phone,leadInformation.firstName", "?fields=_id", "?fields=name&fields=tags,name"],
  ...["?fields=constructor,toString,leadInformation.constructor", "?fields=tags.0", "?fields=mixed.a", "?fields=."],
  ...["?p=anything&other=1", "?q=villa&fields=name&sortBy=rating&order=asc&limit=3"],
];

/** Records whose members compare and match in every way. */
const RECORDS = [
  { name: "villa b", rating: 3, mixed: 1, tags: ["garden", "Villa"], probability: 0.8125 },
  { name: "Villa a", rating: 1, mixed: "1", tags: [], flag: true },
  { name: "é 😀", rating: 2, mixed: true, tags: "a text", flag: false },
  { name: "É \uffef", rating: 10, mixed: null, nested: { deep: [{ er: "garden" }] } },
  { name: "x%", rating: -1, mixed: { a: { b: 1 } }, "": { "": 2 } },
  { name: "", rating: 0.5, mixed: [1], note: "[" },
  { rating: 10, mixed: "a" },
];

const LIST_OPTIONS = {
  "as documented": {},
  "pages from 0": { firstPage: 0 },
  "at most 2": { limitCap: 2 },
  "3 without a limit": { defaultLimit: 3 },
  "in data with a total": { envelope: { path: "data", total: "pagination.total", extra: { success: true } } },
  "under the resource's name": { envelope: { path: "data.{resource}" } },
  "search by phone": { searchFields: ["leadInformation.phone", "name"] },
  "search finds nothing": { searchFields: [] },
  "search in odd fields": { searchFields: ['a"b', "mixed", "tags", "flag"] },
};

for (const [name, options] of Object.entries(LIST_OPTIONS)) {
  test(`the parameters of lists: ${name}`, { timeout: 300_000 }, async (t) => {
    const pair = await (await startPairs(t))(options);
    for (const resource of RESOURCES) {
      for (const [index, record] of RECORDS.entries()) {
        const leadInformation = { firstName: `F${index % 3}`, phone: `+2010${index}` };
        await pair.send({ method: "POST", path: `/${resource}`, body: { ...record, leadInformation }, save: "last" });
      }
    }
    await pair.send({ method: "DELETE", path: "/customers/$last" });
    for (const resource of name === "as documented" ? RESOURCES : ["leads", "customers"]) {
      for (const query of QUERIES) await pair.send({ path: `/${resource}`, query });
    }
  });
}

const RAW_BODIES = [
  ...["", "{", "[]", "null", '"x"', "1", "{}", "[{}]", "[1]", "\ufeff{}", " {} ", '{"a":1,"a":2}', "{'a':1}"],
  ...['{"leadInformation":null}', '{"leadInformation":[]}', '{"leadInformation":{"firstName":"A"}}'],
  ...[
    '{"leadInformation":{"firstName":" \\u00a0\\u0085","phone":"1"}}',
    '{"leadInformation":{"firstName":1,"phone":"1"}}',
  ],
  ...['{"leadInformation":{"firstName":"\\ufeff","phone":"\\ud800"}}', '{"email":1,"password":2}', '{"email":"a"}'],
  '{"leadInformation":{"firstName":"A","phone":"1","__proto__":{"x":1}},"__proto__":{"y":1},"constructor":2,"notes":"x"}',
  '{"leadInformation":{"firstName":"A","phone":"1"},"converted":null,"notes":null,"_id":"mine","uid":"mine","__v":9}',
  ...[500, 501].map(
    (depth) =>
      `{"leadInformation":{"firstName":"[[[","phone":"1"},"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`,
  ),
  Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
];

test("bodies of every kind", { timeout: 300_000 }, async (t) => {
  const pair = await (await startPairs(t))();
  await fill(pair);
  const writes = ROUTES.filter(({ method }) => method === "POST" || method === "PUT" || method === "PATCH");
  for (const route of [...writes, { method: "POST", path: "/signin" }]) {
    for (const raw of RAW_BODIES) await pair.send({ method: route.method, path: pathOf(route), raw });
    for (const media of [
      null,
      "text/plain",
      "application/json; charset=utf-8",
      "APPLICATION/JSON",
      "application/json2",
    ]) {
      await pair.send({ method: route.method, path: pathOf(route), raw: JSON.stringify(LEAD), media });
    }
  }
  await pair.send({ method: "POST", path: "/leads", body: await guideLead() });
  await pair.compareRecords();
});

test("notes and activities as strings, and after an update that left no array", { timeout: 120_000 }, async (t) => {
  const pair = await (await startPairs(t))();
  for (const notes of [["a", null, 3, { _id: "mine" }, { _id: 4 }], "text", { 0: "x" }, null]) {
    await pair.send({ method: "POST", path: "/leads", body: { ...LEAD, notes }, save: "lead" });
    for (const note of ["mine", "4", "a", "nothing"]) {
      await pair.send({ method: "PUT", path: `/leads/$lead/notes/${note}`, body: { _id: "other", text: note } });
    }
    await pair.send({ method: "POST", path: "/leads/$lead/notes", body: { _id: "other", createdAt: 1 }, save: "note" });
    await pair.send({ method: "PUT", path: "/leads/$lead/notes/$note", body: { text: "changed", updatedAt: 1 } });
    await pair.send({ method: "GET", path: "/leads/$lead" });
    await pair.send({ method: "DELETE", path: "/leads/$lead/notes/$note" });
    await pair.send({ method: "DELETE", path: "/leads/$lead/notes/mine" });
  }
  await pair.compareRecords();
});

test("updating several opportunities at once", { timeout: 120_000 }, async (t) => {
  const pair = await (await startPairs(t))();
  for (const save of ["a", "b"])
    await pair.send({ method: "POST", path: "/opportunities", body: { revenue: 1 }, save });
  const path = "/opportunities/multiple";
  const many = [
    { _id: "$a", revenue: 2 },
    { _id: "nothing" },
    {},
    { _id: "$b", createdAt: 1 },
    { _id: "$a", stage: "x" },
  ];
  for (const body of [many, many[0], {}, [], [1], "x"]) await pair.send({ method: "PUT", path, body });
  await pair.compareRecords();
});

const RESPONSE_OPTIONS = [
  ...["message", "error", "nested", "errors", "text", "empty"].map((errorShape) => ({ errorShape })),
  ...[200, 204].map((emptyResponses) => ({ emptyResponses })),
  ...[201, 202].map((createdStatus) => ({ createdStatus })),
  ...["x-request-id", "cf-ray"].map((requestIdHeader) => ({ requestIdHeader })),
  ...[{ key: "jwt" }, { key: "access_token", in: "data" }].map((signInShape) => ({ signInShape })),
];

for (const options of RESPONSE_OPTIONS) {
  test(`the shapes of responses: ${JSON.stringify(options)}`, { timeout: 120_000 }, async (t) => {
    const pair = await (await startPairs(t))({ ...options, createdStatus: options.createdStatus ?? 201 });
    await fill(pair);
    for (const route of ROUTES) {
      const body = takesBody(route) ? BODY : undefined;
      await pair.send({ method: route.method, path: pathOf(route), body });
    }
    await pair.send({ path: "/leads", headers: {} });
    await pair.send({ path: "/leads", query: "?limit=0" });
    for (const password of [PASSWORD, "wrong"]) {
      await pair.send({ method: "POST", path: "/signin", body: { email: EMAIL, password }, headers: {} });
    }
    await pair.compareRecords();
  });
}

for (const retryAfter of [undefined, "seconds", "date"]) {
  for (const rateLimit of [{ perMinute: 2 }, { perHour: 3, perMinute: 0 }, { perHour: 1 }]) {
    test(`limits ${JSON.stringify({ rateLimit, retryAfter })}`, { timeout: 120_000 }, async (t) => {
      const pair = await (await startPairs(t))({ rateLimit, retryAfter });
      const statuses = [];
      for (const mode of ["access token", "integration token", "unknown access token"]) {
        for (let index = 0; index < 4; index++) {
          const { status } = await pair.send({ path: index % 2 ? "/stages" : "/leads", headers: MODES[mode] });
          statuses.push(status);
        }
      }
      assert.ok(statuses.includes(429));
    });
  }
}

/** Faults of the test CRM, and the equivalent ones of the sandbox. */
const FAULTS = [
  [{ status: 503 }, { action: { kind: "status", status: 503, body: { message: "A fault of the test CRM" } } }],
  [{ status: 500, body: "text" }, { action: { kind: "status", status: 500, body: "text" } }],
  [
    { status: 429, body: [1], retryAfter: 7 },
    { action: { kind: "status", status: 429, body: [1], headers: { "retry-after": "7" } } },
  ],
  [
    { status: 302, body: {}, headers: { Location: "https://example.com/" } },
    { action: { kind: "status", status: 302, body: {}, headers: { location: "https://example.com/" } } },
  ],
  [{ status: 502, body: {}, when: "after" }, { action: { kind: "status", status: 502, body: {}, commit: true } }],
  [{ error: "connection" }, { action: { kind: "cut", when: "before" } }],
  [{ error: "connection", when: "after" }, { action: { kind: "cut", when: "after" } }],
];

for (const [ours, theirs] of FAULTS) {
  test(`the fault ${JSON.stringify(ours)}`, { timeout: 120_000 }, async (t) => {
    const pairs = await startPairs(t);
    for (const rules of [{}, { times: 2 }, { skip: 1 }, { times: 2, skip: 2 }, { times: Infinity }]) {
      for (const operation of [undefined, "leads.create"]) {
        const pair = await pairs();
        const matched = operation ? { method: "POST", path: "/leads" } : {};
        const times = rules.times === Infinity ? null : (rules.times ?? 1);
        await pair.sandbox.faults([{ ...theirs, ...matched, skip: rules.skip ?? 0, times }]);
        pair.crm.fail({ ...ours, ...rules, operation });
        for (let index = 0; index < 4; index++) {
          await pair.send({ method: "POST", path: "/leads", body: LEAD });
          await pair.send({ path: "/leads", headers: index % 2 ? {} : undefined });
          await pair.send({ method: "OPTIONS", path: "/leads" });
        }
        await pair.compareRecords();
      }
    }
  });
}

test(`any requests in any order (SEED=${SEED})`, { timeout: 300_000 }, async (t) => {
  const below = rng(SEED);
  const random = () => below(1_000) / 1_000;
  const pick = (items) => items[below(items.length)];
  const pairs = await startPairs(t);
  const names = [
    "leadInformation",
    "firstName",
    "phone",
    "notes",
    "activityLog",
    "_id",
    "__proto__",
    "deleted",
    "a.b",
    "",
  ];
  const value = (depth) => {
    const kind = random();
    if (kind < 0.25 && depth < 3)
      return Object.fromEntries(names.filter(() => random() < 0.3).map((name) => [name, value(depth + 1)]));
    if (kind < 0.4 && depth < 3) return Array.from({ length: below(3) }, () => value(depth + 1));
    return pick([null, true, 0, -1.5, "", " ", "villa", "VILLA", "é", "😀", "$leads", "$opportunities", "_id"]);
  };
  // Ids and dates differ, so nothing is sorted by them, and they contain no text that is searched.
  const texts = ["leadInformation", "notes", "villa", "%2B", "%F0%9F%98%80"];
  const text = (name) =>
    pick(name === "q" || name === "sortBy" ? texts : [...texts, "a", "asc", "1", "0", "-1", "_id", "."]);
  for (let round = 0; round < 4; round++) {
    const pair = await pairs(pick([...Object.values(LIST_OPTIONS), ...RESPONSE_OPTIONS.slice(0, -2), {}]));
    if (round % 2 === 0) await fillQuietly(pair);
    for (let step = 0; step < 150; step++) {
      const route = pick(ROUTES);
      const path =
        random() < 0.8 ? pathOf(route) : route.path.replace(/:\w+/g, () => pick(["x", "deleted", "multiple", "%20"]));
      const parameters = ["limit", "page", "order", "sortBy", "q", "fields"].filter(() => random() < 0.2);
      const query = parameters.length ? `?${parameters.map((name) => `${name}=${text(name)}`).join("&")}` : "";
      const headers = random() < 0.9 ? undefined : pick(Object.values(MODES));
      const body = takesBody(route) && random() < 0.95 ? pick([value(0), { ...LEAD, extra: value(1) }]) : undefined;
      await pair.send({ method: route.method, path, query, headers, body });
    }
    await pair.compareRecords();
  }
});

/** As `fill`, where responses may be empty. */
async function fillQuietly(pair) {
  for (const resource of RESOURCES) {
    await pair.send({ method: "POST", path: `/${resource}`, body: LEAD, save: resource });
  }
}
