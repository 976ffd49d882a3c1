// What operators did.

import { call } from "./api.js";
import { h } from "./dom.js";
import { date, text } from "./messages.js";

export function audit() {
  const rows = h("tbody", {});
  const headings = [text.time, text.by, text.action, text.id];
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...headings.map((name) => h("th", { scope: "col" }, name)))),
    rows,
  );
  const refresh = async () => {
    const { entries } = await call("audit?limit=20");
    const cells = ({ at, token, action, submissionId, count }) => [
      date(at),
      token,
      action,
      submissionId ?? count ?? "",
    ];
    rows.replaceChildren(
      ...entries.map((entry) => h("tr", {}, ...cells(entry).map((cell) => h("td", {}, String(cell))))),
    );
  };
  const scroll = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": text.audit }, table);
  const element = h("section", { "aria-labelledby": "audit" }, h("h2", { id: "audit" }, text.audit), scroll);
  return { element, refresh };
}
