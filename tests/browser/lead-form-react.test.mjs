// `LeadForm` of `icloud-ready/react`: rendered in a page, and rendered by a server and hydrated.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { openPage, useChromium } from "./support/browser.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { startPages, visitor } from "./support/form-page.mjs";
import { bundle, frameworks } from "./support/frameworks.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";
import { packageFolder } from "../../tools/paths.mjs";

useChromium();

const shell = (markup) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An app</title></head><body><div id="app">${markup}</div></body></html>`;

const SCHEMA = { fields: ["firstName", "phone", { name: "region", value: "Coast" }] };
const PROPS = { id: "contact", className: "wide", country: "EG", campaignName: "Q3", dataLayer: true, schema: SCHEMA };

/** The app with what renders it on a server. */
async function apps(test, version) {
  const { alias } = frameworks[version];
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-react-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "server.mjs");
  await writeFile(file, await bundle({ script: "react-server.mjs", alias }, "node", pathToFileURL(packageFolder).href));
  const { renderOnServer } = await import(pathToFileURL(file));
  return { script: await bundle({ script: "react-component.mjs", alias }), renderOnServer };
}

/** Opens the app in a page whose markup is a server's; `props` is evaluated there. */
async function open(test, version, onServer, props) {
  const { script, renderOnServer } = await apps(test, version);
  const forwarder = await startForwarder(test);
  const markup = onServer ? renderOnServer({ ...onServer, endpoint: forwarder.url }) : "";
  const site = await startPages(test, { "/": shell(markup), "/app.js": script });
  const page = await openPage(test);
  const warnings = collectWarnings(page);
  await page.goto(site.url);
  await page.evaluate(
    async ([given, endpoint]) => {
      globalThis.events = [];
      globalThis.listeners = (label) => ({
        onLeadSubmit: ({ detail }) => (detail.lead.region = `${detail.lead.region}, ${label}`),
        onLeadAccepted: ({ type }) => globalThis.events.push(`${label}: ${type}`),
      });
      const { mount, update } = await import("/app.js");
      // Defined by the import, the element would change the markup before it is hydrated.
      if (customElements.get("icloud-ready-lead-form")) throw new Error("defined before it is mounted");
      const props = { ...given, endpoint, ref: (element) => (globalThis.element = element) };
      const root = mount(document.querySelector("#app"), { ...props, ...globalThis.listeners("first") });
      globalThis.update = (more) => update(root, { ...props, ...globalThis.listeners("first"), ...more });
      globalThis.unmount = () => root.unmount();
    },
    [props, forwarder.url],
  );
  return { page, forwarder, form: new LeadForm(page), warnings, markup };
}

for (const version of ["React 19", "React 18"]) {
  for (const onServer of [undefined, PROPS]) {
    test(`${version}, ${onServer ? "hydrated" : "in a page"}: props and events arrive, without a warning`, async (test) => {
      const { page, forwarder, form, warnings, markup } = await open(test, version, onServer, PROPS);
      if (onServer) {
        assert.match(markup, /<icloud-ready-lead-form [^>]*campaign-name="Q3"/);
        assert.match(markup, /<form action="\/leads" method="post">.*<\/form><\/icloud-ready-lead-form>/);
      }
      await form.input("region").waitFor();
      const read = () =>
        form.element.evaluate(({ id, className, country, campaignName, dataLayer, draft, hidden }) => ({
          ...{ id, className, country, campaignName, dataLayer, draft, hidden },
        }));
      const { schema, ...props } = PROPS;
      assert.deepEqual(await read(), { ...props, draft: false, hidden: false });
      await form.fill(visitor);
      assert.equal(await form.send(), "lead-accepted");
      // Rendered again with other listeners, and without some props.
      await page.evaluate(() =>
        globalThis.update({
          ...globalThis.listeners("second"),
          country: undefined,
          campaignName: undefined,
          dataLayer: false,
          draft: true,
          className: undefined,
        }),
      );
      await form.part("again").click();
      assert.deepEqual(await read(), {
        id: "contact",
        className: "",
        country: null,
        campaignName: null,
        dataLayer: false,
        draft: true,
        hidden: false,
      });
      await form.fill({ ...visitor, firstName: "Omar" });
      assert.equal(await form.send(), "lead-accepted");
      assert.deepEqual(await page.evaluate(() => globalThis.events), ["first: lead-accepted", "second: lead-accepted"]);
      const regions = forwarder.requests.map(({ lead }) => lead.region);
      assert.deepEqual(regions, ["Coast, first", "Coast, second"]);
      // Without the schema it has the default fields.
      await page.evaluate(() => globalThis.update({ schema: undefined }));
      await form.element.evaluate((form) => form.reset());
      await form.input("email").waitFor();
      await page.evaluate(() => globalThis.unmount());
      assert.equal(await form.element.count(), 0);
      assert.deepEqual(await warnings.read(), []);
    });
  }
}
