// The page: a form for the token, then the outbox.

import { call, setToken } from "./api.js";
import { audit } from "./audit.js";
import { bulk } from "./bulk.js";
import { field, form, h } from "./dom.js";
import { leads } from "./leads.js";
import { applyLanguage, problem, switchLanguage, text } from "./messages.js";
import { overview } from "./overview.js";

/** How often the overview is read again. */
const REFRESH_MS = 10_000;

let timer;
let isOpen = false;

function header() {
  const language = () => {
    switchLanguage();
    if (isOpen) showOutbox();
    else showSignIn();
  };
  const buttons = [h("button", { type: "button", onclick: language }, text.language)];
  if (isOpen) buttons.push(h("button", { type: "button", onclick: signOut }, text.signOut));
  return h("header", {}, h("h1", {}, text.title), h("div", { class: "actions" }, ...buttons));
}

function signOut() {
  setToken(undefined);
  isOpen = false;
  showSignIn();
}

function showSignIn() {
  clearInterval(timer);
  const status = h("p", { role: "status", class: "bad" });
  const input = h("input", { name: "token", type: "password", autocomplete: "off", required: true, dir: "ltr" });
  const open = async () => {
    setToken(input.value.trim());
    try {
      await call("leads?limit=1");
      isOpen = true;
      showOutbox();
    } catch (error) {
      setToken(undefined);
      status.textContent = problem(error);
    }
  };
  const signIn = form({}, open, field(text.token, input), h("button", { class: "primary" }, text.signIn));
  document.body.replaceChildren(
    header(),
    h("main", {}, h("div", { class: "sign-in" }, signIn, h("p", {}, text.tokenNote), status)),
  );
  input.focus();
}

function showOutbox() {
  clearInterval(timer);
  const status = h("p", { role: "status", class: "bad" });
  const parts = [overview(), leads(refresh), bulk(refreshAll), audit()];
  const [outbox, list, , log] = parts;
  async function refresh() {
    try {
      await Promise.all([outbox.refresh(), log.refresh()]);
      status.textContent = "";
    } catch (error) {
      status.textContent = problem(error);
    }
  }
  async function refreshAll() {
    await Promise.all([refresh(), list.refresh()]);
  }
  document.body.replaceChildren(header(), h("main", {}, status, ...parts.map(({ element }) => element)));
  void refreshAll();
  timer = setInterval(refresh, REFRESH_MS);
}

applyLanguage();
showSignIn();
