// Preact sets properties where the element has them.
import { h, render as draw } from "preact";

export const render = (place, { attributes, ...properties }) =>
  draw(h("icloud-ready-lead-form", { ...attributes, ...properties }), place);
