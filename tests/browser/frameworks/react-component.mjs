// The component `LeadForm` of the package, in an app that a server may have rendered.
import { createElement, StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { LeadForm } from "icloud-ready/react";

const plainForm = createElement(
  "form",
  { action: "/leads", method: "post" },
  createElement("input", { name: "leadInformation.firstName", required: true }),
  createElement("input", { name: "leadInformation.phone", type: "tel", required: true }),
  createElement("button", null, "Send"),
);

export const app = (props) => createElement(StrictMode, null, createElement(LeadForm, props, plainForm));

/** Renders into an element, or hydrates what a server sent there; returns the root. */
export function mount(place, props) {
  // React otherwise does not report an error that it recovers from.
  const options = { onRecoverableError: (error) => console.error(`recovered: ${error.message}`) };
  if (place.hasChildNodes()) return hydrateRoot(place, app(props), options);
  const root = createRoot(place, options);
  root.render(app(props));
  return root;
}

/** Renders again with other props. */
export const update = (root, props) => root.render(app(props));
