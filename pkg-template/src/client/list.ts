import { guardUserCode, configError } from "./settings.js";

/** One page of a list. */
export interface Page<T> {
  /** The records, without those that an earlier page already gave. */
  data: T[];
  /** The CRM's whole answer: its envelope is not documented. `undefined` where it was empty. */
  body: unknown;
  /** The next page, or `null` after the last one. Asking twice sends once. */
  getNextPage(): Promise<Page<T> | null>;
}

/** Gives `[records, envelope]` of the next page, or `undefined` after the last one. @internal */
export type PageCursor<T> = () => Promise<[T[], unknown] | undefined>;

/**
 * A list: awaited it is its first page, iterated its records, one after another, page after page.
 * Nothing is sent before.
 */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #open: () => PageCursor<T>;
  readonly #first: () => Promise<Page<T> | null>;

  /** @internal */
  constructor(open: () => PageCursor<T>) {
    this.#open = open;
    this.#first = memoize(() => nextPage(open()));
  }

  /** The first page. Awaiting twice sends once. */
  then<A = Page<T>, B = never>(
    fulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.#first() as Promise<Page<T>>).then(fulfilled, rejected);
  }

  /** The list page by page. Each reading asks anew. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    for (let page = await nextPage(this.#open()); page; page = await page.getNextPage()) yield page;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** The first `max` records. */
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
  const found = await cursor();
  if (!found) return null;
  const [data, body] = found;
  return { data, body, getNextPage: memoize(() => nextPage(cursor)) };
}

/** Asks once; after a failure once more. */
function memoize<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    }));
}
