/** Attributes of an element: `true` sets an empty one, `false` and `undefined` none. */
type AttributeValues = Readonly<Record<string, string | boolean | undefined>>;

/** Creates an element. Markup is never parsed, so pages with Trusted Types accept it. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: AttributeValues,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== false) element.setAttribute(attribute, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Sets the text if it differs: screen readers announce every write to a live region. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
