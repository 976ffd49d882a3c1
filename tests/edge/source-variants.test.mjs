// What platforms and tools may send in another form than usual: each is verified, read and mapped as its source says.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../../tools/paths.mjs";
import { inMemory, node, workerd } from "./support/platforms.mjs";
import { deliver, SECRETS, SENDERS, SOURCES } from "./support/senders.mjs";
import { raw } from "./support/requests.mjs";

const part = (path) => import(join(packageFolder, path));
await part("runtime/forwarder-node.js");
const kinds = await part("dist/forwarder/sources.js");
const { ConfiguredSources } = await part("dist/forwarder/rules/source-host.js");
const { wasm } = await part("dist/loader/modules/forwarder.js");
await wasm.ready();

const { metaLeadAds, googleLeadForms, standardWebhooks, typeform, elementor, webhook, bearer, basic, hmacSha256 } =
  kinds;
const { kind: _, ...META } = SOURCES.meta;
const meta = metaLeadAds(META);
const google = googleLeadForms({ key: SECRETS.google, country: "EG" });
const form = typeform({ secret: SECRETS.typeform, country: "EG" });
const partner = standardWebhooks({ secret: SECRETS.standard });
const site = elementor({ token: SECRETS.elementor, country: "EG" });
const zapier = webhook({ verify: bearer(SECRETS.bearer), id: (event) => event.id, country: "EG" });

/** Integers that JavaScript numbers cannot represent; each rounds to one of the others. */
const IDS = [
  "9007199254740993",
  "9223372036854775001",
  "9223372036854775003",
  "9223372036854775005",
  "18446744073709551615",
];

/** The content of a delivery, or the code of its refusal. */
async function receive(source, { body, headers = {}, query = "" }, env) {
  const delivery = {
    bytes: new Uint8Array(Buffer.from(body)),
    headers: new Headers({ "content-type": "application/json", ...headers }),
    url: `http://127.0.0.1/leads/sources/x${query}`,
  };
  return source.receive(delivery, env).catch((error) => error.reason ?? error.code);
}

/** The result of mapping an event, with its texts parsed. */
function mapped(source, data, text = JSON.stringify(data)) {
  const host = new ConfiguredSources(new Map([["x", source]]), {}, {});
  const event = { id: "x-1", claim: 1, source: "x", account: "", data: text, marks: [], receivedAt: 0 };
  const [{ lead, custom, ...result }] = host.map([event], () => {});
  return { ...result, ...(lead && { lead: JSON.parse(lead), custom: JSON.parse(custom) }) };
}

const hmac = (secret, text, encoding) => createHmac("sha256", secret).update(text).digest(encoding);
const signed = (body, headers = {}) => ({
  body,
  headers: { "x-hub-signature-256": `sha256=${hmac(SECRETS.app, body, "hex")}`, ...headers },
});
const change = (value, field = "leadgen") => JSON.stringify({ field, value });
const page = (...changes) => `{"object":"page","entry":[{"id":"1","changes":[${changes.join()}]}]}`;

test("Meta: what is no lead is acknowledged, and what has no readable id is counted", async () => {
  const lead = { leadgen_id: "444444444444", page_id: "1" };
  const text = page(change(lead));
  for (const [body, count, unreadable] of [
    ['{"object":"page","entry":[]}', 0, 0],
    ['{"object":"page","entry":[{"id":"1","messaging":[{"message":{"text":"Hello"}}]}]}', 0, 0],
    [page(), 0, 0],
    [page(change({ item: "post" }, "feed")), 0, 0],
    [page(change(lead), change({ item: "post" }, "feed"), change(lead)), 2, 0],
    [text.replace('"page"', '"instagram"'), 1, 0],
    [`\ufeff${text}`, 1, 0],
    [Buffer.concat([Buffer.from(text.replace("}}]", ',"x":"')), Buffer.from([0xd9]), Buffer.from('"}}]}]}')]), 1, 0],
    [text.replace('"leadgen_id"', '"leadgen_id":"1","leadgen_id"'), 1, 0],
    [page(change({ page_id: "1" })), 0, 1],
    [page(change({ leadgen_id: { toString: 1, valueOf: 1 } })), 0, 1],
    [page(change({ leadgen_id: 1.5 }), change({ leadgen_id: -1 }), change({ leadgen_id: "9".repeat(33) })), 0, 3],
    [page("null", '"leadgen"', '{"field":"leadgen"}'), 0, 1],
    ['{"object":"page"}', 0, 1],
    ["[]", 0, 1],
    ["no JSON", 0, 1],
    ["", 0, 1],
  ]) {
    const { events, unreadable: counted = 0 } = await receive(meta, signed(body));
    assert.deepEqual([events.length, counted], [count, unreadable], String(body));
    for (const event of events) assert.equal(event.id, "444444444444");
  }
});

