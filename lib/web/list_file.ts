import type { Context } from "fresh";
import {
  type CountedTo,
  daysText,
  decimalOf,
  formatSortable,
  type ListColumn,
  localDay,
} from "../domain/mod.ts";
import { recordAudit } from "./audit.ts";
import { type CsvCell, csvLine } from "./csv.ts";
import type { WorkspaceState } from "./state.ts";

/** A column of a file: its heading and its cell of a row. */
export interface FileColumn<Row> {
  head: string;
  cell: (row: Row) => CsvCell;
}

export interface ListFile<Row> {
  /** The list, for the file's name and the audit log. */
  name: string;
  columns: ReadonlyArray<FileColumn<Row>>;
  /** Begun when the first of them is wanted. */
  rows: () => AsyncIterable<Row>;
  /** What of the address asked for it, for the audit log. */
  asked: Record<string, string | readonly string[] | undefined>;
}

/** By this a spreadsheet knows that the file is UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";
/** Lines are sent in pieces of about this many characters. */
const PIECE = 16_384;

/**
 * A list as CSV. It is read while it is sent, ends when nobody listens any more, and asking for it is an entry in the
 * audit log. A HEAD request gets the headers and reads nothing.
 */
export async function listFile<Row>(
  ctx: Pick<Context<WorkspaceState>, "req" | "state">,
  { name, columns, rows, asked }: ListFile<Row>,
): Promise<Response> {
  const { services, workspace: { tenant }, travel } = ctx.state;
  const day = localDay(services.clock.now(), tenant.timezone);
  const headers = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition":
      `attachment; filename="${tenant.slug}-${name}-${day}.csv"`,
  };
  if (ctx.req.method === "HEAD") return new Response(null, { headers });
  await recordAudit(ctx, "list.exported", {
    tenantId: tenant.id,
    target: name,
    detail: travel?.past
      ? { ...factsOf(asked), on: travel.past.on }
      : factsOf(asked),
  });
  const text = ReadableStream.from(piecesOf(columns, rows));
  return new Response(text.pipeThrough(new TextEncoderStream()), { headers });
}

/** Filters without a value are left out, and what is very long is cut. */
function factsOf(asked: ListFile<unknown>["asked"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, [value].flat().join(", ").slice(0, 500)]]
    ),
  );
}

async function* piecesOf<Row>(
  columns: ReadonlyArray<FileColumn<Row>>,
  rows: () => AsyncIterable<Row>,
): AsyncGenerator<string> {
  let piece = BYTE_ORDER_MARK + csvLine(columns.map(({ head }) => head));
  for await (const row of rows()) {
    piece += csvLine(columns.map(({ cell }) => cell(row)));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** The columns of a list as those of a file: money in decimals, times in the zone that the heading names. */
export function fileColumns<Row>(
  columns: ReadonlyArray<ListColumn<Row>>,
  counted: CountedTo,
): FileColumn<Row>[] {
  const { timezone } = counted;
  return columns.map(({ head, kind, field, qualifier }) => ({
    head: kind === "datetime" ? `${head} (${timezone})` : head,
    cell: (row) =>
      kind === "days"
        ? daysText(
          textOf(row[field]),
          qualifier ? textOf(row[qualifier]) : null,
          counted,
        )
        : cellOf(kind, row[field], timezone),
  }));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function cellOf(
  kind: Exclude<ListColumn<unknown>["kind"], "days">,
  value: unknown,
  timezone: string,
): CsvCell {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case "text":
    case "badge":
      return String(value);
    case "datetime":
      return formatSortable(String(value), timezone);
    case "money":
      return { decimal: decimalOf(Number(value)) };
    case "count":
    case "percent":
      return { decimal: String(value) };
  }
}
