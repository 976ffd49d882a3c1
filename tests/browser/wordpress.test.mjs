// The WordPress plugin in PHP's own server, with the few functions of WordPress and Elementor that it uses. Without PHP
// these tests are skipped: `cargo xtask check browser` does not install it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../tools/wait.mjs";
import { freePort } from "../support/port.mjs";
import { leave, openPage, useChromium } from "./support/browser.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { startPages, visitor } from "./support/form-page.mjs";
import { LeadForm } from "./support/lead-form.mjs";

const PLUGIN = fileURLToPath(new URL("../../examples/wordpress/icloud-ready-lead-form.php", import.meta.url));
const PAGES = fileURLToPath(new URL("../wordpress/", import.meta.url));
const isInstalled = spawnSync("php", ["--version"]).status === 0;
const options = { skip: isInstalled ? false : "PHP is missing; run: apt-get install php-cli" };

useChromium();

async function startWordPress(test) {
  const port = await freePort();
  const args = ["-d", "display_errors=1", "-d", "error_reporting=32767", "-S", `127.0.0.1:${port}`, "-t", PAGES];
  const php = spawn("php", args, { env: { ...process.env, PLUGIN }, stdio: "ignore" });
  test.after(() => leave(test).then(() => php.kill()));
  const url = `http://127.0.0.1:${port}`;
  const page = (query) => `${url}/index.php?${new URLSearchParams(query)}`;
  await waitUntil("PHP's server", () =>
    fetch(page({})).then(
      (response) => response.ok,
      () => false,
    ),
  );
  // The scripts, as a CDN serves them.
  const cdn = await startPages(test, {}, { scripts: { "access-control-allow-origin": "*" } });
  const forwarder = await startForwarder(test);
  const settings = JSON.stringify({ endpoint: forwarder.url, base: `${cdn.url}/icloud-ready`, country: "EG" });
  return {
    forwarder,
    page: (query) => page({ settings, ...query }),
    html: async (query) => (await fetch(page({ settings, ...query }))).text(),
  };
}

async function send(page, url) {
  await page.goto(url);
  const form = new LeadForm(page);
  await form.shown();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  return form;
}

test("the file is valid PHP", options, () => {
  const { status, stdout } = spawnSync("php", ["-l", PLUGIN]);
  assert.equal(status, 0, String(stdout));
});

test("shortcode, block and Elementor's widget show a form that sends leads", options, async (test) => {
  const wordpress = await startWordPress(test);
  const page = await openPage(test);
  const schema = JSON.stringify({ fields: ["firstName", "phone", { name: "unitId", type: "hidden", value: "A-12" }] });
  const given = { campaign_name: "Q3", schema };
  const queries = {
    shortcode: { content: `[icloud_ready_lead_form campaign_name="Q3"]${schema}[/icloud_ready_lead_form]` },
    // As the classic editor leaves it.
    paragraphs: {
      content: `[icloud_ready_lead_form campaign_name="Q3"]</p>\n<p>${schema}</p>[/icloud_ready_lead_form]`,
    },
    old: { old: "1", content: `[icloud_ready_lead_form campaign_name="Q3"]${schema}[/icloud_ready_lead_form]` },
    block: { block: JSON.stringify(given) },
    elementor: { elementor: JSON.stringify(given) },
  };
  for (const [name, query] of Object.entries(queries)) {
    const count = wordpress.forwarder.requests.length;
    await page.context().clearCookies();
    await page.goto("about:blank");
    await send(page, wordpress.page(query));
    const { lead } = wordpress.forwarder.requests[count] ?? wordpress.forwarder.requests.at(-1);
    assert.deepEqual([lead.campaignName, lead.unitId], ["Q3", "A-12"], name);
    await page.evaluate(() => sessionStorage.clear());
  }
  assert.equal(wordpress.forwarder.requests.length, Object.keys(queries).length);
});

