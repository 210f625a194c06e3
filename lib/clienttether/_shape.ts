import { parseMoneyCents } from "../domain/mod.ts";
import { isBlank, isRecord } from "./_pick.ts";
import { parseDate } from "./dates.ts";

/** What a value looks like and how many values of a field look like this; never the value itself. */
export interface Shape {
  /** Such as "text 12", "text 4-12", "number", "money text", "date without zone", "blank". */
  shape: string;
  rows: number;
}

/** Day, month and year in any order, as people and older programs write them. */
const OTHER_DATE = /^\d{1,4}([/.-])\d{1,2}\1\d{1,4}(?:[T ].{1,20})?$/;
const PLACEHOLDER = /^no\b.*\btext added$/i;
const PERCENT = /^-?\d+(?:\.\d+)?\s?%$/;
const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

/** The distinct shapes of some values, most frequent first; texts become one shape with their lengths. */
export function shapesOf(values: readonly unknown[]): Shape[] {
  const counts = new Map<string, number>();
  const lengths: number[] = [];
  for (const value of values) {
    const shape = shapeOf(value);
    if (typeof shape === "number") lengths.push(shape);
    else counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const shapes = [...counts].map(([shape, rows]) => ({ shape, rows }));
  if (lengths.length > 0) {
    shapes.push({ shape: `text ${range(lengths)}`, rows: lengths.length });
  }
  return shapes.sort((a, b) => b.rows - a.rows);
}

/** The length of a plain text in characters, the name of any other shape. */
function shapeOf(value: unknown): string | number {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "empty list" : "list";
  if (typeof value === "string") return textShape(value);
  return isRecord(value) ? "object" : typeof value;
}

function textShape(value: string): string | number {
  if (isBlank(value)) return "blank";
  const text = value.trim();
  if (PLACEHOLDER.test(text)) return "placeholder text";
  if (NUMBER.test(text)) return "number text";
  if (PERCENT.test(text)) return "percent text";
  if (parseMoneyCents(text) !== null) return "money text";
  return dateShape(text) ?? jsonShape(text) ?? [...value].length;
}

function dateShape(text: string): string | null {
  const { iso } = parseDate(text, "UTC");
  if (iso !== null) {
    if (!text.includes(":")) return "day";
    return /(?:Z|UTC|GMT|:\d\d(?:[.,]\d+)?\s?[+-]\d\d(?::?\d\d)?)$/i.test(text)
      ? "date with zone"
      : "date without zone";
  }
  if (/^\d{4}-\d\d-\d\d(?:$|[T ])/.test(text)) {
    return /^0000-00-00/.test(text) ? "zero date" : "date that does not exist";
  }
  return OTHER_DATE.test(text) ? "date in another form" : null;
}

function jsonShape(text: string): string | null {
  if (!/^[[{]/.test(text)) return null;
  try {
    JSON.parse(text);
    return "JSON text";
  } catch {
    return null;
  }
}

function range(lengths: readonly number[]): string {
  const least = lengths.reduce((a, b) => Math.min(a, b));
  const most = lengths.reduce((a, b) => Math.max(a, b));
  return least === most ? `${least}` : `${least}-${most}`;
}
