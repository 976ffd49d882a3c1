import { createElement } from "../base/create-element.js";
import { createIcon } from "../base/create-icon.js";
import type { State } from "../view/state.js";

const CLOCK = "M12 4a8 8 0 1 0 .01 0ZM12 8v4.5l3 2";

/** The icons of messages that replace the fields, as paths of 24 by 24 units. */
const ICONS: Partial<Record<State, string>> = {
  accepted: "m5 12.5 4.5 4.5L19 7.5",
  queued: CLOCK,
  held: CLOCK,
  refused: "M12 4.5 3 20h18L12 4.5Zm0 5.5v4.5m0 2.5v.01",
};

/** The content of a status message: an icon above its texts, which the page can replace once a lead is accepted. */
export function statusContent(state: State, ...texts: HTMLElement[]): Node[] {
  const path = ICONS[state];
  if (!path) return texts;
  const content = state === "accepted" ? [createElement("slot", { name: "thanks" }, ...texts)] : texts;
  return [createElement("span", { part: "status-icon", "aria-hidden": "true" }, createIcon(path)), ...content];
}
