/** Attributes of an element: `true` sets an empty one, `false` and `undefined` none. */
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Makes an element. Markup is never parsed, so that a page's Trusted Types have nothing to object to. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Attributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== false) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Writes a text if it differs: a live region reads out whatever is written to it. */
export function write(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
