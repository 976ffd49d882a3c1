// Leads of sources, from the platform to the CRM: what arrives, what is held, what is repeated.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm, submit } from "./support/crm.mjs";
import { node, workerd } from "./support/platforms.mjs";
import { deliver, SECRETS, SENDERS, SOURCES } from "./support/senders.mjs";
import { reach } from "./support/requests.mjs";

const META = 9_007_199_254_740_993n;

/** A forwarder with a sandbox as its CRM and as its Graph API. */
async function start(test, platform, described, config = {}) {
  const sandbox = await crm(test);
  const meta = { ...SOURCES.meta, accessToken: "sandbox-page-token", graphURL: sandbox.graph };
  const sources = described ?? { ...SOURCES, meta };
  if (sources.meta) sources.meta = { ...meta, ...sources.meta };
  const forwarder = await platform(test, { ...sandbox.config, sources, ...config });
  await sandbox.platforms({
    metaUrl: `${forwarder.leads}/sources/meta`,
    googleUrl: `${forwarder.leads}/sources/google`,
    appSecret: SECRETS.app,
    googleKey: SECRETS.google,
  });
  const leads = async () =>
    Object.fromEntries((await sandbox.leads()).map((lead) => [JSON.parse(lead.customField).submissionId, lead]));
  const state = async (id) => {
    const entry = await forwarder.inspect(id);
    return entry && `${entry.state} ${entry.reason ?? "-"}`;
  };
  const becomes = (id, expected) => waitUntil(`${id}: ${expected}`, async () => (await state(id)) === expected);
  return { ...forwarder, sandbox, crmLeads: leads, becomes };
}

for (const [name, platform] of [
  ["node", node],
  ["workerd", workerd],
]) {
  test(`${name}: a lead of Meta is fetched and arrives whole`, async (test) => {
    const { sandbox, crmLeads } = await start(test, platform, { meta: {} });
    const { ids } = await sandbox.deliver("meta", { repeat: 2 });
    await arrived(sandbox, [`meta-${ids[0]}`]);
    const lead = (await crmLeads())[`meta-${ids[0]}`];
    assert.equal(ids[0], String(META));
    assert.deepEqual(lead.leadInformation, {
      firstName: "منى",
      lastName: "الحسيني 0",
      phone: "+201000000000",
      email: "mona.0@example.com",
    });
    assert.equal(lead.leadDescription, "which unit do you want?: Villa / فيلا");
    assert.deepEqual([lead.leadSource, lead.campaignName, lead.setName], ["facebook_ads", "Q3 Launch", "Cairo 30-45"]);
    const { source, phone } = JSON.parse(lead.customField);
    assert.deepEqual(source.consent, [
      { name: "marketing", given: true },
      { name: "partners", given: false },
    ]);
    assert.deepEqual(
      [source.id, source.formId, source.pageId, source.campaignId, source.platform],
      [ids[0], "9223372036854775777", "9223372036854775001", "120210000000000003", "fb"],
    );
    assert.equal(phone.raw, "01000000000");
  });

  test(`${name}: batches, repetitions and lost webhooks, healed by reading the form: each lead once`, async (test) => {
    const meta = { backfill: { forms: ["9223372036854775777"], everyMinutes: 0.03 } };
    const { sandbox, leads } = await start(test, platform, { meta, google: SOURCES.google });
    await sandbox.platforms({ errors: [{ code: 2, times: 3 }, { code: 4 }, { status: 502, code: null, times: 2 }] });
    // The forms are known once the outbox has started.
    await submit(leads, 3);
    const { ids } = await sandbox.deliver("meta", { count: 60, batch: 7, repeat: 1, lost: 30, reorder: true });
    await sandbox.deliver("google", { count: 20, repeat: 1, reorder: true });
    const google = Array.from({ length: 20 }, (_, number) => `google-${META + BigInt(number)}`);
    await arrived(sandbox, [...ids.map((id) => `meta-${id}`), ...google]);
  });
}

