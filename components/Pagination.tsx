import { cx } from "./cx.ts";

export interface PaginationProps {
  /** Which rows of how many: "Rows 51 to 100 of 1,204". */
  says: string;
  /** To the beginning of the list; null on its first page. */
  first: string | null;
  /** To the page that follows; null on the last. */
  next: string | null;
  /** What the list goes to: "Older leads". */
  nextLabel: string;
}

const LINK = cx(
  "inline-flex items-center min-h-target rounded-control border border-control bg-surface px-3 text-sm font-semibold hover:border-accent hover:text-accent",
);

/** Where the reader is in a list, and the way on. */
export function Pagination(
  { says, first, next, nextLabel }: PaginationProps,
) {
  return (
    <nav
      class="mt-4 flex flex-wrap items-center justify-between gap-3"
      aria-label="Pages of the list"
    >
      <p class="text-small text-ink-3">{says}</p>
      <div class="flex gap-2">
        {first && <a class={LINK} href={first}>Back to the first</a>}
        {next && <a class={LINK} href={next} rel="next">{nextLabel}</a>}
      </div>
    </nav>
  );
}
