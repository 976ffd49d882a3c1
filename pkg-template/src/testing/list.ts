import { assertNumber, configError, omitUndefined, rejectUnknownOptions } from "../base/options.js";
import { List } from "../client/list.js";

/** How the records are divided into pages. */
export interface TestListOptions {
  /** The number of records on a page, at least 1. Default 20. */
  pageSize?: number | undefined;
}

/**
 * Creates a list like that of `list()` from an array, to test code that takes a list without a CRM.
 *
 * @example
 * await exportLeads(createTestList([{ _id: "1" }, { _id: "2" }], { pageSize: 1 }));
 * @throws {ConfigurationError} if an option is unknown or has an invalid value.
 */
export function createTestList<T>(records: readonly T[], options: TestListOptions = {}): List<T> {
  rejectUnknownOptions(options, { pageSize: 1 }, "createTestList");
  const { pageSize } = { pageSize: 20, ...omitUndefined(options) };
  assertNumber("pageSize", pageSize, true);
  if (pageSize < 1) throw configError("pageSize", "must be at least 1");
  // Each iteration starts over. A list always has a first page, which may be empty.
  return new List(() => {
    let start = 0;
    return async () => {
      if (start > 0 && start >= records.length) return undefined;
      const page = records.slice(start, (start += pageSize));
      return [page, page];
    };
  });
}