test("a dead token pauses fetching alone: forms and other sources go on, and acknowledgements", async (test) => {
  const alerts = [];
  const { sandbox, leads, admin } = await start(
    test,
    node,
    { meta: {}, google: SOURCES.google },
    {
      onAlert: (alert) => alerts.push(alert),
    },
  );
  await sandbox.platforms({ accessToken: null });
  const { ids } = await sandbox.deliver("meta", { count: 30, batch: 10 });
  await waitUntil("the pause", () => alerts.some(({ kind }) => kind === "source_paused"));
  assert.deepEqual(
    alerts.filter(({ kind }) => kind.startsWith("source")),
    [{ kind: "source_paused", source: "meta", reason: "token_invalid", code: 190 }],
  );
  await sandbox.deliver("google", { count: 5 });
  const forms = await submit(leads, 5);
  const google = Array.from({ length: 5 }, (_, number) => `google-${META + BigInt(number)}`);
  await arrived(sandbox, [...forms, ...google]);
  const { body } = await admin("../health");
  const meta = body.sources.find(({ name }) => name === "meta");
  assert.deepEqual([meta.fetching, meta.pauseReason, body.paused], [30, "token_invalid", false]);
  await sandbox.platforms({ accessToken: "sandbox-page-token" });
  await arrived(
    sandbox,
    ids.map((id) => `meta-${id}`),
  );
  await waitUntil("the resolved alert", () => alerts.some(({ condition }) => condition === "source_paused"));
});

const PHONES = {
  EG: ["01001234567", "+201001234567"],
  SA: ["0501234567", "+966501234567"],
  AE: ["050 123 4567", "+971501234567"],
  KW: ["5001 2345", "+96550012345"],
  QA: ["3312 3456", "+97433123456"],
  BH: ["3600 1234", "+97336001234"],
  OM: ["9212 3456", "+96892123456"],
  FR: ["06 12 34 56 78", "+33612345678"],
};

test("national telephone numbers are read by the source's country, in any digits", async (test) => {
  const sources = Object.fromEntries(
    Object.keys(PHONES).map((country) => [country.toLowerCase(), { ...SOURCES.google, country }]),
  );
  const { leads, crmLeads, sandbox } = await start(test, node, sources);
  for (const [country, [phone]] of Object.entries(PHONES)) {
    const columns = [
      { column_id: "FULL_NAME", string_value: "Omar" },
      { column_id: "PHONE_NUMBER", string_value: country === "EG" ? "٠١٠٠١٢٣٤٥٦٧" : phone },
    ];
    const sent = SENDERS.google(`lead-of-${country}`, { user_column_data: columns });
    assert.equal((await deliver(leads, country.toLowerCase(), sent)).status, 200);
  }
  const ids = Object.keys(PHONES).map((country) => `google-lead-of-${country}`);
  await arrived(sandbox, ids);
  const stored = await crmLeads();
  assert.deepEqual(
    ids.map((id) => stored[id].leadInformation.phone),
    Object.values(PHONES).map(([, phone]) => phone),
  );
});

test("a lead of Google has its campaign's name, its click and its questions", async (test) => {
  const google = { ...SOURCES.google, campaigns: { [String(META)]: "Launch" } };
  const { leads, crmLeads, sandbox } = await start(test, node, { google });
  const columns = [
    { column_id: "FIRST_NAME", string_value: "Omar" },
    { column_id: "LAST_NAME", string_value: "El Sayed" },
    { column_id: "PHONE_NUMBER", string_value: "+201001234567" },
    { column_id: "WORK_PHONE", string_value: "+20223456789" },
    { column_id: "EMAIL", string_value: "omar@example.com" },
    { column_id: "CITY", string_value: "Cairo" },
    { column_id: "question_1", column_name: "ما هي ميزانيتك؟", string_value: "٥ مليون" },
  ];
  await deliver(leads, "google", SENDERS.google("lead-of-google", { user_column_data: columns }));
  await arrived(sandbox, ["google-lead-of-google"]);
  const lead = (await crmLeads())["google-lead-of-google"];
  assert.deepEqual(lead.leadInformation, {
    firstName: "Omar",
    lastName: "El Sayed",
    phone: "+201001234567",
    email: "omar@example.com",
    address: { city: "Cairo" },
  });
  assert.deepEqual(lead.additionalPhones, ["+20223456789"]);
  assert.deepEqual([lead.campaignName, lead.leadDescription], ["Launch", "ما هي ميزانيتك؟: ٥ مليون"]);
  const { attribution, source } = JSON.parse(lead.customField);
  assert.deepEqual([attribution.last.gclid, source.formId], ["click-1", "9223372036854775777"]);
});

