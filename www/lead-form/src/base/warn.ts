const warned = new Set<string>();

/** Warns the site's developer on the console, once per message. */
export function warn(what: string): void {
  if (warned.has(what)) return;
  warned.add(what);
  console.warn(`<icloud-ready-lead-form>: ${what}`);
}
