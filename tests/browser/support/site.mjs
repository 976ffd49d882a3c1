// The demonstration's site with its lead form, whose leads go through a forwarder to a sandbox.

import { startForwarder } from "../../../tools/workerd.mjs";
import { serve } from "../../../www/server.mjs";
import { leave, openPage } from "./browser.mjs";
import { LeadForm } from "./lead-form.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { startSandbox } from "./sandbox.mjs";

/** The pages, by language. */
export const pages = { en: "index.html", ar: "ar.html" };

/** Starts the site; gives its address and the sandbox behind it. */
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

/** Opens the site in a language; gives the page, its form and the sandbox behind it. */
export async function openSite(test, language, options) {
  const { site, sandbox } = await startSite(test);
  const page = await openPage(test, options);
  await page.goto(site.url + pages[language]);
  const form = new LeadForm(page);
  await form.shown();
  return { page, form, sandbox };
}