test("the form tools' own fields become a lead", async (test) => {
  const { leads, crmLeads, sandbox, list } = await start(test, node);
  const answers = [
    { type: "text", text: "منى الحسيني", field: { id: "1", ref: "full_name" } },
    { type: "phone_number", phone_number: "+201001234567", field: { id: "2", ref: "a-b" } },
    { type: "choice", choice: { label: "Villa" }, field: { id: "3", ref: "unit" } },
  ];
  await deliver(leads, "typeform", SENDERS.typeform("typeform-token", answers));
  await deliver(
    leads,
    "partner",
    SENDERS.partner("msg_00000001", { leadInformation: { firstName: "Mona", phone: "01001234567" }, region: "Cairo" }),
  );
  await deliver(
    leads,
    "site",
    SENDERS.site({
      الاسم: "منى",
      "رقم الهاتف": "01001234567",
      Budget: "5M",
      form_id: "a1",
      form_name: "Contact",
      "Page URL": "https://agency.example/",
    }),
  );
  await deliver(
    leads,
    "zapier",
    SENDERS.zapier({ id: "zap-00000001", full_name: "Mona", phone_number: "01001234567", message: "Call me" }),
  );
  await waitUntil("all leads", async () => (await sandbox.leads()).length === 4);
  const found = await crmLeads();
  const site = Object.entries(found).find(([id]) => id.startsWith("elementor-"))[1];
  const { marks, source, page } = JSON.parse(site.customField);
  assert.deepEqual([marks, source.formName, page], [["unverified"], "Contact", "https://agency.example/"]);
  assert.deepEqual([site.leadInformation.firstName, site.leadDescription], ["منى", "Budget: 5M"]);
  assert.equal(found["typeform-typeform-token"].leadInformation.lastName, "الحسيني");
  assert.equal(found["typeform-typeform-token"].leadDescription, "unit: Villa");
  assert.equal(found["standardwebhooks-msg_00000001"].region, "Cairo");
  assert.equal(found["webhook-zap-00000001"].leadDescription, "Call me");
  for (const lead of Object.values(found)) assert.equal(lead.leadInformation.phone, "+201001234567");
  assert.equal((await list()).length, 4);
});

test("test leads are acknowledged and not sent, or sent with a tag", async (test) => {
  const google = { ...SOURCES.google, tests: "mark" };
  const { leads, becomes, sandbox, crmLeads } = await start(test, node, { meta: {}, google });
  const { ids } = await sandbox.deliver("meta", {
    fields: { full_name: "<test lead: dummy data for full_name>", email: "test@fb.com" },
  });
  await becomes(`meta-${ids[0]}`, "skipped test_lead");
  const long = "T".repeat(80);
  await deliver(leads, "google", SENDERS.google(long, { is_test: true }));
  await waitUntil("the marked lead", async () => (await sandbox.leads()).length === 1);
  const [[id, lead]] = Object.entries(await crmLeads());
  assert.match(id, /^google-[\w-]{43}$/);
  assert.deepEqual([lead.tags, JSON.parse(lead.customField).marks], [["test"], ["test"]]);
});

