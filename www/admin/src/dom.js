// Elements. Every text is set as text, so that markup in it is shown and never interpreted.

/** An element with attributes, listeners (`onclick`) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A labeled control. */
export function field(text, control) {
  return h("label", {}, text, control);
}

/** A definition list of names and values; values that are `undefined` are left out. */
export function facts(entries, className) {
  const known = entries.filter(([, value]) => value !== undefined && value !== "");
  return h(
    "dl",
    { class: className },
    ...known.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]),
  );
}

/** A form that is handled here. */
export function form(attributes, onSubmit, ...children) {
  const submit = (event) => {
    event.preventDefault();
    onSubmit(new FormData(event.target));
  };
  return h("form", { ...attributes, onsubmit: submit }, ...children);
}
