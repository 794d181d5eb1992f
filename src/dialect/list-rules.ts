/** How lists are cut (contract.md §3, `GET /user`). */
export interface ListRules {
  /** The page size of a request without `take`, in rows. */
  readonly defaultTake: number;
  /** The range of `take`, in rows. */
  readonly leastTake: number;
  readonly mostTake: number;
  /** The maximum size of a page, in bytes of its body. A page has at least one row. Not for streamed pages. */
  readonly mostBytes: number;
  /**
   * Whether pages are streamed: each batch of rows is read when the client has read those before it, so that a page of
   * any size uses the memory of a batch. An error after the first batch closes the connection.
   */
  readonly streamed: boolean;
}

/** The rules of this service's own API. */
export const STRICT_LIST_RULES: ListRules = {
  defaultTake: 100,
  leastTake: 1,
  mostTake: 10_000,
  mostBytes: 8 * 1024 * 1024,
  streamed: false,
};
