import type { ComponentChildren } from "preact";
import {
  formatCount,
  formatDateTime,
  formatDay,
  formatMoney,
  formatPercent,
  localDay,
  zoneName,
} from "../lib/domain/mod.ts";
import { Badge, type BadgeTone } from "./Badge.tsx";
import { cx } from "./cx.ts";
import { NewMark } from "./NewMark.tsx";
import { ScrollBox } from "./ScrollBox.tsx";

interface ColumnOf<Kind, Row, Value> {
  kind: Kind;
  head: string;
  value: (row: Row) => Value;
  /** Where the cell leads. */
  href?: (row: Row) => string | undefined;
  /** Sorts the table by the column, or the other way round. */
  sort?: ColumnSort;
}

/** Where the heading of a column leads, and how the rows are sorted by it now. */
export interface ColumnSort {
  href: string;
  direction: "ascending" | "descending" | null;
}

/** A column: its heading, what it shows of a row, and as what. */
export type Column<Row> =
  | ColumnOf<"text", Row, string | null> & {
    /** Read where there is no text; "–" unless given. */
    missing?: string;
    /** Of more than a few words. */
    wide?: boolean;
  }
  | ColumnOf<"count" | "percent", Row, number | null>
  /** A number in words, such as "at least 12". */
  | ColumnOf<"figure", Row, string | null>
  /** Integer cents, shown in full. */
  | ColumnOf<"money", Row, number | null>
  /** ISO 8601 in UTC, shown in the tenant's zone. */
  | ColumnOf<"date" | "datetime", Row, string | null>
  | ColumnOf<"badge", Row, { text: string; tone?: BadgeTone } | null>;

export interface DataTableProps<Row> {
  /** What the table shows; heard, and seen where `showCaption` says so. */
  caption: string;
  showCaption?: boolean;
  /** The first one names the row. */
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Said where there are no rows. */
  empty: string;
  /** ISO 4217, for money. */
  currency?: string;
  /** IANA zone, for dates. */
  timezone?: string;
  /** The row that the rest of the page is about. */
  isChosen?: (row: Row) => boolean;
  /** The row was not there when the reader looked last. */
  isNew?: ((row: Row) => boolean) | undefined;
  /** On a phone each row becomes a block of its own, its cells with their headings; else it scrolls sideways. */
  stacks?: boolean;
  /** On a wide screen the headings stay in sight, and the table does not scroll sideways. */
  sticks?: boolean;
  /** The last row: one cell per column, null for an empty one. */
  totals?: readonly ComponentChildren[];
}

const NUMBERS = new Set(["count", "percent", "money", "figure"]);
const HEAD = cx("py-2 px-3 text-xs text-ink-3 whitespace-nowrap");
const CELL = cx("py-2 px-3");
const TEXT = cx("min-w-[7.5rem]");
const WIDE = cx("min-w-[16rem]");
const ROW = cx("align-top border-b border-line last:border-b-0");
const NUMBER = cx("text-right whitespace-nowrap");

