import type { CoreHandle } from "./core-handle.js";
import { ownMember } from "../base/own-member.js";
import type { PageCursor } from "./list.js";

/**
 * Reads a list page by page: the CRM documents neither the number of its first page nor what ends it.
 * The core does the same for Rust callers: `src/list/pager.rs`. `query` gives the first page's, as JSON, and
 * `records` those in an answer; `firstPage` is the number of a first page, if the caller knows it. @internal
 */
export function createPageCursor(
  query: () => string | undefined,
  send: (query: string | undefined) => Promise<unknown>,
  records: (body: unknown) => unknown[] | undefined,
  limits: CoreHandle,
  firstPage: 0 | 1 | undefined,
): PageCursor<unknown> {
  /** The last page, from 1, that had each record. */
  const given = new Map<string, number>();
  let first: string | undefined;
  let pages = 0;
  let total = Infinity;
  /** The number of the last page, once it is known. */
  let number: number | undefined;
  return async () => {
    if (!pages) first = query();
    for (;;) {
      if (pages && (!given.size || given.size >= total)) return;
      const last = number ?? firstPage ?? limits.firstPage;
      const asked = last === undefined ? 1 : last + 1;
      const body = await send(pages ? JSON.stringify({ ...JSON.parse(first ?? "{}"), page: asked }) : first);
      const list = records(body) ?? [];
      const keys = list.map(recordKey);
      if (!pages) {
        const page = first && JSON.parse(first).page;
        if (Number.isInteger(page) && page >= 0) number = page;
        // A "total" no greater than the page is likely the page's own count.
        const all = findTotal(body);
        if (all > list.length) total = all;
      } else {
        if (last === undefined) {
          // The first page again? Records that arrived meanwhile may have pushed some of it out.
          limits.firstPage = keys.filter((key) => given.has(key)).length * 2 >= given.size ? 1 : 0;
          if (limits.firstPage) continue;
        }
        // The end: each record was on one of the last two pages.
        if (keys.every((key) => given.get(key)! + 1 >= pages)) {
          total = 0;
          return;
        }
        number = asked;
      }
      pages++;
      const fresh = list.filter((_, index) => {
        const isNew = !given.has(keys[index]!);
        given.set(keys[index]!, pages);
        return isNew || pages < 2;
      });
      return [fresh.length < list.length ? fresh : list, body];
    }
  };
}

/** What tells a record from others: its `_id`, else the whole of it. */
function recordKey(record: unknown): string {
  const id = ownMember(record, "_id");
  return typeof id === "string" ? id : JSON.stringify(record);
}

/** How many records there are in all, where the envelope says; else NaN. */
function findTotal(body: unknown): number {
  const totals = [
    ownMember(body, "total"),
    ownMember(body, "totalCount"),
    ownMember(ownMember(body, "pagination"), "total"),
  ];
  return totals.find((total) => typeof total === "number") ?? NaN;
}
