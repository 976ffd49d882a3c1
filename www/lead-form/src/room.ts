/** The heights that pages reserved for forms before there were any, in pixels. */
const rooms = new WeakMap<Element, number>();

/** Notes how much room a page reserves for its forms, all at once: measuring one by one would lay the page out anew each time. */
export function measure(forms: Iterable<Element>): void {
  for (const form of forms) rooms.set(form, form.getBoundingClientRect().height);
}

/** Keeps the room that was reserved, so that what follows does not move up; until the page changes its width. */
export function keepRoom(form: HTMLElement, root: HTMLElement): void {
  const room = rooms.get(form);
  rooms.delete(form);
  if (!room) return;
  root.style.setProperty("--room", `${room}px`);
  const width = innerWidth;
  const widened = () => {
    if (innerWidth === width) return;
    root.style.removeProperty("--room");
    removeEventListener("resize", widened);
  };
  addEventListener("resize", widened);
}
