// Shows the newest leads, polling every half second. All lead data is put into text nodes: nothing here parses markup.

import { describeLead, element, sectionElement, textOf, timeOf } from "./lead-details.js";

const SHOWN = 100;
const INTERVAL = 500;

const list = document.getElementById("leads");
const count = document.getElementById("count");
const empty = document.getElementById("empty");
const connection = document.getElementById("connection");

/** The leads on the page, by id: their latest text and their element. */
let shown = new Map();
let isFirst = true;

function card(lead) {
  const { name, sections, marks } = describeLead(lead);
  const node = element("li", "lead");
  const heading = element("div", "heading");
  const title = element("h2", "name", name);
  title.dir = "auto";
  heading.append(title, element("span", "number", `#${textOf(lead.leadNumber)}`));
  const body = element("div", "sections");
  body.append(...sections.map(sectionElement));
  node.append(heading, body);
  if (marks.length) node.append(element("p", "marks", marks.join(" · ")));
  node.append(element("time", "time", timeOf(lead.createdAt)));
  return node;
}

function show(leads, total) {
  const next = new Map();
  for (const lead of leads) {
    const id = textOf(lead._id);
    const json = JSON.stringify(lead);
    const known = shown.get(id);
    if (known?.json === json) {
      next.set(id, known);
    } else {
      const node = card(lead);
      if (!known && !isFirst) node.classList.add("new");
      next.set(id, { json, node });
    }
  }
  // Only changes are applied, so that a selection or a scroll position is kept.
  for (const [id, { node }] of shown) if (next.get(id)?.node !== node) node.remove();
  let position = list.firstElementChild;
  for (const { node } of next.values()) {
    if (node === position) position = position.nextElementSibling;
    else list.insertBefore(node, position);
  }
  shown = next;
  isFirst = false;
  empty.hidden = total > 0;
  const sentence = total === 1 ? "1 lead" : `${total} leads`;
  const words = total > SHOWN ? `${sentence}, the newest ${SHOWN} shown` : sentence;
  if (count.textContent !== words) count.textContent = words;
  document.title = `(${total}) Leads – sandbox CRM`;
}

async function read(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

async function refresh() {
  try {
    const [leads, state] = await Promise.all([read(`/_sandbox/leads?newest=${SHOWN}`), read("/_sandbox/state")]);
    show(leads, state.resources.leads.count);
    connection.dataset.state = "live";
    connection.textContent = "live";
  } catch {
    connection.dataset.state = "lost";
    connection.textContent = "sandbox not reached";
  }
  setTimeout(refresh, INTERVAL);
}

refresh();