test("the form has the site's language, and direction", options, async (test) => {
  const wordpress = await startWordPress(test);
  const page = await openPage(test);
  const content = "[icloud_ready_lead_form]";
  for (const [locale, submit, direction] of [
    ["ar", "إرسال الطلب", "rtl"],
    ["fr_FR", "Envoyer ma demande", "ltr"],
    ["de_DE", "Send request", "ltr"],
  ]) {
    await page.goto(wordpress.page({ content, locale }));
    const form = new LeadForm(page);
    await form.shown();
    assert.equal(await form.submit.innerText(), submit);
    assert.equal(await form.element.evaluate((element) => getComputedStyle(element).direction), direction);
  }
});

test("attributes are escaped, flags are kept, and the script is loaded once", options, async (test) => {
  const wordpress = await startWordPress(test);
  const page = await openPage(test);
  const hostile = `&quot;><script>globalThis.isOpen = true</script><x y='`;
  const content = [
    `[icloud_ready_lead_form campaign_name="${hostile}" draft unknown="x"]`,
    `[icloud_ready_lead_form onclick="globalThis.isOpen = true" endpoint="javascript:globalThis.isOpen = true"]`,
  ].join("\n");
  const html = await wordpress.html({ content });
  assert.doesNotMatch(html, /<script>|unknown|onclick|javascript:/);
  assert.match(html, / draft=""/);
  assert.equal(html.split("lead-form.js").length, 2, "one script");
  await page.goto(wordpress.page({ content }));
  await new LeadForm(page).submit.first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.isOpen), undefined);
  assert.equal(await page.locator("icloud-ready-lead-form").first().getAttribute("campaign-name"), hostile);
});

test("a popup with a theme", options, async (test) => {
  const wordpress = await startWordPress(test);
  const page = await openPage(test);
  const content = [
    '<button data-lead-form="enquiry">Ask</button>',
    '[icloud_ready_lead_form id="enquiry" mode="popup" theme="bold" heading="Ask us"]',
  ].join("");
  await page.goto(wordpress.page({ content }));
  await page.evaluate(() => customElements.whenDefined("icloud-ready-lead-form"));
  await page.getByRole("button", { name: "Ask" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Ask us").waitFor();
  const size = await dialog.locator('[part="submit"]').evaluate((button) => getComputedStyle(button).fontSize);
  assert.equal(size, "18px", "the theme's");
  assert.doesNotMatch(await wordpress.html({ content: "[icloud_ready_lead_form]" }), /themes\.css/);
});

test("a mistake is shown to editors only", options, async (test) => {
  const wordpress = await startWordPress(test);
  const wrong = { content: "[icloud_ready_lead_form]{ fields: [ }[/icloud_ready_lead_form]" };
  const unset = { content: "[icloud_ready_lead_form]", settings: "{}" };
  for (const [query, text] of [
    [wrong, "is not JSON"],
    [unset, "Set the endpoint"],
  ]) {
    assert.match(await wordpress.html({ ...query, editor: "1" }), new RegExp(text));
    const html = await wordpress.html(query);
    assert.doesNotMatch(html, new RegExp(`${text}|<icloud-ready`));
  }
});

test("the block's script registers the block", options, async (test) => {
  const wordpress = await startWordPress(test);
  const script = await wordpress.html({ "editor-script": "1" });
  let registered;
  const wp = { blocks: { registerBlockType: (name, { edit, save }) => (registered = { name, edit, save }) } };
  wp.element = { createElement: (type, props, ...children) => ({ type, props, children: children.flat() }) };
  wp.blockEditor = { useBlockProps: () => ({}), InspectorControls: "controls" };
  wp.components = { TextControl: "text", TextareaControl: "textarea", PanelBody: "panel", Placeholder: "placeholder" };
  new Function("window", script)({ wp });
  assert.equal(registered.name, "icloud-ready/lead-form");
  assert.equal(registered.save(), null, "the server renders it");
  let changed;
  const view = registered.edit({ attributes: { country: "EG" }, setAttributes: (given) => (changed = given) });
  const controls = view.children[0].children[0].children;
  const country = controls.find(({ props }) => props.key === "country");
  assert.equal(country.props.value, "EG");
  country.props.onChange("AE");
  assert.deepEqual(changed, { country: "AE" });
});
