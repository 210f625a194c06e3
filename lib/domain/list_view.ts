import type { RowOrder } from "./column_table.ts";
import type { ListColumn, ListDefinition } from "./lists.ts";

/** What an address asks of a list; what is absent is the default. */
export interface ListView {
  /** A column's key, with "-" before it where the list runs downwards. */
  sort: string;
  /** Keys of the shown columns, in the definition's order. */
  columns: readonly string[];
  /** Chosen values by the filter's key; none is empty. */
  filters: Readonly<Record<string, readonly string[]>>;
  search?: string | undefined;
  /** Only what was created in the period of the page. */
  created?: "period" | undefined;
}

/** A list as it is shown to who asks for nothing. */
export function defaultView<Row extends { id: string }>(
  list: ListDefinition<Row>,
): ListView {
  const columns = list.columns.filter(({ extra }) => !extra);
  return {
    sort: list.sort,
    columns: columns.map(({ key }) => key),
    filters: {},
  };
}

/**
 * The column that a view is sorted by, and its direction.
 *
 * @param stages in the CRM's order; those that are not among them come after them, by name
 */
export function sortOf<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort }: Pick<ListView, "sort">,
  stages: readonly string[] = [],
): RowOrder<Row> & { key: string } {
  const down = sort.startsWith("-");
  const key = down ? sort.slice(1) : sort;
  const column = list.columns.find((column) => column.key === key);
  if (!column) throw new TypeError(`Cannot sort by '${sort}': no such column`);
  // The more days, the earlier the instant.
  return {
    key,
    field: column.field,
    down: down !== (column.kind === "days"),
    ...list.idsUp ? { idsUp: true } : {},
    ...column.isStage ? { known: stages } : {},
  };
}

/** Whether a view is sorted by stages, whose order only the figures of the day know. */
export function isByStage<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort }: Pick<ListView, "sort">,
): boolean {
  return list.columns.some(({ key, isStage }) =>
    isStage && key === sort.replace(/^-/, "")
  );
}

/** The columns that a view shows. */
export function shownColumns<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { columns }: Pick<ListView, "columns">,
): ReadonlyArray<ListColumn<Row>> {
  return list.columns.filter(({ key }) => columns.includes(key));
}

/** Whether a view leaves anything out of the list. */
export function isNarrowed({ filters, search, created }: ListView): boolean {
  return search !== undefined || created !== undefined ||
    Object.keys(filters).length > 0;
}

/** The part of an address that asks for a view; defaults are left out. */
export function queryOfView<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort, columns, filters, search, created }: ListView,
): Record<string, string | readonly string[] | undefined> {
  const usual = defaultView(list).columns.join();
  const shown = columns.join();
  return {
    ...filters,
    search,
    created,
    sort: sort === list.sort ? undefined : sort,
    cols: shown === usual ? undefined : shown,
  };
}
