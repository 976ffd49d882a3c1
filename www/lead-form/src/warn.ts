const said = new Set<string>();

/** Tells the page's maker, once. */
export function warn(what: string): void {
  if (said.has(what)) return;
  said.add(what);
  console.warn(`<icloud-ready-lead-form>: ${what}`);
}
