const said = new Set<string>();

/** Warns the site's developer on the console, once per message. */
export function warn(what: string): void {
  if (said.has(what)) return;
  said.add(what);
  console.warn(`<icloud-ready-lead-form>: ${what}`);
}
