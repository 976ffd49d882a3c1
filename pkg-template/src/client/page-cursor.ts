import type { CoreHandle } from "./core-handle.js";
import { ownMember } from "../base/own-member.js";
import type { PageCursor } from "./list.js";

/**
 * Reads a list page by page. The CRM documents neither the number of the first page nor how a list ends.
 * `src/list/pager.rs` is the same for Rust callers; change both together. `query` returns the first page's query as
 * JSON, `records` the records in a response body; `firstPage` is the number of the first page if the caller knows it.
 * @internal
 */
export function createPageCursor(
  query: () => string | undefined,
  send: (query: string | undefined) => Promise<unknown>,
  records: (body: unknown) => unknown[] | undefined,
  core: CoreHandle,
  firstPage: 0 | 1 | undefined,
): PageCursor<unknown> {
  /** The last page, from 1, that had each record. */
  const lastPages = new Map<string, number>();
  /** The records of the first page until the second is requested: most callers never do. */
  let firstKeys: string[] = [];
  let first: string | undefined;
  let pages = 0;
  let total = Infinity;
  /** The number of the last page, once it is known. */
  let number: number | undefined;
  return async () => {
    if (!pages) first = query();
    for (const key of firstKeys.splice(0)) lastPages.set(key, 1);
    for (;;) {
      if (pages && (!lastPages.size || lastPages.size >= total)) return;
      const last = number ?? firstPage ?? core.firstPage;
      const next = last === undefined ? 1 : last + 1;
      const body = await send(pages ? JSON.stringify({ ...JSON.parse(first ?? "{}"), page: next }) : first);
      const list = records(body) ?? [];
      const keys = list.map(recordKey);
      if (!pages) {
        const page = first && JSON.parse(first).page;
        if (Number.isInteger(page) && page >= 0) number = page;
        // A "total" that is not above the page's length probably counts the page.
        const all = findTotal(body);
        if (all > list.length) total = all;
        firstKeys = keys;
        pages = 1;
        return [list, body];
      }
      if (last === undefined) {
        // Is it the first page again? New records may have moved some of its records to the next page.
        core.firstPage = keys.filter((key) => lastPages.has(key)).length * 2 >= lastPages.size ? 1 : 0;
        if (core.firstPage) continue;
      }
      // The end: the last two pages had every record.
      if (keys.every((key) => lastPages.get(key)! + 1 >= pages)) {
        total = 0;
        return;
      }
      number = next;
      pages++;
      const fresh = list.filter((_, index) => {
        const isNew = !lastPages.has(keys[index]!);
        lastPages.set(keys[index]!, pages);
        return isNew;
      });
      return [fresh.length < list.length ? fresh : list, body];
    }
  };
}

/** Identifies a record: by its `_id`, otherwise by its JSON. */
function recordKey(record: unknown): string {
  const id = ownMember(record, "_id");
  return typeof id === "string" ? id : JSON.stringify(record);
}

/** The total number of records, if the envelope has it; otherwise NaN. */
function findTotal(body: unknown): number {
  const totals = [
    ownMember(body, "total"),
    ownMember(body, "totalCount"),
    ownMember(ownMember(body, "pagination"), "total"),
  ];
  return totals.find((total) => typeof total === "number") ?? NaN;
}
