/** One page of a list. `total` counts every row of the list, not only this page's. */
export interface Page<T> {
  rows: T[];
  total: number;
  hasMore: boolean;
  /** Where the next page begins; null when there is none or the list has no cursor. */
  cursor: string | null;
}
