// The demo's page: shows a site in a frame, polls the state, and causes outages.

import { showInbox } from "./inbox.js";
import { createJourney } from "./journey.js";
import { sendLeads, storedIds, watchVisits } from "./visits.js";

const POLL_MS = 600;
const PAGES = { site: "/site/", agency: "/site/agency/", playground: "/playground/" };
const FILES = { en: "", ar: "ar.html", fr: "fr.html" };

const find = (id) => document.getElementById(id);
const frame = find("frame");
const choice = { page: "site", language: "en", width: "desktop" };
const visits = watchVisits(frame);
const journey = createJourney();

// The token is behind `#`, so that no server log and no referrer contains it.
const token = location.hash.slice(1) || sessionStorage.getItem("demo-token");
if (token) {
  sessionStorage.setItem("demo-token", token);
  history.replaceState(null, "", location.pathname);
} else {
  find("locked").hidden = false;
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-demo-token": token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error);
  return result;
}

function press(name, value) {
  for (const button of document.querySelectorAll(`[data-${name}]`))
    if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(button.dataset[name] === value));
}

function show() {
  const path = choice.page === "playground" ? PAGES.playground : PAGES[choice.page] + FILES[choice.language];
  // Pages of a phone's width are shown as tall as a phone.
  find("window").dataset.width = choice.width;
  if (frame.contentWindow?.location.pathname !== path) frame.src = path;
  find("address").textContent = location.host + path;
  find("open").href = path;
  for (const name of ["page", "language", "width"]) press(name, choice[name]);
}

/** Shows the frame's page as on a wide screen, scaled to the space that there is. */
const DESKTOP_PX = 1_280;
new ResizeObserver(([{ contentRect }]) => {
  const isDesktop = choice.width === "desktop" && contentRect.width > 640;
  frame.style.setProperty("--scale", isDesktop ? Math.min(1, contentRect.width / DESKTOP_PX) : 1);
}).observe(frame.parentElement);

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  for (const name of Object.keys(choice)) {
    if (!button.dataset[name]) continue;
    choice[name] = button.dataset[name];
    show();
  }
  if (button.dataset.crm) control({ crm: button.dataset.crm });
});
find("kill").addEventListener("click", () => control({ forwarder: "kill" }));
find("start").addEventListener("click", () => control({ forwarder: "start" }));
find("arrive").addEventListener("click", () => control({ arrives: "meta" }));
find("send").addEventListener("click", async ({ target }) => {
  target.disabled = true;
  if (choice.page === "playground") {
    choice.page = "site";
    show();
  }
  try {
    await sendLeads(frame, 10);
  } finally {
    target.disabled = false;
  }
});

async function control(command) {
  try {
    await post("/api/control", command);
    await refresh();
  } catch (error) {
    report(error);
  }
}

function report(error) {
  const connection = find("connection");
  connection.dataset.state = "lost";
  connection.textContent = error instanceof TypeError ? "The demo is not running" : error.message;
}

async function refresh() {
  const state = await post("/api/state", {});
  const stored = await storedIds();
  const connection = find("connection");
  if (connection.dataset.state !== "live") {
    connection.dataset.state = "live";
    connection.textContent = "Live";
  }
  press("crm", state.crm.mode);
  const leads = journey.update(state, stored, visits);
  showInbox(leads, state.crm.count);
}

async function poll() {
  try {
    await refresh();
  } catch (error) {
    report(error);
  }
  setTimeout(poll, POLL_MS);
}

show();
if (token) poll();