test("Meta: every id arrives by its digits, as a number and as text", async () => {
  const names = ["leadgen_id", "page_id", "form_id", "ad_id", "adgroup_id"];
  for (const quote of ["", '"']) {
    const members = names.map((name, index) => `"${name}":${quote}${IDS[index]}${quote}`).join();
    const { events } = await receive(meta, signed(page(`{"field":"leadgen","value":{${members},"created_time":1}}`)));
    const expected = { ...Object.fromEntries(names.map((name, index) => [name, IDS[index]])), created_time: "1" };
    assert.deepEqual(events, [{ id: IDS[0], account: "", data: expected, thin: true }]);
  }
});

test("Meta: only a whole signature in its header is one", async () => {
  const body = page(change({ leadgen_id: "444444444444" }));
  const hex = hmac(SECRETS.app, body, "hex");
  for (const right of [`sha256=${hex}`, `SHA256=${hex.toUpperCase()}`])
    assert.equal((await receive(meta, signed(body, { "x-hub-signature-256": right }))).events?.length, 1, right);
  for (const wrong of [
    "",
    hex,
    "sha256=",
    `sha256=${hex.slice(2)}`,
    `sha256=${hex}00`,
    `sha1=${hex}`,
    `sha256=${hex}, `,
  ])
    assert.equal(await receive(meta, signed(body, { "x-hub-signature-256": wrong })), "unauthorized");
  assert.equal(await receive(meta, { body, headers: { "x-hub-signature": `sha256=${hex}` } }), "unauthorized");
});

test("a hash without the secret is no signature, nor is one of the body printed again", async () => {
  const body = '{"a":"\\u0645\\/", "b":1}';
  const tally = webhook({ verify: hmacSha256({ header: "x-signature", encoding: "hex", secret: SECRETS.bearer }) });
  const time = String(Math.floor(Date.now() / 1_000));
  const standard = (signature) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": time,
    "webhook-signature": `v1,${signature}`,
  });
  const key = Buffer.from(SECRETS.standard.replace("whsec_", ""), "base64");
  for (const [source, secret, encoding, headersOf, signedOf = (text) => text] of [
    [meta, SECRETS.app, "hex", (signature) => ({ "x-hub-signature-256": `sha256=${signature}` })],
    [form, SECRETS.typeform, "base64", (signature) => ({ "typeform-signature": `sha256=${signature}` })],
    [tally, SECRETS.bearer, "hex", (signature) => ({ "x-signature": signature })],
    [partner, key, "base64", standard, (text) => `msg_1.${time}.${text}`],
  ]) {
    const hash = createHash("sha256").update(signedOf(body)).digest(encoding);
    const printed = JSON.stringify(JSON.parse(body));
    for (const wrong of [hash, hmac("", signedOf(body), encoding), hmac(secret, signedOf(printed), encoding)])
      assert.equal(await receive(source, { body, headers: headersOf(wrong) }), "unauthorized");
    const right = { body, headers: headersOf(hmac(secret, signedOf(body), encoding)) };
    assert.notEqual(await receive(source, right), "unauthorized");
  }
});

test("Meta: only a subscription with the token gets its challenge", async () => {
  const ask = (changes) => {
    const query = { "hub.mode": "subscribe", "hub.verify_token": SECRETS.verify, "hub.challenge": "1158201444" };
    const entries = Object.entries({ ...query, ...changes }).filter(([, value]) => value !== undefined);
    return meta.handshake(new URLSearchParams(entries), {}).catch(({ code }) => code);
  };
  assert.equal(await ask({}), "1158201444");
  assert.equal(await ask({ "hub.challenge": "a-B_9" }), "a-B_9");
  for (const token of [undefined, "", "wrong", `${SECRETS.verify} `, SECRETS.verify.toUpperCase()])
    assert.equal(await ask({ "hub.verify_token": token }), "unauthorized");
  for (const changes of [
    { "hub.mode": "unsubscribe" },
    { "hub.mode": undefined },
    { "hub.challenge": undefined },
    { "hub.challenge": "1\n2" },
  ])
    assert.equal(await ask(changes), "malformed");
  // Who has no token learns nothing about the rest.
  assert.equal(await ask({ "hub.mode": "x", "hub.verify_token": "wrong" }), "unauthorized");
});

