// The demo site with its lead form, whose leads go through a forwarder to a sandbox.

import { startForwarder } from "../../../tools/workerd.mjs";
import { serve } from "../../../www/server.mjs";
import { leave, openPage } from "./browser.mjs";
import { LeadForm } from "./lead-form.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { startSandbox } from "./sandbox.mjs";

/** The developer's pages and the agency's, by language. */
export const pages = { en: "site/index.html", ar: "site/ar.html", fr: "site/fr.html" };
export const agencyPages = { en: "site/agency/index.html", ar: "site/agency/ar.html", fr: "site/agency/fr.html" };

/** The developer's form on the page; another one is in a slide-in. */
export const ENQUIRY = "#enquire icloud-ready-lead-form";

/** Starts the site; returns its URL and the sandbox behind it. */
export async function startSite(test) {
  const sandbox = await startSandbox(test);
  const forwarder = async (origin) => {
    const { url, close } = await startForwarder({ api: sandbox.url, origin });
    test.after(() => leave(test).then(close));
    return `${url}/leads`;
  };
  const site = await serve({ forwarder, folder: packageFolder });
  test.after(() => leave(test).then(site.close));
  return { site, sandbox };
}

/** Opens the site in a language; returns the page, its form and the sandbox behind it. */
export async function openSite(test, language, options) {
  const { site, sandbox } = await startSite(test);
  const page = await openPage(test, options);
  await page.goto(site.url + pages[language]);
  const form = new LeadForm(page, ENQUIRY);
  await form.shown();
  return { page, form, sandbox };
}
