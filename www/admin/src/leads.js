// The list of leads, and the search.

import { call, callTable } from "./api.js";
import { field, form, h } from "./dom.js";
import { openLead } from "./lead.js";
import { date, problem, text } from "./messages.js";

const STATES = [
  ...["fetching", "pending", "sending", "unconfirmed", "reconciling"],
  ...["delivered", "dead", "held", "skipped"],
];

export function leads(onChanged) {
  const rows = h("tbody", {});
  const status = h("p", { role: "status" });
  const more = h("button", { type: "button", hidden: true, onclick: () => load(next) }, text.more);
  let query = {};
  let next;
  const load = async (after) => {
    try {
      const page = await read({ ...query, ...(after ? { after } : {}) });
      if (!after) rows.replaceChildren();
      rows.append(...page.entries.map((lead) => row(lead, () => changed())));
      next = page.next;
      more.hidden = !next;
      status.textContent = rows.childElementCount ? "" : text.empty;
    } catch (error) {
      status.textContent = problem(error);
    }
  };
  const changed = () => {
    void load();
    onChanged();
  };
  const submit = (data) => {
    query = Object.fromEntries(
      [...data].filter(([, value]) => value.trim()).map(([name, value]) => [name, value.trim()]),
    );
    for (const name of ["from", "to"]) if (query[name]) query[name] = Date.parse(query[name]);
    return load();
  };
  const states = STATES.map((state) => h("option", { value: state }, state));
  const filters = form(
    { role: "search" },
    submit,
    field(text.state, h("select", { name: "state" }, h("option", { value: "" }, text.all), ...states)),
    field(text.phone, h("input", { name: "phone", type: "tel", dir: "ltr", autocomplete: "off" })),
    field(text.email, h("input", { name: "email", type: "text", inputmode: "email", dir: "ltr", autocomplete: "off" })),
    field(text.id, h("input", { name: "submissionId", dir: "ltr", autocomplete: "off" })),
    field(text.from, h("input", { name: "from", type: "datetime-local" })),
    field(text.to, h("input", { name: "to", type: "datetime-local" })),
    h("button", { class: "primary" }, text.search),
  );
  const headings = [text.id, text.state, text.reason, text.attempts, text.created];
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...headings.map((name) => h("th", { scope: "col" }, name)))),
    rows,
  );
  const element = h(
    "section",
    { "aria-labelledby": "leads" },
    h("h2", { id: "leads" }, text.leads),
    filters,
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": text.leads }, table),
    status,
    h(
      "div",
      { class: "actions" },
      more,
      h("button", { type: "button", onclick: () => download(status) }, text.exportCsv),
    ),
  );
  return { element, refresh: load };
}

/** The leads that match. A person's data is sent in the body; each such search is audited. */
function read(query) {
  const isPersonal = ["phone", "email", "submissionId"].some((name) => name in query);
  if (isPersonal) return call("leads/search", { method: "POST", sent: query });
  return call(`leads?${new URLSearchParams(query)}`);
}

function row(lead, onChanged) {
  const open = h(
    "button",
    { type: "button", dir: "ltr", onclick: () => openLead(lead.submissionId, onChanged) },
    lead.submissionId,
  );
  const cells = [open, lead.state, lead.reason ?? "", String(lead.attempts), date(lead.createdAt)];
  return h("tr", {}, ...cells.map((cell) => h("td", {}, cell)));
}

async function download(status) {
  try {
    const url = URL.createObjectURL(await callTable("leads/export"));
    h("a", { href: url, download: "leads.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    status.textContent = problem(error);
  }
}
