import { issueFromWasm, type Issue } from "../../base/errors.js";
import { wasm } from "../../loader/modules/forwarder.js";
import { callWasm } from "../outbox/wasm.js";

/** Everything that is wrong with the JSON text of a lead, by the same check as a page's. */
export async function issuesOf(lead: string): Promise<Issue[]> {
  const loading = wasm.ready();
  if (loading) await loading;
  const issues: Issue[] = [];
  callWasm((wasm) =>
    wasm.validateLead(lead, (...told: Parameters<typeof issueFromWasm>) => issues.push(issueFromWasm(...told))),
  );
  return issues;
}

/** Reads a telephone number: as it is dialed from anywhere, where that can be told. */
export type PhoneReader = (text: string, country: string | undefined, locale: string) => string | undefined;

/**
 * What reads telephone numbers, by the same rules as a page. The country that the visitor chose decides how a
 * national number is read. That of a page's locale does so only where its numbering plan has the number.
 */
export async function phoneReader(): Promise<PhoneReader> {
  const loading = wasm.ready();
  if (loading) await loading;
  return (text, country, locale) => {
    if (country !== undefined) return parse(text, country, false);
    const region = /[-_]([A-Za-z]{2})(?:[-_]|$)/.exec(locale)?.[1];
    return parse(text, undefined, false) ?? (region === undefined ? undefined : parse(text, region, true));
  };
}

function parse(text: string, country: string | undefined, strictly: boolean): string | undefined {
  let found: string | undefined;
  callWasm((wasm) =>
    wasm.parsePhone(text, country, (e164: string, isStrict: boolean) => {
      if (isStrict || !strictly) found = e164;
    }),
  );
  return found;
}
