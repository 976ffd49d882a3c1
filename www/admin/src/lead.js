// One lead: what is known of it, and what can be done.

import { call } from "./api.js";
import { facts, h } from "./dom.js";
import { date, problem, text } from "./messages.js";

/** Shows a lead; `onChanged` is called after an action. */
export async function openLead(id, onChanged) {
  const content = h("div", {});
  const status = h("p", { role: "status" });
  const close = h("button", { type: "button", onclick: () => dialog.close() }, text.close);
  const heading = h("h2", { id: "lead", tabindex: "-1", dir: "ltr" }, id);
  const dialog = h(
    "dialog",
    { "aria-labelledby": "lead", onclose: () => dialog.remove() },
    heading,
    content,
    status,
    close,
  );
  const show = async () => content.replaceChildren(...describe(await call(`leads/${encodeURIComponent(id)}`), act));
  const act = async (command) => {
    try {
      await call(`leads/${encodeURIComponent(id)}/${command}`, { method: "POST" });
      status.textContent = text.done(text[command], 1);
      await show();
      onChanged();
    } catch (error) {
      status.textContent = problem(error);
    }
  };
  document.body.append(dialog);
  dialog.showModal();
  heading.focus();
  await show().catch((error) => (status.textContent = problem(error)));
}

function describe(lead, act) {
  const json = (value) => JSON.stringify(value, undefined, 2);
  const block = (title, value) =>
    value === undefined ? [] : [h("h3", {}, title), h("pre", { dir: "auto", tabindex: "0" }, value)];
  return [
    facts(
      [
        [text.state, lead.state],
        [text.reason, lead.reason],
        [text.created, date(lead.createdAt)],
        [text.updated, date(lead.updatedAt)],
        [text.next, date(lead.nextAt)],
        [text.attempts, lead.attempts],
        [text.status, lead.status],
        [text.cause, lead.cause],
        [text.marks, lead.marks.join(", ")],
        [text.origin, lead.origin],
        [text.crmId, lead.crmId],
      ],
      "facts",
    ),
    h("div", { class: "actions" }, ...actionsFor(lead).map((command) => actionButton(command, act))),
    ...(lead.lead === undefined ? [h("p", {}, text.erased)] : block(text.text, json(lead.lead))),
    ...block(text.response, lead.response),
    ...lead.revisions.flatMap(({ at, lead }) => block(`${text.revisions}: ${date(at)}`, json(lead))),
  ];
}

function actionsFor({ state, reason, lead, erased }) {
  if (erased || lead === undefined) return erased ? [] : ["erase"];
  return [
    ...(state === "dead" || state === "held" ? ["replay"] : []),
    ...(state === "held" && reason === "challenge" ? ["release"] : []),
    ...(state === "delivered" ? [] : ["drop"]),
    "erase",
  ];
}

/** A button; what cannot be undone needs a second press. */
function actionButton(command, act) {
  const isFinal = command === "drop" || command === "erase";
  let isArmed = !isFinal;
  const press = () => {
    if (isArmed) return act(command);
    isArmed = true;
    button.textContent = `${text[command]}: ${text.confirm}`;
  };
  const button = h("button", { type: "button", class: isFinal ? "danger" : "primary", onclick: press }, text[command]);
  return button;
}
