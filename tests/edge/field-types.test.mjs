// What visitors type, in JSON requests and in form posts: the CRM gets the same value from both.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { platforms } from "./support/platforms.mjs";
import { body, FORM, PERSON, postForm, postJson } from "./support/requests.mjs";

/** Directional marks, as an Arabic keyboard or copied text contains them. */
const [LRM, RLM, LRI, PDI, NBSP, ZWSP, BOM, ZWNJ, ZWJ] = [
  "\u200e",
  "\u200f",
  "\u2066",
  "\u2069",
  "\u00a0",
  "\u200b",
  "\ufeff",
  "\u200c",
  "\u200d",
];

const TEXT = Symbol("text");

// The typed text; its value in English, French and Arabic.
const AMOUNTS = [
  ["1,500", 1_500, TEXT, 1_500],
  ["1.500", TEXT, TEXT, TEXT],
  ["500.000", TEXT, TEXT, TEXT],
  ["2,5", 2.5, 2.5, 2.5],
  ["٢٫٥", 2.5, 2.5, 2.5],
  ["1500000,00", 1_500_000, 1_500_000, 1_500_000],
  [`250${NBSP}000,50`, 250_000.5, 250_000.5, 250_000.5],
  ["1.500.000", 1_500_000, 1_500_000, 1_500_000],
  ["1 500 000", 1_500_000, 1_500_000, 1_500_000],
  ["1,5 million", 1_500_000, 1_500_000, 1_500_000],
  [`${RLM}١٫٥ مليون${PDI}`, 1_500_000, 1_500_000, 1_500_000],
  ["EGP 1,500,000", 1_500_000, 1_500_000, 1_500_000],
  [" 5e6 ", 5_000_000, 5_000_000, 5_000_000],
  ["-5", TEXT, TEXT, TEXT],
  ["Infinity", TEXT, TEXT, TEXT],
  ["5 - 7 million", TEXT, TEXT, TEXT],
  ["much", TEXT, TEXT, TEXT],
];

/** Sends a lead as JSON and as a form post; returns both as they are stored. */
async function both({ leads, inspect }, lead, context = {}) {
  const fields = [];
  const spread = (value, name) => {
    if (Array.isArray(value)) for (const one of value) fields.push([name, one]);
    else if (typeof value === "object") for (const [key, one] of Object.entries(value)) spread(one, `${name}.${key}`);
    else fields.push([name, value]);
  };
  for (const [name, value] of Object.entries(lead)) spread(value, name);
  spread(context, "context");
  const ids = [randomUUID(), randomUUID()];
  const json = await postJson(leads, body({ submissionId: ids[0], lead, context }));
  assert.equal(json.status, 202, JSON.stringify([lead, await json.text()]));
  const form = await postForm(leads, `${new URLSearchParams([...fields, ["submissionId", ids[1]]])}`);
  assert.equal(form.status, 303, JSON.stringify(lead));
  return Promise.all(ids.map(inspect));
}

