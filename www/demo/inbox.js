// The inbox: one card for each lead, with its way from the page to the CRM. All lead data is put into text nodes.

import { element, sectionElement, textOf, timeOf } from "./lead-details.js";

const SHOWN = 50;
const find = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** The cards on the page, by id: what they show, and the element. */
let shown = new Map();

/** Why a lead waits, for people. */
const REASONS = {
  outcome_unknown: "the CRM's response is missing",
  rate_limited: "the CRM asked to wait",
  unreachable: "the CRM cannot be reached",
  lookup_failed: "asking whether the CRM has it",
  lookup_inconclusive: "asking whether the CRM has it",
  claim_expired: "the process died while sending it",
};

export function showInbox(leads, total) {
  const list = find("leads");
  const next = new Map();
  for (const lead of leads.slice(0, SHOWN)) {
    const key = JSON.stringify([lead.place, lead.entry, lead.visit, lead.lead, lead.missing > 3]);
    const earlier = shown.get(lead.id);
    if (earlier?.key === key) next.set(lead.id, earlier);
    else {
      const node = card(lead);
      if (earlier?.node.querySelector("details")?.open) node.querySelector("details").open = true;
      if (earlier && earlier.place !== "crm" && lead.place === "crm") node.classList.add("arrived");
      next.set(lead.id, { key, node, place: lead.place });
    }
  }
  // Only changes are applied, so that a selection, the focus and the scroll position are kept.
  for (const [id, { node }] of shown) if (next.get(id)?.node !== node) node.remove();
  let position = list.firstElementChild;
  for (const { node } of next.values()) {
    if (node === position) position = position.nextElementSibling;
    else list.insertBefore(node, position);
  }
  shown = next;
  find("empty").hidden = leads.length > 0;
  const text = `${total} in the CRM${leads.length > SHOWN ? `, the newest ${SHOWN} shown` : ""}`;
  if (find("count").textContent !== text) find("count").textContent = text;
}

function card(lead) {
  const node = element("li", "lead");
  node.dataset.place = lead.place;
  const head = element("div", "lead-head");
  const name = element("h3", "name", lead.name ?? "A lead stored in this browser");
  name.dir = "auto";
  const { rows = [] } = lead.sections?.find(({ title }) => title === "Contact") ?? {};
  const contact = element("p", "contact", rows.find(([label]) => label === "Phone")?.[1] ?? "");
  contact.dir = "ltr";
  head.append(initials(lead.name), name, contact, way(lead));
  node.append(head);
  if (lead.marks?.length) {
    const marks = element("ul", "marks");
    marks.append(...lead.marks.map((mark) => element("li", "", mark)));
    head.append(marks);
  }
  if (!lead.sections?.length) return node;
  const details = element("details", "details");
  const summary = element("summary", "", "Details");
  const body = element("div", "sections");
  body.append(...lead.sections.map(sectionElement));
  details.append(summary, body, element("p", "id", `Submission ${lead.id}`));
  node.append(details);
  return node;
}

function initials(name = "") {
  const letters = name.split(/\s+/).map((word) => Array.from(word)[0] ?? "");
  const node = element("span", "initials", letters.slice(0, 2).join("\u200c"));
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** The three steps of a lead, with their times. */
function way({ place, entry, visit, lead, missing, page }) {
  const node = element("ol", "way");
  const created = Date.parse(textOf(lead?.createdAt));
  const stored = entry?.createdAt;
  const delivered = entry?.state === "delivered" ? entry.updatedAt : created;
  const since = (time, start) => (start === undefined || !time ? "" : `+${duration(Math.max(0, time - start))}`);
  const start = visit?.submittedAt ?? stored;
  step(node, "Page", visit?.submittedAt ? clock.format(visit.submittedAt) : pathOf(page), "done");
  if (place === "page") step(node, "Forwarder", "stored in the browser until it responds", "waiting");
  else if (place === "nowhere")
    step(node, "Forwarder", missing > 3 ? "lost" : "sending", missing > 3 ? "bad" : "waiting");
  else step(node, "Forwarder", stored ? since(stored, visit?.submittedAt) || clock.format(stored) : "", "done");
  if (place === "crm") {
    const tries = entry?.attempts > 1 ? `, ${entry.attempts} attempts` : "";
    step(node, "CRM", (since(delivered, start) || timeOf(lead?.createdAt)) + tries, "done");
  } else if (place === "forwarder") {
    step(
      node,
      "CRM",
      REASONS[entry.reason] ?? (entry.state === "sending" ? "sending" : textOf(entry.reason)),
      "waiting",
    );
  } else step(node, "CRM", "", "future");
  return node;
}

/** Where a lead was sent from that no page in the frame reported. */
function pathOf(page) {
  try {
    return new URL(page).pathname;
  } catch {
    return "";
  }
}

function step(node, title, text, state) {
  const item = element("li", "step");
  item.dataset.state = state;
  item.append(element("b", "", title), element("span", "", text));
  node.append(item);
}

/** A duration as people say it. */
function duration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
