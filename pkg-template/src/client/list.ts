import { guardUserCode, configError } from "../base/options.js";

/** One page of a list. */
export interface Page<T> {
  /** The records. Those that an earlier page already had are skipped. */
  data: T[];
  /** The whole response body, because its envelope is not documented; `undefined` if it is empty. */
  body: unknown;
  /** Requests the next page; `null` after the last one. Calling it twice sends one request. */
  getNextPage(): Promise<Page<T> | null>;
}

/** Returns `[records, body]` of the next page, or `undefined` after the last one. @internal */
export type PageCursor<T> = () => Promise<[T[], unknown] | undefined>;

/** A list of records: `await` returns the first page, `for await` iterates over the records of all pages. */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #open: () => PageCursor<T>;
  readonly #first: () => Promise<Page<T> | null>;

  /** @internal */
  constructor(open: () => PageCursor<T>) {
    this.#open = open;
    this.#first = memoize(() => nextPage(open()));
  }

  /** Requests the first page; rejects like any call. Awaiting twice sends one request. */
  then<A = Page<T>, B = never>(
    fulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.#first() as Promise<Page<T>>).then(fulfilled, rejected);
  }

  /** Handles a failure of the first page, as of a promise. */
  catch<A = never>(rejected?: ((reason: unknown) => A | PromiseLike<A>) | null): Promise<Page<T> | A> {
    return this.then(null, rejected);
  }

  /** Requests the first page, and calls the function afterwards, as of a promise. */
  finally(done?: (() => void) | null): Promise<Page<T>> {
    return this.then().finally(done);
  }

  /** Iterates over the pages. Each iteration requests them again. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    for (let page = await nextPage(this.#open()); page; page = await page.getNextPage()) yield page;
  }

  /** Iterates over the records of all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** Returns the first `max` records. @throws {ConfigurationError} if `max` is missing or not a number of 0 or more. */
  async toArray(options: { max: number }): Promise<T[]> {
    const { max } = guardUserCode(() => ({ ...options }));
    if (typeof max !== "number" || !(max >= 0)) throw configError("max", "must be a number of 0 or more");
    const records: T[] = [];
    if (max > 0) {
      for await (const page of this.pages()) {
        for (const record of page.data.slice(0, max - records.length)) records.push(record);
        if (records.length >= max) break;
      }
    }
    return records;
  }
}

async function nextPage<T>(cursor: PageCursor<T>): Promise<Page<T> | null> {
  const page = await cursor();
  if (!page) return null;
  const [data, body] = page;
  return { data, body, getNextPage: memoize(() => nextPage(cursor)) };
}

/** Calls the function once, and again only after a failure. */
function memoize<T>(request: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () =>
    (result ??= request().catch((error: unknown) => {
      result = undefined;
      throw error;
    }));
}
