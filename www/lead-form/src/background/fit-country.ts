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
  /** The list whose size is observed, and its option that fits. */
  let observed: HTMLSelectElement | null = null;
  let fitting: HTMLOptionElement | undefined;
  let frame = 0;
  const findList = () => root.querySelector<HTMLSelectElement>(LIST);
  const restore = () => {
    if (shortened) shortened.text = shortened.ariaLabel ?? "";
    if (shortened) shortened.ariaLabel = null;
    fitting = shortened = undefined;
    changes.takeRecords();
  };
  const fit = () => {
    frame = 0;
    restore();
    const list = findList();
    if (list !== observed) {
      sizes.disconnect();
      if (list) sizes.observe(list);
      observed = list;
    }
    fitting = list?.selectedOptions[0];
    const text = list && fitting && shorten(fitting.text, list);
    if (!fitting || !text) return;
    fitting.ariaLabel = fitting.text;
    fitting.text = text;
    shortened = fitting;
    changes.takeRecords();
  };
  // Measuring forces a layout, so it waits for the next frame, which needs one anyway.
  const schedule = () => void (frame ||= requestAnimationFrame(fit));
  // The list is replaced if the page sets other fields, and refilled in another language.
  const changes = new MutationObserver((records) => {
    if (findList() !== observed || records.some(({ target }) => target === observed)) schedule();
  });
  const sizes = new ResizeObserver(fit);
  changes.observe(root, { childList: true, subtree: true });
  for (const event of ["pointerdown", "keydown"])
    root.addEventListener(event, ({ target }) => (target as Element).matches(LIST) && restore());
  // The list may also follow the number.
  for (const event of ["input", "focusout"])
    root.addEventListener(event, () => findList()?.selectedOptions[0] !== fitting && schedule());
  // Quoted: the build shortens the form's own property of this name.
  void document.fonts["ready"].then(schedule);
}

/** A shorter text that fits into the list; `undefined` if the text fits. */
function shorten(text: string, list: HTMLSelectElement): string | undefined {
  const [name, code] = text.split(SEPARATOR);
  const context = document.createElement("canvas").getContext("2d");
  if (!name || !code || !context) return;
  const { appearance, fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(list);
  context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  // With forced colors the browser's own arrow takes space too.
  const arrow = appearance === "none" ? 0 : parseFloat(fontSize) * 1.25;
  const space = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
  // A hidden form has no width.
  const isTooWide = (text: string) => space > 0 && context.measureText(text).width > space;
  if (!isTooWide(text)) return;
  let { length } = name;
  const short = () => `${name.slice(0, length).trim()}…${SEPARATOR}${code}`;
  while (length > 1 && isTooWide(short())) length -= 1;
  return isTooWide(short()) ? code : short();
}
