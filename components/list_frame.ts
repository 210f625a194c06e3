import {
  type CountedTo,
  daysText,
  type ListColumn,
  type ListDefinition,
  type ListView,
  queryOfView,
  shownColumns,
  sortOf,
  STAGE_KINDS,
} from "../lib/domain/mod.ts";
import type { Column, ColumnSort } from "./DataTable.tsx";
import {
  hereHref,
  pageHref,
  type Place,
  placeQuery,
  type Query,
} from "./links.ts";

/** Where the list stands on its page. */
const ANCHOR = "#list";

/** A list as a page shows it: which, how, and what else of the address its links keep. */
export interface ListFrame<Row extends { id: string }> {
  list: ListDefinition<Row>;
  view: ListView;
  workspace: Place;
  /** What of the address is not the list's own, such as the period. */
  keep: Query;
  /** Where the shown page of the list begins. */
  cursor?: string | undefined;
  /** Needed where a column shows days. */
  counted?: CountedTo;
}

/** What the kinds of stages are called. */
export const KIND_LABELS: Record<typeof STAGE_KINDS[number], string> = {
  qualified: "Qualified",
  pipeline: "In the pipeline",
  inactive: "Inactive",
  unclassified: "Unclassified",
};

/** A value of a filter as it is read. */
export function valueWords(
  { match }: { match: string },
  value: string,
): string {
  const labels: Record<string, string> = KIND_LABELS;
  return match === "kind" ? labels[value] ?? value : value;
}

/** The same page with the list shown in another way; the list begins anew. */
export function viewHref<Row extends { id: string }>(
  { list, view, workspace, keep }: ListFrame<Row>,
  change: Partial<ListView>,
): string {
  const query = queryOfView(list, { ...view, ...change });
  return hereHref(workspace, { ...keep, ...query }) + ANCHOR;
}

/** The page of the list that a cursor begins. */
export function cursorHref<Row extends { id: string }>(
  { list, view, workspace, keep }: ListFrame<Row>,
  cursor: string,
): string {
  const query = { ...keep, ...queryOfView(list, view), cursor };
  return hereHref(workspace, query) + ANCHOR;
}

/** The address of the page as it is shown: the way back to it. */
export function pageAddress<Row extends { id: string }>(
  { list, view, workspace, keep, cursor }: ListFrame<Row>,
): string {
  const query = { ...keep, ...queryOfView(list, view), cursor };
  return pageHref(`/${list.name}`, workspace, query);
}

/** The file that holds every row of the view. */
export function fileHref<Row extends { id: string }>(
  { list, view, workspace, keep }: ListFrame<Row>,
): string {
  const query = { ...keep, ...queryOfView(list, view) };
  return pageHref(`/${list.name}.csv`, workspace, query);
}

/** The list as a whole, sorted and with the columns as they are. */
export function clearedHref<Row extends { id: string }>(
  frame: ListFrame<Row>,
): string {
  return viewHref(frame, {
    filters: {},
    search: undefined,
    created: undefined,
  });
}

/** The whole query of the view, for the hidden fields of a form that changes a part of it. */
export function formQuery<Row extends { id: string }>(
  { list, view, workspace, keep }: ListFrame<Row>,
  change: Partial<ListView>,
): Query {
  const query = queryOfView(list, { ...view, ...change });
  return { ...placeQuery(workspace), ...keep, ...query };
}

/** The shown columns as those of a table, each with the link that sorts by it. */
export function tableColumns<Row extends { id: string }>(
  frame: ListFrame<Row>,
  hrefOf: (row: Row) => string | undefined = () => undefined,
): Column<Row>[] {
  const { list, view } = frame;
  const [name] = list.columns;
  return shownColumns(list, view).map((column) => ({
    ...tableColumn(column, frame.counted),
    ...column === name ? { href: hrefOf } : {},
    sort: sortLink(frame, column),
  }));
}

/** The ways to sort by a column, as a menu names them. */
export function sortChoices<Row extends { id: string }>(
  frame: ListFrame<Row>,
): { label: string; href: string; chosen: boolean }[] {
  return frame.list.columns.flatMap(({ key, head, kind }) =>
    [key, `-${key}`].map((sort) => ({
      label: `${head}, ${directionWords(kind, sort.startsWith("-"))}`,
      href: viewHref(frame, { sort }),
      chosen: sort === frame.view.sort,
    }))
  );
}

/** "by name, A to Z", "newest first": how the list is sorted. */
export function sortWords<Row extends { id: string }>(
  { list, view }: Pick<ListFrame<Row>, "list" | "view">,
): string {
  const { key } = sortOf(list, view);
  const down = view.sort.startsWith("-");
  const { head, kind } = list.columns.find((column) => column.key === key)!;
  const direction = directionWords(kind, down);
  if (key === "created") return direction;
  return view.sort === list.sort
    ? `${direction.split(" ")[0]} ${headWords(head)} first`
    : `by ${headWords(head)}, ${direction}`;
}

/** "weighted IFF": a heading within a sentence. */
function headWords(head: string): string {
  return head.split(" ").map((word) =>
    word === word.toUpperCase() ? word : word.toLowerCase()
  ).join(" ");
}

function directionWords(kind: ListColumn<unknown>["kind"], down: boolean) {
  switch (kind) {
    case "text":
      return down ? "Z to A" : "A to Z";
    case "badge":
      return down ? "last to first" : "first to last";
    case "datetime":
      return down ? "newest first" : "oldest first";
    default:
      return down ? "highest first" : "lowest first";
  }
}

function sortLink<Row extends { id: string }>(
  frame: ListFrame<Row>,
  { key, kind }: ListColumn<Row>,
): ColumnSort {
  const { sort } = frame.view;
  const isText = kind === "text" || kind === "badge";
  const first = isText ? key : `-${key}`;
  const other = isText ? `-${key}` : key;
  return {
    href: viewHref(frame, { sort: sort === first ? other : first }),
    direction: sort === key
      ? "ascending"
      : sort === `-${key}`
      ? "descending"
      : null,
  };
}

function tableColumn<Row>(
  column: ListColumn<Row>,
  counted: CountedTo = { day: null, timezone: "UTC" },
): Column<Row> {
  const { head, kind, field, qualifier, missing, tone } = column;
  const text = (row: Row) => row[field] as string | null;
  const number = (row: Row) => row[field] as number | null;
  switch (kind) {
    case "text":
      return { kind, head, value: text, ...missing ? { missing } : {} };
    case "badge":
      return {
        kind,
        head,
        value: (row) => {
          const word = text(row);
          if (word === null) return null;
          return { text: word, ...tone ? { tone } : {} };
        },
      };
    case "datetime":
      return { kind, head, value: text };
    case "days":
      return {
        kind: "figure",
        head,
        value: (row) =>
          daysText(
            text(row),
            qualifier ? row[qualifier] as string | null : null,
            counted,
          ),
      };
    default:
      return { kind, head, value: number };
  }
}