test("Meta: leads are requested with the token from the pinned host alone, and a redirect is not followed", async (test) => {
  const requests = [];
  const listen = async (respond) => {
    const server = createServer((request, response) => {
      requests.push({ url: request.url, token: request.headers.authorization });
      respond(response);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    test.after(() => server.close());
    return `http://127.0.0.1:${server.address().port}`;
  };
  const elsewhere = await listen((response) => response.end('{"id":"1","field_data":[]}'));
  const graphURL = await listen((response) => response.writeHead(302, { location: `${elsewhere}/stolen` }).end());
  const source = (accessToken) => metaLeadAds({ ...META, graphURL: `${graphURL}/graph/`, accessToken });
  const event = { account: "page-1", data: { leadgen_id: "../x?y" } };
  const { status } = await source((page, { secret }) => `${page}-${secret}`).fetch(event, { secret: "token" });
  assert.equal(status, 302);
  const page = { form: "77", account: "page-1", since: 1_790_000_000, after: "c&1" };
  await source("page-token").readForm(page, {});
  assert.deepEqual(
    requests.map(({ token }) => token),
    ["Bearer page-1-token", "Bearer page-token"],
  );
  const [fetched, read] = requests.map(({ url }) => new URL(url, graphURL));
  assert.equal(fetched.pathname, "/graph/v26.0/..%2Fx%3Fy");
  assert.match(fetched.searchParams.get("fields"), /field_data,custom_disclaimer_responses$/);
  assert.equal(read.pathname, "/graph/v26.0/77/leads");
  assert.equal(read.searchParams.get("after"), "c&1");
  assert.deepEqual(JSON.parse(read.searchParams.get("filtering")), [
    { field: "time_created", operator: "GREATER_THAN", value: 1_790_000_000 },
  ]);
  const failing = [
    () => {
      throw new Error("no token");
    },
    async () => {
      throw new Error("no token");
    },
  ];
  for (const accessToken of [...failing, () => undefined, () => "", async () => 1, () => "two\nlines"])
    assert.deepEqual(await source(accessToken).fetch(event, {}), { status: 401 });
  assert.equal(requests.length, 2);
});

test("Meta: a fetched lead keeps its ids, names, answers and consents, however they are written", () => {
  const answer = (name, ...values) => ({ name, values });
  const lead = {
    field_data: [
      answer("FULL_NAME", "منى بنت عبد الله الحسيني"),
      answer("PHONE_NUMBER", "٠١٠٠١٢٣٤٥٦٧"),
      answer("whatsapp_number", "+201112345678"),
      answer("email", "mona@example.com"),
      answer("ما_هي_ميزانيتك؟", "٥ مليون", "أكثر"),
      answer("post_code", "11511"),
      answer("company_name", "شركة"),
    ],
    custom_disclaimer_responses: ["1", 1, true, "true", "", "0", 0, false, null].map((value, index) => ({
      checkbox_key: `box_${index}`,
      is_checked: value,
    })),
  };
  const names = ["id", "form_id", "ad_id", "adset_id", "campaign_id"];
  const ids = names.map((name, index) => `"${name}":${IDS[index]}`).join();
  const text = `{"change":{"leadgen_id":"${IDS[0]}"},"lead":${JSON.stringify(lead).replace("{", `{${ids},`)}}`;
  const { outcome, lead: sent, custom } = mapped(meta, undefined, text);
  assert.equal(outcome, "send");
  assert.deepEqual(sent.leadInformation, {
    firstName: "منى",
    lastName: "بنت عبد الله الحسيني",
    company: "شركة",
    phone: "+201001234567",
    email: "mona@example.com",
    address: { zip: "11511" },
  });
  assert.deepEqual(sent.additionalPhones, ["+201112345678"]);
  assert.equal(sent.leadDescription, "ما هي ميزانيتك؟: ٥ مليون, أكثر");
  const { id, formId, adId, adsetId, campaignId, consent } = custom.source;
  assert.deepEqual([id, formId, adId, adsetId, campaignId], IDS);
  assert.deepEqual(
    consent.map(({ given }) => given),
    [true, true, true, true, false, false, false, false, false],
  );
});

test("Meta and Google: test leads are recognized in each documented form", () => {
  const answers = (...values) => ({ lead: { field_data: [{ name: "email", values }] } });
  const dummy = "<test lead: dummy data for email>";
  for (const data of [answers("test@meta.com"), answers("TEST@fb.com"), answers(dummy), answers("a", dummy)])
    assert.deepEqual(mapped(meta, data), { id: "x-1", claim: 1, outcome: "skip", reason: "test_lead" });
  assert.equal(mapped(meta, answers("contest@meta.com.example")).reason, "incomplete");
  for (const is_test of [true, "true"]) assert.equal(mapped(google, { is_test }).reason, "test_lead");
  for (const is_test of [false, "false", undefined, null, ""])
    assert.equal(mapped(google, { is_test }).reason, "incomplete");
});

test("Google: every id arrives by its digits, and is the same as a number and as text", async () => {
  const names = ["lead_id", "form_id", "campaign_id", "adgroup_id", "creative_id"];
  const key = `"google_key":"${SECRETS.google}"`;
  const columns = JSON.stringify([
    { column_id: "FULL_NAME", string_value: "Omar" },
    { column_id: "PHONE_NUMBER", string_value: "01001234567" },
  ]);
  for (const quote of ["", '"']) {
    const members = names.map((name, index) => `"${name}":${quote}${IDS[index]}${quote}`).join();
    const body = `{${members},"asset_group_id":${quote}${IDS[1]}${quote},${key},"user_column_data":${columns}}`;
    const { events } = await receive(google, { body });
    assert.equal(events[0].id, IDS[0]);
    const { id, formId, campaignId, adGroupId, creativeId, assetGroupId } = mapped(google, events[0].data).custom
      .source;
    assert.deepEqual([id, formId, campaignId, adGroupId, creativeId, assetGroupId], [...IDS, IDS[1]]);
  }
  for (const [id, expected] of [
    ["12345678", "12345678"],
    ["-1", "-1"],
    ["1e400", "1e400"],
    ["null", undefined],
    ["{}", undefined],
    ["true", undefined],
  ])
    assert.equal((await receive(google, { body: `{"lead_id":${id},${key}}` })).events[0].id, expected);
});

test("Google: only the key as text verifies, and no spelling of its name is stored", async () => {
  const key = SECRETS.google;
  for (const value of [1, null, true, [key], { key }, "", " ", `${key} `, key.slice(1), key.toUpperCase(), undefined])
    assert.equal(await receive(google, { body: JSON.stringify({ google_key: value }) }), "unauthorized");
  for (const body of ["", "null", "[]", `"${key}"`, `[{"google_key":"${key}"}]`, `{"x":{"google_key":"${key}"}}`, "{"])
    assert.equal(await receive(google, { body }), "unauthorized");
  assert.equal(await receive(google, { body: `{"google_key":"${key}","google_key":"wrong"}` }), "unauthorized");
  for (const body of [
    `{"google\\u005fkey":"${key}"}`,
    `{"google_key":"${key}","google_key":"${key}"}`,
    `\ufeff{"google_key":"${key}"}`,
    `{"google_key":"wrong","x":1,"google_key":"${key}"}`,
  ]) {
    const { events } = await receive(google, { body });
    assert.equal(events.length, 1);
    assert.doesNotMatch(JSON.stringify(events), /google.key|Secretperson|wrong/);
  }
});

test("Google: columns that are no known field are questions, whatever their type", () => {
  const { lead } = mapped(google, {
    user_column_data: [
      { column_id: "FULL_NAME", string_value: "Omar" },
      { column_id: "PHONE_NUMBER", string_value: "01001234567" },
      { column_id: "WORK_EMAIL", string_value: "work@example.com" },
      { column_id: "EMAIL", string_value: "own@example.com" },
      { column_id: "name", column_name: "Project?", string_value: "Nile" },
      { column_id: "no_answer", string_value: "" },
      { column_id: "number", string_value: 5 },
      null,
      "text",
    ],
  });
  assert.deepEqual([lead.leadInformation.email, lead.additionalEmails], ["own@example.com", ["work@example.com"]]);
  assert.equal(lead.leadDescription, "Project?: Nile\nnumber: 5");
});

test("Typeform: hidden fields and every type of answer arrive; a partial response is not stored", async () => {
  const field = (ref) => ({ id: ref, ref });
  const answers = [
    { type: "text", text: "Mona", field: field("first_name") },
    { type: "phone_number", phone_number: "01001234567", field: field("x1") },
    { type: "choice", choice: { other: "Studio" }, field: field("unit") },
    { type: "choices", choices: { labels: ["Gym", "Pool"], other: "Garden" }, field: field("wishes") },
    { type: "boolean", boolean: true, field: field("visit") },
    { type: "number", number: 3, field: field("rooms") },
    { type: "date", date: "2026-12-01", field: field("when") },
  ];
  const form_response = {
    form_id: "f",
    token: "typeform-token",
    answers,
    hidden: { utm_campaign: "Nile", agent: "a1" },
  };
  const sent = (event) => {
    const body = JSON.stringify(event);
    return { body, headers: { "typeform-signature": `sha256=${hmac(SECRETS.typeform, body, "base64")}` } };
  };
  const partial = await receive(form, sent({ event_id: "e1", event_type: "form_response_partial", form_response }));
  assert.deepEqual(partial, { events: [] });
  const { events } = await receive(form, sent({ event_id: "e2", event_type: "form_response", form_response }));
  assert.equal(events[0].id, "typeform-token");
  const { lead } = mapped(form, events[0].data);
  assert.deepEqual([lead.leadInformation.phone, lead.campaignName], ["+201001234567", "Nile"]);
  assert.deepEqual(lead.leadDescription.split("\n"), [
    "unit: Studio",
    "wishes: Gym, Pool, Garden",
    "visit: yes",
    "rooms: 3",
    "when: 2026-12-01",
    "agent: a1",
  ]);
  for (const [event, id] of [
    [{ event_id: "e3", form_response: { answers: [] } }, "e3"],
    [{ form_response: null }, undefined],
  ])
    assert.equal((await receive(form, sent(event))).events[0].id, id);
  const { body, headers } = sent({ form_response });
  const signature = headers["typeform-signature"];
  for (const wrong of [
    signature.slice(7),
    "sha256=",
    `${signature}A`,
    signature.replace("sha256", "sha1"),
    "sha256=***",
  ])
    assert.equal(await receive(form, { body, headers: { "typeform-signature": wrong } }), "unauthorized", wrong);
});

test("Elementor: advanced data, repeated values and fields without a label", async () => {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const query = `?token=${SECRETS.elementor}`;
  const advanced = new URLSearchParams([
    ["form[id]", "a1"],
    ["form[name]", "Contact"],
    ...["id", "type", "title", "value", "raw_value", "required"].map((name) => [
      `fields[name][${name}]`,
      { id: "name", type: "text", title: "Name", value: "Mona", raw_value: "Mona", required: "1" }[name],
    ]),
    ["fields[phone][value]", "01001234567"],
    ["fields[field_1a2b3c][title]", "Which unit?"],
    ["fields[field_1a2b3c][value]", "Villa, Flat"],
    ["fields[field_1a2b3c][raw_value][0]", "Villa"],
    ["fields[field_1a2b3c][raw_value][1]", "Flat"],
    ["fields[wishes][value][]", "Gym"],
    ["fields[wishes][value][]", "Pool"],
    ["meta[page_url][title]", "Page URL"],
    ["meta[page_url][value]", "https://agency.example/"],
    ["meta[remote_ip][value]", "192.0.2.1"],
  ]);
  const { events } = await receive(site, { body: String(advanced), headers: type, query });
  const { lead, custom } = mapped(site, events[0].data);
  assert.deepEqual(lead.leadInformation, { firstName: "Mona", phone: "+201001234567" });
  assert.equal(lead.leadDescription, "Which unit?: Villa, Flat\nwishes: Gym, Pool");
  assert.deepEqual(custom.source, { kind: "elementor", formId: "a1", formName: "Contact" });
  assert.equal(custom.page, "https://agency.example/");
  const flat = await receive(site, { body: "No+Label+name=Mona&No+Label+phone=01001234567", headers: type, query });
  assert.equal(mapped(site, flat.events[0].data).lead.leadInformation.firstName, "Mona");
  assert.deepEqual(flat.events[0].marks, ["unverified"]);
  const authorization = `bearer ${SECRETS.elementor}`;
  const verified = await receive(site, { body: "name=Mona", headers: { ...type, authorization } });
  assert.deepEqual(verified.events[0].marks, []);
  // A wrong header is not excused by the URL.
  const wrong = { body: "name=Mona", headers: { ...type, authorization: "Bearer wrong" }, query };
  assert.equal(await receive(site, wrong), "unauthorized");
  for (const query of ["", "?token=", "?token=wrong", `?Token=${SECRETS.elementor}`])
    assert.equal(await receive(site, { body: "name=Mona", headers: type, query }), "unauthorized");
});

test("Standard Webhooks: one valid signature of several is enough, and each header is needed", async () => {
  const { body, headers } = SENDERS.partner("msg_00000001", { phone: "+201001234567" });
  const [, signature] = headers["webhook-signature"].split(" ");
  const accepts = async (changes, source = partner) => {
    const result = await receive(source, { body, headers: { ...headers, ...changes } });
    return typeof result === "string" ? result : result.events[0].id;
  };
  const wrong = `v1,${Buffer.alloc(32).toString("base64")}`;
  const urlSafe = signature.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  for (const value of [
    `${wrong} ${signature}`,
    `${signature} ${wrong}`,
    `${wrong}, ${signature}`,
    `  ${signature}`,
    urlSafe,
  ])
    assert.equal(await accepts({ "webhook-signature": value }), "msg_00000001", value);
  for (const value of [
    "",
    wrong,
    signature.slice(3),
    signature.replace("v1,", "v2,"),
    signature.replace("v1,", "v1a,"),
  ])
    assert.equal(await accepts({ "webhook-signature": value }), "unauthorized", value);
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"])
    assert.equal(await accepts({ [name]: "" }), "unauthorized", name);
  assert.equal(await accepts({ "webhook-id": "msg_00000002" }), "unauthorized");
  const now = Math.floor(Date.now() / 1_000);
  for (const timestamp of [
    `${now}.0`,
    `0x${now.toString(16)}`,
    `+${now}`,
    `${now}000`,
    new Date().toISOString(),
    "1e9",
  ]) {
    // Signed with this timestamp.
    const key = Buffer.from(SECRETS.standard.replace("whsec_", ""), "base64");
    const value = `v1,${hmac(key, `msg_00000001.${timestamp}.${body}`, "base64")}`;
    const changes = { "webhook-timestamp": timestamp, "webhook-signature": value };
    assert.equal(await accepts(changes), "unauthorized", timestamp);
  }
  const other = `whsec_${btoa("another secret of a partner")}`;
  const rotated = standardWebhooks({ secret: [other, SECRETS.standard.replace("whsec_", "")] });
  assert.equal(await accepts({}, rotated), "msg_00000001");
  assert.equal(await accepts({}, standardWebhooks({ secret: other })), "unauthorized");
  // A secret that is no key is missing, not wrong.
  assert.equal(await accepts({}, standardWebhooks({ secret: () => "whsec_not base64 at all!" })), "secret_missing");
  assert.throws(() => standardWebhooks({ secret: "whsec_not base64 at all!" }), /secret must be base64/);
});

test("other tools: signatures in each encoding, tokens in each header, and lists of submissions", async () => {
  const body = '{"id":"zap-00000001","phone":1}';
  for (const encoding of ["hex", "base64"]) {
    const options = { header: "X-Signature", encoding, prefix: "v0=", secret: [SECRETS.bearer, SECRETS.typeform] };
    const source = webhook({ verify: hmacSha256(options) });
    const signature = hmac(SECRETS.typeform, body, encoding);
    for (const [value, isRight] of [
      [`v0=${signature}`, true],
      [`v0= ${signature}`, true],
      [signature, false],
      [`v1=${signature}`, false],
      ["v0=", false],
      ["", false],
    ]) {
      const result = await receive(source, { body, headers: { "x-signature": value } });
      assert.equal(result === "unauthorized", !isRight, `${encoding} ${value}`);
    }
  }
  const custom = webhook({ verify: bearer(SECRETS.bearer, "X-Token") });
  for (const [name, value] of [
    ["x-token", SECRETS.bearer],
    ["x-token", `Bearer ${SECRETS.bearer}`],
  ])
    assert.equal((await receive(custom, { body, headers: { [name]: value } })).events.length, 1);
  assert.equal(await receive(custom, { body, headers: { authorization: `Bearer ${SECRETS.bearer}` } }), "unauthorized");
  const portal = webhook({ verify: basic("portal", SECRETS.bearer) });
  for (const text of [`portal:${SECRETS.bearer}x`, `other:${SECRETS.bearer}`, SECRETS.bearer, "portal:", ""])
    assert.equal(await receive(portal, { body, headers: { authorization: `Basic ${btoa(text)}` } }), "unauthorized");

  const headers = { authorization: `Bearer ${SECRETS.bearer}` };
  const idsOf = async (text) => {
    const result = await receive(zapier, { body: text, headers });
    return typeof result === "string" ? result : result.events.map(({ id }) => id);
  };
  assert.deepEqual(await idsOf(`[{"id":"a-0000001"},{"id":${IDS[0]}},{}]`), ["a-0000001", IDS[0], undefined]);
  assert.deepEqual(await idsOf("[]"), []);
  assert.deepEqual(await idsOf("[1,2]"), [undefined]);
  assert.deepEqual(await idsOf(""), [undefined]);
  assert.equal((await idsOf(JSON.stringify(Array(1_000).fill({})))).length, 1_000);
  assert.equal(await idsOf(JSON.stringify(Array(1_001).fill({}))), "too_large");
});

test("other tools: the first of several numbers and messages comes first, and a number may be a phone", () => {
  const { lead } = mapped(zapier, {
    name: "Mona",
    mobile: 201001234567,
    phone: "01112345678",
    whatsapp: "01212345678",
    message: "Call me",
    notes: "Soon",
    budget: "5M",
    __proto__: { polluted: true },
  });
  assert.equal(lead.leadInformation.phone, "+201001234567");
  assert.deepEqual(lead.additionalPhones, ["+201112345678", "+201212345678"]);
  assert.equal(lead.leadDescription, "Call me\nSoon\nbudget: 5M");
  const documented = mapped(zapier, { leadInformation: { firstName: "Mona", phone: 201001234567 } });
  assert.equal(documented.lead.leadInformation.phone, "+201001234567");
});

test("a body nested without end is stored up to a depth", async (test) => {
  const { leads, outbox } = await inMemory(test, { sources: SOURCES });
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const { headers } = SENDERS.zapier({});
  const sends = [
    ["zapier", { headers, body: `{"id":"zap-00000001","name":"Mona","deep":${deep}}` }],
    ["google", { body: `{"lead_id":"lead-of-google","google_key":"${SECRETS.google}","deep":${deep}}` }],
  ];
  for (const [name, sent] of sends) assert.equal((await deliver(leads, name, sent)).status, 200, name);
  const stored = outbox.entries.get("webhook-zap-00000001").data;
  assert.equal(JSON.parse(stored).name, "Mona");
  assert.ok(stored.length < 200, `${stored.length}`);
});

for (const [platform, start] of [
  ["node", node],
  ["workerd", workerd],
]) {
  test(`${platform}: a body in chunks is verified and read as one, wherever it is cut`, async (test) => {
    const { leads, inspect, list } = await start(test, { sources: SOURCES });
    const body = Buffer.from(JSON.stringify({ id: "tally-0000001", name: "منى", phone: "+201001234567" }));
    const head = (changes) =>
      [
        `POST ${new URL(leads).pathname}/sources/tally HTTP/1.1`,
        `host: ${new URL(leads).host}`,
        "content-type: application/json",
        // Names of headers have no case.
        `TALLY-Signature: ${hmac(SECRETS.typeform, body, "base64")}`,
        "connection: close",
        "transfer-encoding: chunked\r\n\r\n",
      ].join("\r\n") + changes;
    // In the middle of a letter.
    const cut = body.indexOf("منى") + 1;
    const chunks = (parts) =>
      parts.map((part) => Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]));
    const send = (parts) => raw(leads, [head(""), ...chunks(parts), "0\r\n\r\n"]);
    const wrong = Buffer.from(body);
    wrong[cut] ^= 1;
    assert.match(await send([wrong.subarray(0, cut), wrong.subarray(cut)]), /^HTTP\/1\.1 401/);
    assert.match(await send([body.subarray(0, cut), body.subarray(cut)]), /^HTTP\/1\.1 200/);
    const [{ submissionId }] = await list();
    assert.equal((await inspect(submissionId)).event.name, "منى");
  });
}
