import { warn } from "../base/warn.js";
import type { ModeHost } from "./mode-host.js";

const DAY_MS = 86_400_000;

/** The interval between checks while the visitor is busy. */
const BUSY_RETRY_MS = 5_000;

const MODES = ["inline", "popup", "slide-in"];

let isListening = false;

/** Opens a hidden form by the page's buttons and by the triggers in its attributes. */
export function watchTriggers(form: ModeHost): void {
  if (!MODES.includes(form.mode ?? "")) warn(`unknown mode "${form.mode}": popup is used`);
  if (!isListening) {
    isListening = true;
    document.addEventListener("click", onClick);
    // Preloads the scripts when the visitor approaches the trigger.
    for (const event of ["pointerover", "focusin"])
      document.addEventListener(event, (near) => formOf(near)?.form.prepare());
  }
  watchAutomaticTriggers(form);
  if (form.mode === "slide-in" && form.hasAttribute("teaser"))
    void import("../teaser/index.js").then(({ showTeaser }) => showTeaser(form)).catch(() => {});
}

function onClick(event: Event): void {
  const found = formOf(event);
  if (!found) return;
  // The trigger may be a link, for visitors without scripts.
  event.preventDefault();
  void found.form.show();
}

/** The form that a trigger opens: `data-lead-form` is its id. */
function formOf(event: Event): { form: ModeHost } | undefined {
  const [target] = event.composedPath();
  const trigger = target instanceof Element ? target.closest<HTMLElement>("[data-lead-form]") : null;
  const id = trigger?.dataset["leadForm"];
  if (!trigger || !id) return undefined;
  const root = trigger.getRootNode() as Document | ShadowRoot;
  const form = root.getElementById(id) ?? document.getElementById(id);
  return form && "prepare" in form ? { form: form as ModeHost } : undefined;
}

/** Opens the form after a time, by scrolling, or on exit intent; once in `open-every` days. */
function watchAutomaticTriggers(form: ModeHost): void {
  const numberIn = (name: string) => Number.parseFloat(form.getAttribute(name) ?? "");
  const seconds = numberIn("open-after");
  const percent = numberIn("open-at-scroll");
  const isOnExit = form.hasAttribute("open-on-exit") && matchMedia("(hover: hover)").matches;
  if (!(seconds >= 0 || percent >= 0 || isOnExit)) return;
  const days = form.hasAttribute("open-every") ? numberIn("open-every") : 7;
  const key = `icloud-ready-opened ${form.id}`;
  if (wasOpenedWithin(key, days * DAY_MS)) return;
  const watching = new AbortController();
  const { signal } = watching;
  // Does not keep a removed form in memory.
  const watched = new WeakRef(form);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    const form = watched.deref();
    clearTimeout(timer);
    if (signal.aborted) return;
    if (form?.isConnected && isVisitorBusy(form)) return void (timer = setTimeout(open, BUSY_RETRY_MS));
    watching.abort();
    if (!form?.isConnected || wasOpenedWithin(key, days * DAY_MS)) return;
    remember(key);
    void form.show();
  };
  form.addEventListener("lead-open", () => watching.abort(), { signal });
  if (seconds >= 0) timer = setTimeout(open, seconds * 1000);
  if (percent >= 0) {
    const onScroll = () => {
      const { scrollHeight } = document.documentElement;
      if (scrollY + innerHeight >= (scrollHeight * percent) / 100) open();
    };
    addEventListener("scroll", onScroll, { signal, passive: true });
  }
  if (isOnExit) {
    const onLeave = ({ clientY }: MouseEvent) => {
      if (clientY <= 0) open();
    };
    document.documentElement.addEventListener("mouseleave", onLeave, { signal });
  }
}

/** Whether another dialog is open, or the visitor is typing. */
function isVisitorBusy({ localName }: ModeHost): boolean {
  const isOpen = (root: ParentNode | null) => root?.querySelector("dialog[open], [aria-modal=true]") != null;
  const forms = document.querySelectorAll(localName);
  if (isOpen(document) || [...forms].some(({ shadowRoot }) => isOpen(shadowRoot))) return true;
  return document.activeElement?.matches(`input, textarea, select, ${localName}`) ?? false;
}

function wasOpenedWithin(key: string, lengthMs: number): boolean {
  try {
    const at = localStorage.getItem(key);
    return at !== null && Math.abs(Date.now() - Number(at)) < lengthMs;
  } catch {
    // Storage is blocked: once per page.
    return false;
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(key, String(Date.now()));
  } catch {
    // Storage is full or blocked.
  }
}
