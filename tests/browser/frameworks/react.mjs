// React sets the props of the first render and of later ones. On server-rendered markup it sets no objects, and React
// 18 sets no properties at all; there the app uses a ref.
import { createElement, useEffect, useRef, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";

let isHydrated = false;

function Form({ props }) {
  const ref = useRef(null);
  const { attributes, ...properties } = props;
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
export function render(place, props) {
  const app = createElement(Form, { props });
  isHydrated ||= !root && place.hasChildNodes();
  if (isHydrated) root ??= hydrateRoot(place, app);
  root ??= createRoot(place);
  root.render(app);
}
