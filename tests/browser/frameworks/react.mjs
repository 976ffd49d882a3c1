// React: what is given in the first render, and again in a later one. On markup that a server rendered it sets no
// objects, and React 18 sets no properties at all: there a ref does it.
import { createElement, useEffect, useRef, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";

let isHydrated = false;

function Form({ given }) {
  const ref = useRef(null);
  const { attributes, ...properties } = given;
  const takesProperties = !isHydrated && !version.startsWith("18");
  const texts = Object.fromEntries(Object.entries(properties).filter(([, value]) => typeof value !== "object"));
  useEffect(() => {
    if (!takesProperties) Object.assign(ref.current, properties);
  });
  return createElement("icloud-ready-lead-form", {
    ref,
    ...attributes,
    ...(takesProperties ? properties : isHydrated && texts),
  });
}

let root;
export function render(place, given) {
  const app = createElement(Form, { given });
  isHydrated ||= !root && place.hasChildNodes();
  if (isHydrated) root ??= hydrateRoot(place, app);
  root ??= createRoot(place);
  root.render(app);
}