test("a map that fails holds its lead; a replay maps with the code that runs then", async (test) => {
  const expected = {
    throws: "held map_failed",
    null: "skipped map_null",
    nonsense: "held map_invalid",
    nothing: "held map_invalid",
    promise: "held map_invalid",
    phoneless: "held incomplete",
  };
  let isFixed = false;
  for (const [map, state] of Object.entries(expected)) {
    const { leads, becomes, sandbox, admin, crmLeads } = await start(test, node, {
      google: { ...SOURCES.google, map },
      fixable: {
        ...SOURCES.google,
        map(lead) {
          if (!isFixed) throw new Error("not yet");
          return { ...lead, leadOwner: "fixed" };
        },
      },
    });
    isFixed = false;
    assert.equal((await deliver(leads, "google", SENDERS.google("lead-of-google"))).status, 200);
    await becomes("google-lead-of-google", state);
    assert.equal((await sandbox.leads()).length, 0);
    if (map !== "throws") continue;
    await deliver(leads, "fixable", SENDERS.google("lead-to-be-fixed"));
    await becomes("google-lead-to-be-fixed", "held map_failed");
    isFixed = true;
    assert.equal((await admin("leads/replay?reason=map_failed", "POST")).status, 200);
    await arrived(sandbox, ["google-lead-to-be-fixed"]);
    assert.equal((await crmLeads())["google-lead-to-be-fixed"].leadOwner, "fixed");
    await becomes("google-lead-of-google", "held map_failed");
  }
});

test("a map may change the lead, but not the fields that are the forwarder's", async (test) => {
  const google = { ...SOURCES.google, map: "owned" };
  const { leads, sandbox, crmLeads } = await start(
    test,
    node,
    { google },
    { defaults: { leadSource: "x", region: "Cairo" } },
  );
  await deliver(leads, "google", SENDERS.google("lead-of-google"));
  await arrived(sandbox, ["google-lead-of-google"]);
  const lead = (await crmLeads())["google-lead-of-google"];
  // The defaults fill what the platform leaves open.
  assert.deepEqual([lead.leadOwner, lead.leadSource, lead.region], ["google", "google_ads", "Cairo"]);
});

test("no secret and no personal data reach a log, an alert, a metric or the health", async (test) => {
  const logged = [];
  for (const method of ["log", "info", "warn", "error", "debug"])
    test.mock.method(console, method, (...words) => logged.push(words.join(" ")));
  const alerts = [];
  const described = { ...SOURCES, google: { ...SOURCES.google, map: "throws" }, meta: {} };
  const { leads, becomes, admin, file, url } = await start(test, node, described, {
    onAlert: (alert) => alerts.push(alert),
  });
  const columns = [
    { column_id: "FULL_NAME", string_value: "Secretperson" },
    { column_id: "PHONE_NUMBER", string_value: "+201009998887" },
  ];
  await deliver(leads, "google", SENDERS.google("lead-of-google", { user_column_data: columns }));
  await deliver(leads, "google", SENDERS.google("lead-of-google-2", {}, { secret: "wrong-Secretperson" }));
  await deliver(leads, "site", SENDERS.site({ name: "Secretperson", phone: "+201009998887" }));
  await deliver(leads, "meta", SENDERS.meta([String(META)]));
  await becomes("google-lead-of-google", "held map_failed");
  await waitUntil("an alert", () => alerts.some(({ kind }) => kind === "source_leads_held"));
  const health = (await admin("../health")).body;
  const authorization = { authorization: "Bearer an-admin-token-of-more-than-32-characters" };
  const metrics = await (await reach(`${url}/admin/metrics`, { headers: authorization })).text();
  const seen = [...logged, JSON.stringify(alerts), JSON.stringify(health), metrics].join("\n");
  assert.match(seen, /source_leads_held/);
  assert.doesNotMatch(seen, /Secretperson|9998887|elementor-token|page-token|verify-token/);
  const stored = (await readFile(file)).toString("latin1") + (await readFile(`${file}-wal`)).toString("latin1");
  for (const secret of Object.values(SECRETS)) assert.ok(!stored.includes(secret), "a secret is stored");
});
