/** Makes an element. Markup is never parsed, so that a page's Trusted Types have nothing to object to. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Node[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Writes a text if it differs: a live region reads out whatever is written to it. */
export function write(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
