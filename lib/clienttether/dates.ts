import { zonedTimeToUtc } from "../domain/mod.ts";
import { isBlank } from "./_pick.ts";

/** A date that was read: ISO 8601 in UTC with milliseconds, or null with the reason (no reason when it was blank). */
export interface ReadDate {
  iso: string | null;
  /** What is wrong with the value, such as "'2024-02-30' is not a date". */
  problem: string | null;
}

const FIRST_YEAR = 1970, LAST_YEAR = 2100;

/** Date; time to the minute, second or a fraction of it; offset. Only the date is required. */
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\s?(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads a date as ClientTether writes it. With an offset it is taken as given; without one it is local to `zone`
 * (the first of two where the clock shows it twice, moved forward by the gap where the clock skips it).
 * Fractions of a millisecond are cut. Years outside 1970-2100 and days that no calendar has are null with a reason.
 *
 * @example
 * ```ts
 * import { parseDate } from "./dates.ts";
 *
 * const { iso } = parseDate("2026-07-01 09:30:00", "America/New_York");
 * if (iso !== "2026-07-01T13:30:00.000Z") throw new Error();
 * ```
 */
export function parseDate(value: unknown, zone: string): ReadDate {
  if (isBlank(value)) return { iso: null, problem: null };
  const text = typeof value === "string" ? value.trim() : inspect(value);
  const match = DATE.exec(text);
  if (!match) return notADate(text, "is not a date");
  const local = {
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4] ?? 0),
    minute: Number(match[5] ?? 0),
    second: Number(match[6] ?? 0),
    ms: Number((match[7] ?? "").padEnd(3, "0").slice(0, 3)),
  };
  if (!isOnCalendar(local)) return notADate(text, "is not a date");
  if (local.year < FIRST_YEAR || local.year > LAST_YEAR) {
    return notADate(text, `is not between ${FIRST_YEAR} and ${LAST_YEAR}`);
  }
  const offset = offsetMinutes(match[8]);
  if (Number.isNaN(offset)) return notADate(text, "has no offset that exists");
  const epochMs = offset === null
    ? zonedTimeToUtc(local, zone)
    : wallClock(local) - offset * 60_000;
  return { iso: new Date(epochMs).toISOString(), problem: null };
}

type Local = Parameters<typeof zonedTimeToUtc>[0];

function wallClock(t: Local): number {
  return Date.UTC(
    t.year,
    t.month - 1,
    t.day,
    t.hour,
    t.minute,
    t.second,
    t.ms,
  );
}

/** Date.UTC rolls the 30th of February over to March; a time that exists comes back as it went in. */
function isOnCalendar(t: Local): boolean {
  const date = new Date(wallClock(t));
  return date.getUTCFullYear() === t.year &&
    date.getUTCMonth() === t.month - 1 && date.getUTCDate() === t.day &&
    t.hour < 24 && t.minute < 60 && t.second < 60;
}

/** Null: no offset given; NaN: one that no place on Earth has. */
function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[a-z]/i.test(text)) return 0;
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return NaN;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function notADate(text: string, problem: string): ReadDate {
  return { iso: null, problem: `${quote(text)} ${problem}` };
}

/** What stands for a value that is no text: a number's digits, else what kind of thing it is. */
function inspect(value: unknown): string {
  return typeof value === "number" ? String(value) : typeof value;
}

/** A value in quotes, short enough to stand in a sentence. */
export function quote(text: string): string {
  const short = text.length > 40
    ? `${text.slice(0, 40).toWellFormed()}…`
    : text;
  return `'${short}'`;
}
