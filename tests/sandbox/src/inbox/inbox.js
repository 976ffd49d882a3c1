// Shows the newest leads, asking every half second. Whatever a lead says is put into
// text nodes: nothing here parses markup.

const SHOWN = 100;
const INTERVAL = 500;

const list = document.getElementById("leads");
const count = document.getElementById("count");
const empty = document.getElementById("empty");
const connection = document.getElementById("connection");
const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The leads on the page, by id: the text last seen and the element made of it. */
let shown = new Map();
let isFirst = true;

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) {
    made.dir = "auto";
    made.textContent = text;
  }
  return made;
}

/** A value a stranger chose, as one line of text. */
function text(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function time(value) {
  const date = new Date(text(value));
  const made = element("time", "time");
  made.textContent = Number.isNaN(date.getTime()) ? text(value) : times.format(date);
  return made;
}

function card(lead) {
  const information = lead.leadInformation ?? {};
  const made = element("li", "lead");
  const heading = element("div", "heading");
  const name = ["salutation", "firstName", "lastName"].map((key) => text(information[key]));
  heading.append(
    element("h2", "name", name.filter(Boolean).join(" ") || "No name"),
    element("span", "number", `#${text(lead.leadNumber)}`),
  );
  made.append(heading);

  const facts = element("dl", "facts");
  for (const [label, value] of [
    ["Phone", information.phone],
    ["E-mail", information.email],
    ["City", information.address?.city],
    ["Type", lead.leadType ?? lead.leadtype],
    ["Source", lead.leadSource],
    ["Campaign", lead.campaignName],
    ["Interests", Array.isArray(lead.interests) ? lead.interests.map(text).join(", ") : ""],
    ["Description", lead.leadDescription],
    ["Custom field", lead.customField],
  ]) {
    if (text(value) === "") continue;
    // A long text would stand in a narrow column.
    const fact = element("div", text(value).length > 60 ? "fact long" : "fact");
    const term = element("dt", "term");
    term.textContent = label;
    const description = element("dd", "value", text(value));
    // A number is read from left to right in every language.
    if (label === "Phone") description.dir = "ltr";
    fact.append(term, description);
    facts.append(fact);
  }
  made.append(facts, time(lead.createdAt));
  return made;
}

function show(leads, total) {
  const next = new Map();
  for (const lead of leads) {
    const id = text(lead._id);
    const seen = JSON.stringify(lead);
    const known = shown.get(id);
    if (known?.seen === seen) {
      next.set(id, known);
    } else {
      const made = card(lead);
      if (!known && !isFirst) made.classList.add("new");
      next.set(id, { seen, made });
    }
  }
  // Only what changed is touched, so that a selection or a scroll position stays.
  for (const [id, { made }] of shown) if (next.get(id)?.made !== made) made.remove();
  let position = list.firstElementChild;
  for (const { made } of next.values()) {
    if (made === position) position = position.nextElementSibling;
    else list.insertBefore(made, position);
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
