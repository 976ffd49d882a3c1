/** The heights that pages reserve for forms that are not defined yet, in pixels. */
const heights = new WeakMap<Element, number>();

/** Measures the heights that a page reserves, all at once: each separate measurement would force a layout. */
export function measureHeights(forms: Iterable<Element>): void {
  for (const form of forms) heights.set(form, form.getBoundingClientRect().height);
}

/** Keeps the reserved height until the page's width changes, so that the content below does not move. */
export function keepHeight(form: HTMLElement, parts: readonly HTMLElement[]): void {
  const height = heights.get(form);
  heights.delete(form);
  if (!height) return;
  const set = (value: string) => parts.forEach(({ style }) => style.setProperty("--room", value));
  set(`${height}px`);
  const width = innerWidth;
  // A listener on the window would keep a removed form in memory; an observer does not.
  const observer = new ResizeObserver(() => {
    if (innerWidth === width) return;
    set("");
    observer.disconnect();
  });
  observer.observe(form);
}
