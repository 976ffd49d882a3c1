// The way of the leads: where each one is, and the three stations' state.

import { describeLead, textOf } from "./lead-details.js";

const find = (id) => document.getElementById(id);

/** What the CRM does, as the page says it. */
const CRM_TEXTS = {
  up: "Accepts leads",
  slow: "Responds after four seconds",
  limited: "Responds with 429, “wait 5 seconds”",
  down: "Responds with 503 to everything",
  silent: "Stores leads, but its responses never arrive",
};
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * Returns `update`, which takes the state of the servers, the ids stored in the browser and the page's visits, shows
 * the stations and the balance, and returns the leads, the newest first.
 */
export function createJourney() {
  /** All leads that were seen anywhere, by submission id. They are never removed: a lead that is nowhere is lost. */
  const known = new Map();
  let entries = [];

  function update({ now, forwarder, crm }, stored, visits) {
    // What a stopped forwarder has stored is in its file, and is listed again once it runs.
    if (forwarder.entries) entries = forwarder.entries;
    const inOutbox = new Map(entries.map((entry) => [entry.submissionId, entry]));
    const inCrm = new Map(
      crm.leads.map((lead) => {
        const described = describeLead(lead);
        return [described.submissionId || textOf(lead._id), { lead, ...described }];
      }),
    );
    for (const id of [...inCrm.keys()].reverse().concat(stored, [...visits.keys()], [...inOutbox.keys()]))
      if (!known.has(id)) known.set(id, { id });
    for (const lead of known.values()) {
      const { id } = lead;
      const entry = inOutbox.get(id);
      const record = inCrm.get(id) ?? (entry?.lead && { lead: entry.lead, ...describeLead(entry.lead, entry.custom) });
      Object.assign(lead, record ?? {}, { entry: entry ?? lead.entry, visit: visits.get(id) });
      lead.isDelivered ||= inCrm.has(id) || entry?.state === "delivered";
      lead.place = lead.isDelivered ? "crm" : entry ? "forwarder" : stored.includes(id) ? "page" : "nowhere";
      lead.marks = [...new Set([...(lead.marks ?? [])])];
    }
    const leads = [...known.values()].sort((one, other) => timeOf(other) - timeOf(one));
    // An id that a page is about to store, or that was read between two polls, is lost only if it stays nowhere.
    const count = (place) => leads.filter((lead) => lead.place === place).length;
    for (const lead of leads) lead.missing = lead.place === "nowhere" ? (lead.missing ?? 0) + 1 : 0;
    const lost = leads.filter(({ missing }) => missing > 3).length;
    const waiting = count("page") + count("forwarder");
    set("total", leads.length);
    set("waiting", waiting);
    set("delivered", count("crm"));
    set("lost", lost);
    document.querySelector(".lost").dataset.state = lost ? "bad" : "ok";

    const inPage = count("page");
    station(
      "page",
      inPage ? "waiting" : "ok",
      inPage ? `${plural(inPage, "lead")} stored in this browser` : "Nothing waits",
    );
    station("forwarder", ...forwarderState(forwarder, entries, now));
    station("crm", crm.mode === "up" ? "ok" : "bad", `${CRM_TEXTS[crm.mode]} · ${plural(crm.count, "lead")}`);
    find("kill").hidden = !forwarder.isRunning;
    find("start").hidden = forwarder.isRunning;
    return leads;
  }
  return { update };
}

function forwarderState({ isRunning, health }, entries, now) {
  const waiting = entries.filter(({ state }) => !["delivered", "dead"].includes(state));
  const stored = waiting.length ? `${plural(waiting.length, "lead")} stored on disk` : "Nothing waits";
  if (!isRunning) return ["bad", `The process is dead · ${stored}`];
  if (!waiting.length) return ["ok", stored];
  const due = Math.min(...waiting.map(({ nextAt }) => nextAt ?? Infinity));
  const seconds = Math.ceil((due - now) / 1_000);
  const next = health?.paused
    ? "paused, tries one lead at a time"
    : seconds > 0
      ? `next attempt in ${seconds} s`
      : "sending";
  return ["waiting", `${stored} · ${next}`];
}

function station(name, state, text) {
  const node = find(`station-${name}`);
  node.dataset.state = state;
  const line = node.querySelector(".state");
  if (line.textContent !== text) line.textContent = text;
}

function set(id, value) {
  const node = find(id);
  if (node.textContent !== String(value)) node.textContent = value;
}

/** When a lead was first seen, for the order. */
function timeOf({ entry, visit, lead }) {
  return visit?.submittedAt ?? entry?.createdAt ?? (Date.parse(textOf(lead?.createdAt)) || 0);
}
