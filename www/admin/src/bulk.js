// One action for all leads that are dead or held for a reason. What cannot be undone needs their number typed.

import { call } from "./api.js";
import { field, form, h } from "./dom.js";
import { problem, text } from "./messages.js";

const COMMANDS = ["replay", "release", "drop", "erase"];

export function bulk(onChanged) {
  const status = h("p", { role: "status" });
  const confirmation = h("div", {});
  const run = async (command, parameters) => {
    try {
      const path = `leads/${command}?${new URLSearchParams(parameters)}`;
      const { count } = await call(path, { method: "POST" });
      confirmation.replaceChildren();
      status.textContent = text.done(text[command], count);
      onChanged();
    } catch (error) {
      if (error.status === 409 && error.body?.count !== undefined) ask(command, parameters, error.body.count);
      else status.textContent = problem(error);
    }
  };
  const ask = (command, parameters, count) => {
    status.textContent = "";
    const input = h("input", { name: "count", inputmode: "numeric", autocomplete: "off", dir: "ltr" });
    const check = (data) => {
      if (data.get("count").trim() === String(count)) return run(command, { ...parameters, count });
      confirmation.replaceChildren();
      status.textContent = text.wrongCount;
    };
    const confirm = h("button", { class: "danger" }, text[command]);
    confirmation.replaceChildren(form({}, check, field(text.typeCount(count), input), confirm));
    input.focus();
  };
  const submit = (data) => {
    const { command, ...given } = Object.fromEntries(data);
    const parameters = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim()));
    for (const name of ["from", "to"]) if (parameters[name]) parameters[name] = Date.parse(parameters[name]);
    return run(command, parameters);
  };
  const options = COMMANDS.map((name) => h("option", { value: name }, text[name]));
  const element = h(
    "section",
    { "aria-labelledby": "bulk" },
    h("h2", { id: "bulk" }, text.bulk),
    form(
      {},
      submit,
      field(text.command, h("select", { name: "command" }, ...options)),
      field(text.reason, h("input", { name: "reason", value: "refused", dir: "ltr", autocomplete: "off" })),
      field(text.from, h("input", { name: "from", type: "datetime-local" })),
      field(text.to, h("input", { name: "to", type: "datetime-local" })),
      h("button", { class: "primary" }, text.run),
    ),
    confirmation,
    status,
  );
  return { element };
}
