/** How far a finger moves to close a sheet, in pixels. */
const CLOSING_DISTANCE = 96;

/** A swipe down closes a sheet whose content is at its start. */
export function closeBySwipe(dialog: HTMLDialogElement): void {
  /** The start position of the swipe; `NaN` without one. */
  let from = NaN;
  let distance = 0;
  const move = (y: number) => {
    // A swipe that scrolls the content does not close the sheet, even once it reaches the start.
    if ([...dialog.children].some(({ scrollTop }) => scrollTop > 0)) from = NaN;
    distance = y - from;
    const isFollowing = distance > 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    dialog.style.translate = isFollowing ? `0 ${distance}px` : "";
  };
  const listen = (event: "touchstart" | "touchmove", listener: (y: number) => void) =>
    dialog.addEventListener(
      event,
      ({ touches }) => {
        // Two fingers zoom.
        const [touch] = touches;
        listener(touches.length > 1 || !touch ? NaN : touch.clientY);
      },
      { passive: true },
    );
  listen("touchstart", (y) => (from = matchMedia("(width < 40rem)").matches ? y : NaN));
  listen("touchmove", move);
  dialog.addEventListener("touchend", () => {
    if (distance > CLOSING_DISTANCE) dialog.close();
    move(NaN);
  });
  dialog.addEventListener("touchcancel", () => move(NaN));
}
