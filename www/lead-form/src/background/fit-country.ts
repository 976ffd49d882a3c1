/** The country list next to a phone number. */
const LIST = "select[part=country]";

/** The separator between a country's name and its calling code. */
const SEPARATOR = " \u200e";

const fitted = new WeakSet<ShadowRoot>();

/**
 * Shortens the name of the selected country if the closed list is too narrow for it, so that its calling code is always
 * visible. The open list shows the full name.
 */
export function fitCountry({ shadowRoot: root }: Element): void {
  if (!root || fitted.has(root)) return;
  fitted.add(root);
  let shortened: HTMLOptionElement | undefined;
  let observed: Element | undefined;
  const restore = () => {
    if (shortened) shortened.text = shortened.ariaLabel ?? "";
    if (shortened) shortened.ariaLabel = null;
    shortened = undefined;
    changes.takeRecords();
  };
  const fit = () => {
    restore();
    const list = root.querySelector<HTMLSelectElement>(LIST);
    const option = list?.selectedOptions[0];
    if (!option) return;
    if (list !== observed) sizes.observe((observed = list));
    const text = shorten(option.text, list);
    if (!text) return;
    option.ariaLabel = option.text;
    option.text = text;
    shortened = option;
    changes.takeRecords();
  };
  // The list is replaced if the page sets other fields, and refilled in another language.
  const changes = new MutationObserver(fit);
  const sizes = new ResizeObserver(fit);
  changes.observe(root, { childList: true, subtree: true });
  for (const event of ["pointerdown", "keydown"])
    root.addEventListener(event, ({ target }) => (target as Element).matches(LIST) && restore());
  for (const event of ["input", "focusout"]) root.addEventListener(event, fit);
  // Quoted: the build shortens the form's own property of this name.
  void document.fonts["ready"].then(fit);
}

/** A shorter text that fits into the list; `undefined` if the text fits. */
function shorten(text: string, list: HTMLSelectElement): string | undefined {
  const [name, code] = text.split(SEPARATOR);
  const context = document.createElement("canvas").getContext("2d");
  if (!name || !code || !context) return;
  const { fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(list);
  context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  const space = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  // A hidden form has no width.
  const isTooWide = (text: string) => space > 0 && context.measureText(text).width > space;
  if (!isTooWide(text)) return;
  let { length } = name;
  const short = () => `${name.slice(0, length).trim()}…${SEPARATOR}${code}`;
  while (length > 1 && isTooWide(short())) length -= 1;
  return isTooWide(short()) ? code : short();
}
