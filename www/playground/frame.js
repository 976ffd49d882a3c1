// The page in the playground's frame: one form, in the language and state that the address names. Its requests are
// answered in this page, so that each state can be shown and no lead leaves it.

import { directionOf, readConfig } from "./config.js";
import { formElement, triggerElement } from "./markup.js";
import { fetchFor, showState } from "./states.js";

/** Where the form of this page sends leads; the snippets have the visitor's own endpoint. */
const ENDPOINT = "/playground/leads";

const { fetch } = globalThis;
let state = "idle";
globalThis.fetch = (input, init) =>
  new URL(input.url ?? input, location.href).pathname === ENDPOINT ? fetchFor(state, init) : fetch(input, init);

async function render() {
  const config = readConfig(location.hash);
  const { documentElement: root } = document;
  root.lang = config.language;
  root.dir = directionOf(config);
  root.style.colorScheme = config.scheme;
  root.style.fontSize = config.text === "100" ? "" : `${config.text}%`;
  const form = formElement({ ...config, endpoint: ENDPOINT });
  document.body.replaceChildren(...triggerElement(config), form);
  state = config.state;
  if (state !== "plain") {
    await import("/icloud-ready/lead-form.js");
    await showState(form, state);
  }
  root.dataset.settings = location.hash;
  document.dispatchEvent(new Event("rendered"));
}

// A form that was defined stays defined: the plain form needs a new page.
addEventListener("hashchange", () => location.reload());
render();
