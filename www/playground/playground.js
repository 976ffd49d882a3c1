// The playground: settings on one side, the form they describe on the other. The address has all settings.

import {
  COLOR_TOKENS,
  COUNTRIES,
  DEFAULTS,
  LANGUAGES,
  LENGTH_TOKENS,
  MODES,
  SCHEMES,
  STEPS,
  TEXT_SIZES,
  THEMES,
  WIDTHS,
  readConfig,
  writeConfig,
} from "./config.js";
import { colorsOf, lowContrasts } from "./contrast.js";
import { FIELDS, REQUIRED } from "./fields.js";
import { KINDS, loadRelease, snippet } from "./snippets.js";
import { showStage } from "./stage.js";
import { STATES, hasState } from "./states.js";

const find = (id) => document.getElementById(id);
const release = await loadRelease();
let config = readConfig(location.hash);
let kind = "html";

const CHOICES = {
  view: { one: "One", all: "All at once" },
  language: LANGUAGES,
  direction: { auto: "Auto", ltr: "LTR", rtl: "RTL" },
  scheme: SCHEMES,
  width: WIDTHS,
  text: TEXT_SIZES,
  mode: MODES,
  steps: STEPS,
};

/** Settings that are typed or chosen from a list. */
const INPUTS = ["country", "theme", "endpoint", "campaign", "heading", "whatsapp"];

function change(changes) {
  config = { ...config, ...changes };
  if (!hasState(config.state, config)) config.state = "idle";
  history.replaceState(null, "", writeConfig(config));
  show();
}

function choice(container, values, onChoose) {
  for (const [value, label] of Object.entries(values)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, value });
    if (value === "ar") button.lang = "ar";
    button.addEventListener("click", () => onChoose(value));
    container.append(button);
  }
}

function press(container, value) {
  for (const button of container.children) button.setAttribute("aria-pressed", String(button.value === value));
}

function field(name) {
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    textContent: FIELDS[name],
    value: name,
  });
  button.addEventListener("click", () => {
    const chosen = new Set(config.fields);
    if (!chosen.delete(name)) chosen.add(name);
    change({ fields: Object.keys(FIELDS).filter((field) => chosen.has(field)) });
  });
  button.disabled = REQUIRED.includes(name);
  return button;
}

function token(name, attributes, label, toValue) {
  const line = document.createElement("label");
  line.className = "token";
  const input = Object.assign(document.createElement("input"), { ...attributes, name });
  input.addEventListener("input", () => change({ tokens: { ...config.tokens, [name]: toValue(input.value) } }));
  line.append(input, Object.assign(document.createElement("span"), { textContent: label }));
  return line;
}

function build() {
  for (const [name, values] of Object.entries(CHOICES))
    choice(find(name), values, (value) => change({ [name]: value }));
  choice(find("states"), STATES, (state) => change({ state }));
  choice(find("kinds"), KINDS, (value) => {
    kind = value;
    show();
  });
  find("fields").append(...Object.keys(FIELDS).map(field));
  find("country").append(...COUNTRIES.map((code) => new Option(code)));
  find("tokens").append(
    ...Object.entries(COLOR_TOKENS).map(([name, label]) => token(name, { type: "color" }, label, (value) => value)),
    ...Object.entries(LENGTH_TOKENS).map(([name, { label, min = 0, max, unit }]) =>
      token(name, { type: "range", min, max }, label, (value) => value + unit),
    ),
  );
  find("theme").append(...Object.entries(THEMES).map(([value, label]) => new Option(label, value)));
  for (const name of INPUTS) find(name).addEventListener("input", ({ target }) => change({ [name]: target.value }));
  find("controls").addEventListener("submit", (event) => event.preventDefault());
  find("reset").addEventListener("click", () => change({ ...DEFAULTS, tokens: {} }));
  find("copy").addEventListener("click", async ({ target }) => {
    await navigator.clipboard.writeText(find("snippet").textContent);
    target.textContent = "Copied";
    setTimeout(() => (target.textContent = "Copy"), 1_500);
  });
  addEventListener("hashchange", () => {
    config = readConfig(location.hash);
    show();
  });
}

function show() {
  for (const name of Object.keys(CHOICES)) press(find(name), config[name]);
  press(find("states"), config.state);
  for (const button of find("states").children) button.hidden = !hasState(button.value, config);
  press(find("kinds"), kind);
  for (const button of find("fields").children)
    button.setAttribute("aria-pressed", String(config.fields.includes(button.value)));
  for (const name of INPUTS) if (find(name).value !== config[name]) find(name).value = config[name];
  find("snippet").textContent = snippet(kind, config, release);
  showStage(find("stage"), config, showColors);
}

/** Shows the colors that the form has, and which of them are hard to read. */
function showColors(frame) {
  const colors = colorsOf(frame, Object.keys(COLOR_TOKENS));
  for (const input of find("tokens").querySelectorAll("input")) {
    const { name } = input;
    if (input.type === "color") {
      input.value = config.tokens[name] ?? colors[name] ?? "#000000";
      input.closest("label").hidden = !(config.tokens[name] ?? colors[name]);
    } else input.value = Number.parseInt(config.tokens[name] ?? LENGTH_TOKENS[name].value, 10);
  }
  const low = lowContrasts(colors);
  find("warnings").replaceChildren(
    ...low.map(({ label, ratio, atLeast }) =>
      Object.assign(document.createElement("li"), {
        textContent: `${label}: ${ratio.toFixed(1)} : 1, at least ${atLeast} : 1 is needed`,
      }),
    ),
  );
}

build();
show();