/** Rows and columns, each shown by its kind; wider than the screen it scrolls in its own box. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, showCaption, columns, rows, rowKey, totals, stacks } = props;
  // Where the style sheet turns rows into blocks, they must still be heard as a table.
  const as = (role: "table" | "rowgroup" | "row" | "columnheader") =>
    stacks ? { role } : {};
  if (rows.length === 0) return <p class="text-ink-2">{props.empty}</p>;
  return (
    <ScrollBox label={caption} sticks={props.sticks ?? false}>
      <table {...(stacks ? { class: cx("stacks") } : {})} {...as("table")}>
        <caption
          class={showCaption
            ? cx("px-3 pb-2 text-small text-ink-3")
            : "sr-only"}
        >
          {caption}
        </caption>
        <thead {...as("rowgroup")}>
          <tr class="border-b border-line" {...as("row")}>
            {columns.map((column) => (
              <th
                key={column.head}
                scope="col"
                class={cx(HEAD, NUMBERS.has(column.kind) && NUMBER)}
                aria-sort={column.sort?.direction ?? undefined}
                {...as("columnheader")}
              >
                <Heading
                  text={headOf(column, props.timezone)}
                  sort={column.sort}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...as("rowgroup")}>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              {...as("row")}
              class={cx(ROW, props.isChosen?.(row) && "bg-accent-weak")}
            >
              {columns.map((column, index) => (
                <BodyCell
                  key={column.head}
                  column={column}
                  row={row}
                  isName={index === 0}
                  table={props}
                />
              ))}
            </tr>
          ))}
        </tbody>
        {totals && (
          <Totals columns={columns} totals={totals} stacks={stacks ?? false} />
        )}
      </table>
    </ScrollBox>
  );
}

function Heading(
  { text, sort }: { text: string; sort?: ColumnSort | undefined },
) {
  if (!sort) return text;
  const { href, direction } = sort;
  return (
    <a
      class={cx(
        "inline-flex items-center gap-1 py-1 -my-1 hover:text-accent",
        direction && "font-semibold text-ink",
      )}
      href={href}
    >
      {text}
    </a>
  );
}

function Totals<Row>(
  { columns, totals, stacks }: {
    columns: ReadonlyArray<Column<Row>>;
    totals: readonly ComponentChildren[];
    stacks: boolean;
  },
) {
  return (
    <tfoot {...(stacks ? { role: "rowgroup" } : {})}>
      <tr
        class="border-t border-line font-semibold"
        {...(stacks ? { role: "row" } : {})}
      >
        {columns.map(({ head, kind }, index) => {
          const form = cx(CELL, NUMBERS.has(kind) && NUMBER);
          return index === 0
            ? (
              <th key={head} scope="row" class={form} {...rowHeader(stacks)}>
                {totals[index]}
              </th>
            )
            : (
              <td key={head} class={form} {...cell(stacks, head)}>
                {totals[index]}
              </td>
            );
        })}
      </tr>
    </tfoot>
  );
}

function rowHeader(stacks: boolean) {
  return stacks ? { role: "rowheader" as const } : {};
}

/** A cell that stands in a block shows its heading before it. */
function cell(stacks: boolean, head: string) {
  return stacks ? { role: "cell" as const, "data-head": head } : {};
}

function BodyCell<Row>(
  { column, row, isName, table }: {
    column: Column<Row>;
    row: Row;
    isName: boolean;
    table: DataTableProps<Row>;
  },
) {
  const form = cx(
    CELL,
    NUMBERS.has(column.kind) && NUMBER,
    column.kind === "text" && (column.wide ? WIDE : TEXT),
  );
  const href = column.href?.(row);
  const content = contentOf(column, row, table);
  const inside = href
    ? (
      <a
        class="link inline-block py-2 -my-2"
        href={href}
        aria-current={table.isChosen?.(row) ? "true" : undefined}
      >
        {content}
      </a>
    )
    : content;
  const stacks = table.stacks ?? false;
  return isName
    ? (
      <th
        scope="row"
        class={cx(form, "font-semibold")}
        {...rowHeader(stacks)}
      >
        {inside}
        {table.isNew?.(row) && <NewMark />}
      </th>
    )
    : <td class={form} {...cell(stacks, column.head)}>{inside}</td>;
}

/** Dates name the zone that they are shown in. */
function headOf<Row>({ kind, head }: Column<Row>, timezone = "UTC"): string {
  return kind === "datetime" ? `${head} (${zoneName(timezone)})` : head;
}

function contentOf<Row>(
  column: Column<Row>,
  row: Row,
  { currency = "USD", timezone = "UTC" }: DataTableProps<Row>,
): ComponentChildren {
  switch (column.kind) {
    case "text": {
      const missing = (
        <span class="text-ink-3">{column.missing ?? formatCount(null)}</span>
      );
      return column.value(row) ?? missing;
    }
    case "count":
      return formatCount(column.value(row));
    case "figure":
      return column.value(row) ?? formatCount(null);
    case "percent":
      return formatPercent(column.value(row));
    case "money":
      return formatMoney(column.value(row), currency);
    case "date":
      return formatDay(dayOf(column.value(row), timezone));
    case "datetime":
      return formatDateTime(column.value(row), timezone);
    case "badge": {
      const badge = column.value(row);
      return badge
        ? <Badge tone={badge.tone ?? "plain"}>{badge.text}</Badge>
        : formatCount(null);
    }
  }
}

function dayOf(iso: string | null, timezone: string): string | null {
  return iso === null ? null : localDay(Date.parse(iso), timezone);
}
