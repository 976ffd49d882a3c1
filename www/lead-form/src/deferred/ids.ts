import { randomId, type Submission } from "../submission/submission.js";

const KEY = "icloud-ready-sent";

/** How long identical content counts as the same lead, across reloads of the page. */
const LIFETIME_MS = 600_000;

const MAX_COUNT = 20;

/** The leads that a tab sent: a digest of each, without personal data. */
interface SentLeads {
  readonly salt: string;
  readonly leads: readonly { readonly digest: string; readonly id: string; readonly at: number }[];
}

/** Sets the id under which this tab sent the same content in the last ten minutes; otherwise stores the lead's id. */
export function reuseId(submission: Submission, content: string): void {
  try {
    const now = Date.now();
    const { salt, leads } = (JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? {
      salt: randomId(),
      leads: [],
    }) as SentLeads;
    const recent = leads.filter(({ at }) => Math.abs(now - at) < LIFETIME_MS);
    const digest = digestOf(`${salt} ${submission.key} ${content}`);
    const same = recent.find((lead) => lead.digest === digest);
    // It may have been sent: a client looks it up first.
    if (same) Object.assign(submission, { id: String(same.id), attempts: 1 });
    else recent.push({ digest, id: submission.id, at: now });
    sessionStorage.setItem(KEY, JSON.stringify({ salt, leads: recent.slice(-MAX_COUNT) }));
  } catch {
    // Storage is blocked, or its content is not this script's.
  }
}

/**
 * A 64-bit digest, enough to distinguish the leads of a tab. Synchronous, because a page that is being left does not
 * wait.
 */
function digestOf(text: string): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x9e3779b1);
    other = Math.imul(other ^ text.charCodeAt(index), 0x5f356495);
    one ^= other >>> 13;
  }
  return [one, other].map((part) => (part >>> 0).toString(16)).join("-");
}
