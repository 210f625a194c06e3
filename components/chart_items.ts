import { MOST_VALUES } from "../lib/domain/lists.ts";

/** One mark of a chart. */
export interface ChartItem {
  name: string;
  count: number;
  /** Where a click on the mark leads. */
  href?: string;
  /** The one that the list below shows. */
  chosen?: boolean;
  /** It stands for several. */
  isOther?: true;
}

/**
 * The first items as they are, the others in one that is named for their number: "Other (7)". A chart
 * of everything would say nothing; the table beside it has every row.
 *
 * @param most marks to keep, the one for the others included
 * @param hrefOf where that one leads: the list of these names
 */
export function withOther(
  items: readonly ChartItem[],
  most: number,
  hrefOf: (names: readonly string[]) => string,
): ChartItem[] {
  if (items.length <= most) return [...items];
  const kept = items.slice(0, most - 1);
  const others = items.slice(most - 1);
  const count = others.reduce((sum, item) => sum + item.count, 0);
  const names = others.map(({ name }) => name);
  return [...kept, {
    name: `Other (${others.length})`,
    count,
    isOther: true,
    ...names.length <= MOST_VALUES ? { href: hrefOf(names) } : {},
  }];
}
