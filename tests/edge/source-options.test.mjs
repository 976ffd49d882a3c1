// The options of lead sources: wrong ones are rejected by name, with the intended one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { misspellings, nested, optionsOf, siblingsOf } from "../support/options.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { CONFIG } from "./support/platforms.mjs";
import { SECRETS, SOURCES } from "./support/senders.mjs";

const kinds = await import(join(packageFolder, "dist/forwarder/sources.js"));
const { createForwarder } = await import(`${packageFolder}/runtime/forwarder-node.js`);
const { metaLeadAds, googleLeadForms, standardWebhooks, typeform, elementor, webhook, hmacSha256, bearer, basic } =
  kinds;

/** Each function, its options' declaration, and valid options. */
const FUNCTIONS = [
  ["metaLeadAds", "meta", "MetaLeadAdsOptions", { ...SOURCES.meta, backfill: { forms: ["1"] } }],
  ["googleLeadForms", "google", "GoogleLeadFormsOptions", { key: SECRETS.google }],
  ["standardWebhooks", "standard-webhooks", "StandardWebhooksOptions", { secret: SECRETS.standard }],
  ["typeform", "typeform", "TypeformOptions", { secret: SECRETS.typeform }],
  ["elementor", "elementor", "ElementorOptions", { token: SECRETS.elementor }],
  ["webhook", "webhook", "WebhookOptions", { verify: bearer(SECRETS.bearer) }],
  ["hmacSha256", "webhook", "HmacOptions", { header: "x-signature", encoding: "hex", secret: SECRETS.bearer }],
];

const configuration = (pattern) => (error) => {
  assert.equal(error.name, "ConfigurationError", error.stack);
  assert.match(error.message, pattern);
  return true;
};

for (const [name, file, declaration, { kind: _, ...options }] of FUNCTIONS) {
  test(`${name}: an option with one wrong letter is rejected by name`, () => {
    kinds[name](options);
    const paths = optionsOf(join(packageFolder, `dist/forwarder/sources/${file}.d.ts`), declaration);
    assert.ok(paths.length >= 4, String(paths));
    // A verification's members are its own.
    for (const path of paths.filter(
      ([first, ...deeper]) => !deeper.length || (first === "backfill" && deeper.length === 1),
    )) {
      const siblings = siblingsOf(path, paths);
      for (const misspelled of misspellings(path.at(-1), "aeZ9")) {
        if (siblings.includes(misspelled)) continue;
        const wrong = nested([...path.slice(0, -1), misspelled], 1);
        const merged =
          path.length > 1
            ? { ...options, backfill: { ...options.backfill, ...wrong.backfill } }
            : { ...options, ...wrong };
        assert.throws(
          () => kinds[name](merged),
          configuration(/unknown option ".*"; did you mean ".+"\?$/),
          misspelled,
        );
      }
    }
  });
}

test("values that cannot work are rejected where the source is made", () => {
  const meta = (changes) => () => metaLeadAds({ ...SOURCES.meta, kind: undefined, ...changes });
  const wrong = [
    [meta({ appSecret: "" }), /appSecret/],
    [meta({ appSecret: [] }), /appSecret/],
    [meta({ appSecret: "15-characters-x" }), /metaLeadAds: appSecret must have at least 16 characters/],
    [meta({ verifyToken: undefined }), /verifyToken/],
    [meta({ accessToken: 1 }), /accessToken/],
    [meta({ version: "26" }), /version must be .* v26\.0/],
    [meta({ graphURL: "http://graph.example" }), /graphURL must be an https URL/],
    [meta({ graphURL: "graph" }), /graphURL/],
    [meta({ country: "Egypt" }), /country must be a country code such as EG/],
    [meta({ tests: "send" }), /tests must be one of skip, mark/],
    [meta({ map: {} }), /map must be a function/],
    [meta({ backfill: { forms: ["../x"] } }), /backfill\.forms/],
    [meta({ backfill: { forms: ["1"], everyMinutes: 0 } }), /everyMinutes/],
    [() => googleLeadForms({ key: "15-characters-x" }), /googleLeadForms: key must have at least 16 characters/],
    [() => googleLeadForms({ key: SECRETS.google, campaigns: { 1: 2 } }), /campaigns/],
    [() => googleLeadForms(), /googleLeadForms needs its options/],
    [() => standardWebhooks({ secret: 1 }), /secret/],
    [() => standardWebhooks({ secret: "whsec_short" }), /standardWebhooks: secret must have at least 16 characters/],
    [() => typeform({}), /secret/],
    [() => typeform({ secret: [SECRETS.typeform, "short"] }), /typeform: secret must have at least 16 characters/],
    [() => elementor({ token: "too short" }), /token must have at least 32 characters/],
    [() => webhook({ verify: {} }), /verify must be hmacSha256/],
    [() => webhook({ verify: bearer(SECRETS.bearer), id: "id" }), /id must be a function/],
    [() => hmacSha256({ header: "a b", encoding: "hex", secret: SECRETS.bearer }), /header/],
    [
      () => hmacSha256({ header: "a", encoding: "utf8", secret: SECRETS.bearer }),
      /encoding must be one of hex, base64/,
    ],
    [() => hmacSha256({ header: "a", encoding: "hex", secret: "short" }), /hmacSha256: secret must have at least 16/],
    [() => bearer("short"), /at least 16 characters/],
    [() => basic("a:b", SECRETS.bearer), /user must be text without a colon/],
  ];
  for (const [make, pattern] of wrong) assert.throws(make, configuration(pattern));
});

test("the forwarder rejects what is not a source, and names that no URL should have", () => {
  const make = (sources) => () => createForwarder({ ...CONFIG, sources });
  make({ site: typeform({ secret: SECRETS.typeform }) })();
  for (const [sources, pattern] of [
    [[], /sources must be an object/],
    [{ meta: {} }, /sources\.meta must be made by/],
    [{ meta: null }, /sources\.meta must be made by/],
    [{ "a/b": typeform({ secret: SECRETS.typeform }) }, /names are lower-case letters/],
    [{ Meta: typeform({ secret: SECRETS.typeform }) }, /names are lower-case letters/],
  ])
    assert.throws(make(sources), configuration(pattern));
});
