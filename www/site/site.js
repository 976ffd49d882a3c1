// The site's own script: gives the form its client, and the lead what the visitor looked at.

import { ICloudReady, preload } from "/icloud-ready/runtime/browser.js";
import "/lead-form.js";

const form = document.querySelector("icloud-ready-lead-form");

// A site for the public sends its leads through the forwarder, which keeps the credential. This is
// how a site does it whose visitors have a token of their own: an intranet, a sales office.
async function accessToken() {
  const answer = await fetch("/token", { method: "POST" });
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return (await answer.json()).accessToken;
}

async function connect() {
  const { baseURL } = await (await fetch("/config.json")).json();
  form.client = new ICloudReady({
    baseURL,
    accessToken,
    // The visitor is there to mend a doubtful number: better asked than guessed.
    strict: true,
    // These visitors may read leads, so an attempt whose answer was lost can be looked for by more
    // than its id, and be sent again with certainty.
    reconcile: "full",
  });
}
connect();

// Whoever begins to type will send: the wasm is there by then. If not, sending loads it.
form.addEventListener("focusin", () => preload().catch(() => {}), { once: true });

let villa;
document.addEventListener("click", ({ target }) => {
  villa = target.closest("[data-villa]")?.dataset.villa ?? villa;
});
form.addEventListener("lead-submit", ({ detail: { lead } }) => {
  lead.leadSource = "website";
  if (villa) lead.interests = [villa];
});
