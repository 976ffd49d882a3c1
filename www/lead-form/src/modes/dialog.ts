import { createElement } from "../base/create-element.js";
import { createIcon } from "../base/create-icon.js";
import { dispatchLeadEvent } from "../submission/events.js";
import type { View } from "../view/view.js";
import type { ModeHost } from "./mode-host.js";
import { closeBySwipe } from "./swipe.js";

/** How long the message of an accepted lead is shown, unless the visitor interacts with it. */
const THANKS_MS = 4_000;

const CLOSE: Readonly<Record<string, string>> = { en: "Close", ar: "إغلاق", fr: "Fermer" };

const dialogs = new WeakMap<View, HTMLDialogElement>();

/** Opens the form's dialog: modal as a popup, otherwise non-modal. */
export function openDialog(form: ModeHost, view: View): void {
  const dialog = dialogs.get(view) ?? createDialog(form, view);
  dialogs.set(view, dialog);
  if (dialog.open) return;
  dialog.append(view.ready ? view.fallback : view.root);
  view.shadow.append(dialog);
  dialog.dataset["mode"] = form.mode ?? "";
  if (form.mode === "popup") dialog.showModal();
  else dialog.show();
  void focusFirst(dialog, view);
  dispatchLeadEvent(form, "lead-open", {});
}

/** Focuses the first field, unless that opens an on-screen keyboard. */
async function focusFirst(dialog: HTMLDialogElement, view: View): Promise<void> {
  dialog.focus();
  await view.ready;
  dialog.dir = view.root.dir;
  dialog.ariaLabel = nameOf(view);
  const close = dialog.querySelector("[part=close]");
  if (close) close.ariaLabel = CLOSE[view.root.lang] ?? "Close";
  if (matchMedia("(hover: hover)").matches && dialog.open && view.state === "editing") view.focus();
}

/** The dialog's name: its heading, or the label of its button. */
function nameOf({ headingSlot, root }: View): string {
  const texts = [...headingSlot.assignedElements({ flatten: true }), root.querySelector("[part=submit]")];
  return texts.map((node) => node?.textContent?.trim()).find(Boolean) ?? "";
}

function createDialog(form: ModeHost, view: View): HTMLDialogElement {
  const close = createElement("button", { part: "close", type: "button" }, createIcon("M6 6l12 12M18 6 6 18"));
  // No autofocus on the button: the dialog itself takes the focus until the form is ready.
  const dialog = createElement("dialog", { part: "dialog", tabindex: "-1" });
  const hide = () => dialog.close();
  let timer: ReturnType<typeof setTimeout> | undefined;
  closeBySwipe(dialog);
  const stay = () => clearTimeout(timer);
  const handle = createElement("div", { part: "handle" });
  view.root.prepend(handle, close);
  // The heading is added to the form when the language is loaded.
  void view.ready?.then(() => view.root.prepend(handle, close));
  close.addEventListener("click", hide);
  for (const event of ["pointerdown", "keydown"]) dialog.addEventListener(event, stay);
  dialog.addEventListener("keydown", ({ key }) => {
    // A modal dialog does this itself.
    if (key === "Escape" && !dialog.matches(":modal")) hide();
  });
  dialog.addEventListener("click", ({ target }) => {
    // The backdrop belongs to the dialog, whose content covers all of it.
    if (target === dialog) hide();
  });
  dialog.addEventListener("close", () => {
    stay();
    // Input and a waiting lead are kept for the next time.
    if (view.state === "accepted") form.reset();
    dispatchLeadEvent(form, "lead-close", {});
  });
  form.addEventListener("lead-accepted", ({ detail }: Event & { detail?: { isEarlier?: boolean } }) => {
    if (!detail?.isEarlier && dialog.open) timer = setTimeout(hide, THANKS_MS);
  });
  return dialog;
}
