import { formatCount } from "../lib/domain/mod.ts";
import { Pagination } from "./Pagination.tsx";

export interface NumberedPagesProps {
  /** Which page this is, from 1, and how many rows a full one has. */
  page: number;
  size: number;
  /** Rows of all pages. */
  found: number;
  /** The order of the rows, in words: "by name". */
  order: string;
  hrefOf: (page: number) => string;
  /** What the list goes to: "Next brands". */
  nextLabel: string;
}

/** Where the reader is in a list that is cut into pages of one size; nothing where one page holds it all. */
export function NumberedPages(
  { page, size, found, order, hrefOf, nextLabel }: NumberedPagesProps,
) {
  if (page === 1 && found <= size) return null;
  const from = (page - 1) * size + 1;
  const to = Math.min(page * size, found);
  return (
    <Pagination
      says={from > found
        ? `None of ${formatCount(found)}: the list is not that long`
        : `${formatCount(from)} to ${formatCount(to)} of ${
          formatCount(found)
        }, ${order}`}
      first={page === 1 ? null : hrefOf(1)}
      next={to < found ? hrefOf(page + 1) : null}
      nextLabel={nextLabel}
    />
  );
}