for (const [name, open] of platforms) {
  test(`${name}: a budget is a number if it is unambiguous, otherwise text in the description`, async (test) => {
    const forwarder = await open(test);
    for (const [typed, ...expected] of AMOUNTS) {
      for (const [index, locale] of ["en", "fr-FR", "ar"].entries()) {
        const leadDescription = index ? "A garden" : undefined;
        const lead = { leadInformation: PERSON, dealSize: typed, ...(leadDescription ? { leadDescription } : {}) };
        const logged = `Budget: ${typed.trim()}`;
        for (const stored of await both(forwarder, lead, { locale })) {
          const { dealSize, leadDescription: description } = stored.lead;
          const wanted =
            expected[index] === TEXT
              ? [undefined, leadDescription ? `A garden\n${logged}` : logged]
              : [expected[index], leadDescription];
          assert.deepEqual([dealSize, description], wanted, `${locale}: ${typed}`);
          assert.deepEqual(stored.marks, []);
        }
      }
    }
  });

  test(`${name}: a phone number is E.164 if it can be parsed, otherwise the text without invisible marks`, async (test) => {
    const forwarder = await open(test);
    for (const [typed, context, expected] of [
      [`${LRM}+20 100 123 4567${PDI}`, {}, "+201001234567"],
      [`${LRI}+٢٠ ١٠٠ ١٢٣ ٤٥٦٧${PDI}`, {}, "+201001234567"],
      ["0020 (100) 123-4567", {}, "+201001234567"],
      [`٠١٠٠${NBSP}١٢٣${ZWSP}٤٥٦٧`, { phone: { country: "EG" } }, "+201001234567"],
      ["۰۵۰ ۱۲۳ ۴۵۶۷", { locale: "ar-SA" }, "+966501234567"],
      ["0501234567", { locale: "ar-SA", phone: { country: "AE" } }, "+971501234567"],
      // The country of these is unknown.
      [`٠١٠٠${NBSP}١٢٣ ٤٥٦٧${RLM}`, {}, "0100 123 4567"],
      ["0501234567", { locale: "en-GB" }, "0501234567"],
      ["12", { phone: { country: "EG" } }, "12"],
      ["call my office", {}, "call my office"],
    ]) {
      for (const { lead, custom } of await both(
        forwarder,
        { leadInformation: { firstName: "Mona", phone: typed }, additionalPhones: [typed] },
        context,
      )) {
        assert.equal(lead.leadInformation.phone, expected, typed);
        assert.deepEqual(lead.additionalPhones, [expected]);
        // A form's fields are stored as they were sent, although the number changed.
        assert.equal(custom.phone?.raw, typed === expected ? undefined : typed);
      }
    }
    const raw = body({
      lead: { leadInformation: { ...PERSON, phone: "0100 123 4567" } },
      context: { phone: { raw: "as typed", country: "EG", check: "strict" } },
    });
    await postJson(forwarder.leads, raw);
    assert.deepEqual((await forwarder.inspect(raw.submissionId)).custom.phone, {
      raw: "as typed",
      country: "EG",
      check: "strict",
    });
  });

  test(`${name}: invisible characters are removed from emails and names, except joiners that spelling needs`, async (test) => {
    const forwarder = await open(test);
    const person = {
      ...PERSON,
      firstName: `${RLM}${BOM} منى${ZWSP}\u0000 `,
      lastName: `می${ZWNJ}خواهم${ZWJ}`,
      company: `Nile${NBSP}Homes \u{1f469}${ZWJ}\u{1f4bb}`,
      email: `${LRM}mona${ZWNJ}@example.com${NBSP}`,
    };
    for (const { lead, warnings } of await both(forwarder, {
      leadInformation: person,
      additionalEmails: [`a@example.com${BOM}`],
    })) {
      assert.deepEqual(lead.leadInformation, {
        ...PERSON,
        firstName: "منى",
        lastName: `می${ZWNJ}خواهم`,
        company: `Nile Homes \u{1f469}${ZWJ}\u{1f4bb}`,
        email: "mona@example.com",
      });
      assert.deepEqual([lead.additionalEmails, warnings], [["a@example.com"], undefined]);
    }
    const response = await postForm(forwarder.leads, { ...FORM, "leadInformation.firstName": `${ZWSP}${RLM}${ZWJ}` });
    assert.equal(response.status, 400, "a name without visible characters");
  });

  test(`${name}: control characters are removed from text, and a description keeps its line breaks`, async (test) => {
    const forwarder = await open(test, { allowFields: ["status"] });
    const controls = "\u0000\u0007\u001b\u007f\u0085";
    const address = { city: `Cairo${controls}\nEgypt` };
    const lead = {
      leadInformation: { ...PERSON, firstName: `Mo\u0000na`, address },
      interests: [`vi\u0000lla`],
      region: `Nasr\tCity${controls}`,
      campaignName: `a${controls}\r\nb`,
      leadDescription: `one${controls}\r\n\ttwo\nthree`,
      status: `x${controls}\ny`,
      dealSize: `much\u0000`,
    };
    const attribution = { last: { source: `goo${controls}gle` } };
    for (const { lead: stored, custom } of await both(forwarder, lead, {
      attribution,
      landingPage: `https://agency.example/${controls}`,
    })) {
      assert.deepEqual(stored, {
        leadInformation: { ...PERSON, firstName: "Mona", address: { city: "Cairo Egypt" } },
        interests: ["villa"],
        region: "Nasr City",
        campaignName: "a b",
        leadDescription: "one\n\ttwo\nthree\nBudget: much",
        status: "x\ny",
      });
      assert.deepEqual(
        [custom.attribution, custom.landingPage],
        [{ last: { source: "google" } }, "https://agency.example/"],
      );
    }
  });

  test(`${name}: a required text without visible characters is missing`, async (test) => {
    const { leads, count } = await open(test);
    for (const nothing of [
      ZWSP,
      `${LRM}${RLM}${LRI}${PDI}`,
      "\u00ad",
      "\u115f\u1160\u3164\uffa0",
      "\u0301",
      "\u064b\u0651",
      "\u2800",
      "\ufe0f\u{e0101}",
      "\u034f\u17b4",
      ` ${BOM}${ZWJ}`,
    ]) {
      for (const field of ["firstName", "phone"]) {
        const response = await postJson(leads, body({ lead: { leadInformation: { ...PERSON, [field]: nothing } } }));
        assert.equal(response.status, 400, `${field}: ${escape(nothing)}`);
        const [{ path, code }] = (await response.json()).error.issues;
        assert.deepEqual([path, code], [`leadInformation.${field}`, "required"]);
        assert.equal(
          (await postForm(leads, { ...FORM, [`leadInformation.${field}`]: nothing })).status,
          400,
          `${field}: ${escape(nothing)}`,
        );
      }
    }
    assert.equal(await count(), 0);
    // Combining marks, and scripts that need them, are valid in names.
    for (const firstName of ["e\u0301", "مُحَمَّد", "김", "\u{1f469}\u200d\u{1f4bb}"])
      assert.equal((await postForm(leads, { ...FORM, "leadInformation.firstName": firstName })).status, 303);
  });

  test(`${name}: a number beyond JavaScript's precision is kept as written, or rejected`, async (test) => {
    const { leads, inspect } = await open(test, { allowFields: ["leadRating"] });
    const written = (field, number) =>
      `{"submissionId":"${randomUUID()}","lead":{"leadInformation":${JSON.stringify(PERSON)},"region":"\\"1e400","${field}":${number}}}`;
    for (const number of ["1e400", "-1e400", "12345678901234567890", "-9007199254740993", "1e-400"]) {
      const text = written("dealSize", number);
      assert.equal((await postJson(leads, text)).status, 202, number);
      const { lead } = await inspect(JSON.parse(text).submissionId);
      assert.deepEqual(
        [lead.dealSize, lead.leadDescription, lead.region],
        [undefined, `Budget: ${number}`, '"1e400'],
        number,
      );
      const response = await postJson(leads, written("leadRating", number));
      assert.deepEqual(
        [response.status, (await response.json()).error.issues?.map(({ path, code }) => [path, code])],
        [400, [["leadRating", "type"]]],
        number,
      );
      const form = await postForm(leads, { ...FORM, leadRating: number });
      assert.equal(form.status, 400, `a form's ${number}`);
    }
    for (const [number, value] of [
      ["5e6", 5e6],
      ["1.50", 1.5],
      ["9007199254740992", 2 ** 53],
      ["0e5", 0],
      ["1E3", 1_000],
    ]) {
      const text = written("dealSize", number);
      assert.equal((await postJson(leads, text)).status, 202, number);
      assert.equal((await inspect(JSON.parse(text).submissionId)).lead.dealSize, value);
    }
    for (const broken of ["1e", "01e400", "1e400x", "- 1e400", ".1e400"])
      assert.equal((await postJson(leads, written("dealSize", broken))).status, 400, broken);
  });

  test(`${name}: if the page may not set the description, a budget that is text is stored but not sent`, async (test) => {
    const forwarder = await open(test, { allowFields: ["-leadDescription"] });
    for (const { lead, dropped, marks } of await both(forwarder, { leadInformation: PERSON, dealSize: "much" })) {
      assert.deepEqual(
        [lead, dropped.lead, marks],
        [{ leadInformation: PERSON }, { dealSize: "much" }, ["dropped_fields"]],
      );
    }
  });
}
