import { decodeCursor, encodeCursor } from "../_cursor.ts";
import type { KvPort } from "../_kv.ts";
import { compareParts, datePart, type Key } from "../keys.ts";
import type { Page } from "./page.ts";

/** No sync begins later, ISO 8601 UTC. */
export const FOREVER = "9999-01-01T00:00:00.000Z";

/** The date part and the id part of a row in a dated index. */
export type DatedPlace = [date: string, id: string];

/** From and to, the end left out, epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** How a dated index is run through. */
export interface DatedQuery {
  /** From the oldest to the newest. */
  upwards: boolean;
  /** Only rows of these dates. */
  dates?: Span;
  /** Only what stands after this place. */
  after?: DatedPlace | null;
  pageSize?: number;
}

/** Which page of a dated index is read. */
export interface DatedPageQuery<T> {
  limit: number;
  offset?: number;
  cursor?: string;
  upwards: boolean;
  /** What the list is narrowed to, nothing where it is whole: its cursors mean nothing in another one. */
  narrowed?: string;
  /** Only rows of these dates. */
  dates?: Span;
  accepts: (row: T) => boolean | Promise<boolean>;
  /** Null where it is not known. */
  total: number | null;
  /** Where the list begins; what comes before is not looked at. */
  begin?: DatedPlace | null;
}

/**
 * A page of a dated index. With a `total` that is known the reading stops after the page, else every row is looked
 * at, since the total counts them all.
 */
export async function datedPage<T>(
  port: KvPort,
  prefix: Key,
  query: DatedPageQuery<T>,
): Promise<Page<T>> {
  const { upwards, narrowed } = query;
  const after = query.cursor === undefined
    ? null
    : decodeCursor(query.cursor, upwards, narrowed);
  const rows: T[] = [];
  let last: Key | null = null;
  let matched = 0;
  let skip = after ? 0 : query.offset ?? 0;
  let hasMore = false;
  const list = datedRows<T>(port, prefix, rangeOf(query, after, skip));
  for await (const { key, value } of list) {
    if (!await query.accepts(value)) continue;
    matched++;
    if (after && !comesAfter(key, after, upwards)) continue;
    if (skip-- > 0) continue;
    if (rows.length < query.limit) {
      rows.push(value);
      last = key;
      continue;
    }
    hasMore = true;
    if (query.total !== null) break;
  }
  return {
    rows,
    total: query.total === null ? matched : Math.max(query.total, matched),
    hasMore,
    cursor: hasMore && last ? cursorAt(last, upwards, narrowed) : null,
  };
}

/** What is looked at for a page: from the page on, or from the beginning where every row is counted. */
function rangeOf<T>(
  { upwards, dates, total, begin = null, limit }: DatedPageQuery<T>,
  after: DatedPlace | null,
  skip: number,
): DatedQuery {
  return {
    upwards,
    ...dates ? { dates } : {},
    ...total === null
      ? { after: begin }
      : { after: after ?? begin, pageSize: skip + limit + 1 },
  };
}

/** The rows of a dated index after a place, those without a date last both ways. */
export async function* datedRows<T>(
  port: KvPort,
  prefix: Key,
  { upwards, dates, after = null, ...options }: DatedQuery,
): AsyncGenerator<Deno.KvEntry<T>> {
  const selectors = dates
    ? [datesOf(prefix, dates)]
    : upwards
    ? upFrom(prefix, after)
    : downFrom(prefix, after);
  for (const selector of selectors) {
    yield* port.list<T>(selector, { reverse: !upwards, ...options });
  }
}

/** The cursor of a list whose page ends with the row of this key. */
export function cursorAt(
  last: Key,
  upwards = false,
  narrowed = "",
): string {
  const at: DatedPlace = [String(last.at(-2)), String(last.at(-1))];
  return encodeCursor(at, upwards, narrowed);
}

/** The rows of a dated index that have a date in a span. */
export function datesOf(
  prefix: Key,
  { from, to }: Span,
): { start: Key; end: Key } {
  const at = (time: number) => [...prefix, new Date(time).toISOString()];
  return { start: at(from), end: at(Math.max(from, to)) };
}

function downFrom(
  prefix: Key,
  after: DatedPlace | null,
): Deno.KvListSelector[] {
  return [after ? { prefix, end: [...prefix, ...after] } : { prefix }];
}

function upFrom(prefix: Key, after: DatedPlace | null): Deno.KvListSelector[] {
  const undated = [...prefix, datePart(null)];
  // A longer key comes right after the one that it begins with, and `true` after every text.
  const next = after && [...prefix, ...after, ""];
  if (next && after[0] === datePart(null)) {
    return [{ prefix: undated, start: next }];
  }
  return [
    { prefix, start: next ?? [...undated, true] },
    { prefix: undated },
  ];
}

/** Whether a row stands after the place in a list that runs upwards or downwards. */
function comesAfter(key: Key, place: DatedPlace, upwards: boolean): boolean {
  if (!upwards) return isBefore(key, place);
  const [rowDate, id] = [String(key.at(-2)), String(key.at(-1))];
  const [undated, placeUndated] = [rowDate, place[0]].map((date) =>
    date === datePart(null)
  );
  if (undated !== placeUndated) return undated === true;
  return !isBefore(key, place) && !(rowDate === place[0] && id === place[1]);
}

/** Whether a row stands after the place in a list that runs downwards. */
export function isBefore(key: Key, [date, id]: DatedPlace): boolean {
  const [rowDate, rowId] = [String(key.at(-2)), String(key.at(-1))];
  return rowDate < date || (rowDate === date && compareParts(rowId, id) < 0);
}
