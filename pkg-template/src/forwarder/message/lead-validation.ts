import { issueFromWasm, type Issue } from "../../base/errors.js";
import { wasm } from "../../loader/modules/forwarder.js";
import { callWasm } from "../outbox/wasm.js";

/** All issues of a lead's JSON text, by the same validation as in a page. */
export async function issuesOf(lead: string): Promise<Issue[]> {
  const loading = wasm.ready();
  if (loading) await loading;
  return collectIssues(lead);
}

/** The same, once the wasm is loaded. */
export function collectIssues(lead: string): Issue[] {
  const issues: Issue[] = [];
  callWasm((wasm) =>
    wasm.validateLead(lead, (...parts: Parameters<typeof issueFromWasm>) => issues.push(issueFromWasm(...parts))),
  );
  return issues;
}

/** Parses a telephone number to E.164 if its country is known. */
export type PhoneReader = (text: string, country: string | undefined, locale: string) => string | undefined;

/**
 * Returns a telephone number parser with the same rules as a page's. The country that the visitor chose decides how a
 * national number is parsed. The country of the page's locale does so only if its numbering plan has the number.
 */
export async function phoneReader(): Promise<PhoneReader> {
  const loading = wasm.ready();
  if (loading) await loading;
  return (text, country, locale) => {
    if (country !== undefined) return parsePhone(text, country, false);
    const region = /[-_]([A-Za-z]{2})(?:[-_]|$)/.exec(locale)?.[1];
    return parsePhone(text, undefined, false) ?? (region === undefined ? undefined : parsePhone(text, region, true));
  };
}

/** A telephone number in E.164; with `strictly`, only if it is certain. The wasm must be loaded. */
export function parsePhone(text: string, country: string | undefined, strictly: boolean): string | undefined {
  let found: string | undefined;
  callWasm((wasm) =>
    wasm.parsePhone(text, country, (e164: string, isStrict: boolean) => {
      if (isStrict || !strictly) found = e164;
    }),
  );
  return found;
}
