import { UsageError } from "./errors.ts";
import {
  addDays,
  dayNumber,
  dayOfNumber,
  dayStart,
  localDay,
  mondayOf,
  shiftDays,
} from "./zones.ts";

/** What a reader may choose: the weeks and rolling days, the month and the quarter so far, or two days. */
export const PERIOD_KINDS = [
  "week",
  "last-week",
  "7d",
  "28d",
  "90d",
  "month",
  "quarter",
  "custom",
] as const;
export type PeriodKind = typeof PERIOD_KINDS[number];

/** Half-open: `from` belongs, `to` does not. Instants are epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
  /** First and last local day that it touches, YYYY-MM-DD. */
  firstDay: string;
  lastDay: string;
}

/** A span of time in the tenant's zone, beside the same span before it. */
export interface Period extends Span {
  kind: PeriodKind;
  /** Whether it ends now: it is not over, and what was created at this very moment counts. */
  running: boolean;
  comparison: Span;
}

/** Days that a reader may ask for in one period. */
export const LONGEST_PERIOD = 731;
const ROLLING: Partial<Record<PeriodKind, number>> = { "28d": 28, "90d": 90 };

/**
 * The period that is meant, as it stands now.
 *
 * "This week" and the last seven days end at this moment, and so do the spans beside them, one week before. Months,
 * quarters and longer spans are made of whole days, the running one of today as far as it has come; beside them stand
 * as many days of the month or quarter before, or the days just before. Days are those of the calendar.
 *
 * @param given `from` and `to` (days, both in) are for a custom period alone
 * @throws {UsageError} when the days of a custom period are none, are in the wrong order, are too many or lie ahead.
 */
export function periodOf(
  given: { kind: PeriodKind; from?: string; to?: string },
  now: number,
  zone: string,
): Period {
  const today = localDay(now, zone);
  const { kind } = given;
  const rolling = ROLLING[kind];
  if (rolling) {
    const days = { first: addDays(today, 1 - rolling), last: today };
    return wholeDays(kind, days, before(days), now, zone);
  }
  if (kind === "week") {
    const monday = mondayOf(today);
    return untilNow(kind, dayStart(monday, zone), now, zone);
  }
  if (kind === "7d") return untilNow(kind, shiftDays(now, -7, zone), now, zone);
  const days = daysOf(given, today);
  return wholeDays(kind, days, comparedWith(kind, days), now, zone);
}

interface Days {
  first: string;
  last: string;
}

function daysOf(
  { kind, from, to }: { kind: PeriodKind; from?: string; to?: string },
  today: string,
): Days {
  if (kind === "last-week") {
    const monday = addDays(mondayOf(today), -7);
    return { first: monday, last: addDays(monday, 6) };
  }
  if (kind === "month") return { first: firstOfMonth(today), last: today };
  if (kind === "quarter") return { first: firstOfQuarter(today), last: today };
  return customDays(from, to, today);
}

function customDays(
  from: string | undefined,
  to: string | undefined,
  today: string,
): Days {
  const first = dayGiven("from", from);
  const last = dayGiven("to", to);
  if (first > last) {
    throw new UsageError(`Cannot show this period: ${first} is after ${last}`);
  }
  if (first > today) {
    throw new UsageError(`Cannot show this period: ${first} lies ahead`);
  }
  if (dayNumber(last) - dayNumber(first) >= LONGEST_PERIOD) {
    throw new UsageError(
      `Cannot show this period: it has more than ${LONGEST_PERIOD} days`,
    );
  }
  return { first, last: last > today ? today : last };
}

function dayGiven(name: string, day: string | undefined): string {
  if (day !== undefined && isDay(day)) return day;
  const what = day ? `'${day}' is none` : "there is none";
  throw new UsageError(
    `Cannot show this period: '${name}' must be a day such as 2026-03-01, and ${what}`,
  );
}

/** Whether a text is a day of the calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const number = dayNumber(text);
  return !Number.isNaN(number) && dayOfNumber(number) === text;
}

function comparedWith(kind: PeriodKind, days: Days): Days {
  if (kind === "month") return sameDays(days, monthBefore(days.first));
  if (kind === "quarter") return sameDays(days, quarterBefore(days.first));
  return before(days);
}

/** As many days, just before. */
function before({ first, last }: Days): Days {
  const length = dayNumber(last) - dayNumber(first) + 1;
  return { first: addDays(first, -length), last: addDays(first, -1) };
}

/** As many days from `first` on, but none that belongs to the period itself: February has no 30th. */
function sameDays(days: Days, first: string): Days {
  const last = addDays(first, dayNumber(days.last) - dayNumber(days.first));
  const limit = addDays(days.first, -1);
  return { first, last: last > limit ? limit : last };
}

function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function firstOfQuarter(day: string): string {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1;
  return `${day.slice(0, 5)}${String(month).padStart(2, "0")}-01`;
}

function monthBefore(first: string): string {
  return firstOfMonth(addDays(first, -1));
}

function quarterBefore(first: string): string {
  return firstOfQuarter(addDays(first, -1));
}

function wholeDays(
  kind: PeriodKind,
  days: Days,
  compared: Days,
  now: number,
  zone: string,
): Period {
  const span = spanOf(days, zone);
  const running = span.to > now;
  return {
    kind,
    ...span,
    ...(running ? { to: now + 1 } : {}),
    running,
    comparison: spanOf(compared, zone),
  };
}

function spanOf({ first, last }: Days, zone: string): Span {
  return {
    from: dayStart(first, zone),
    to: dayStart(addDays(last, 1), zone),
    firstDay: first,
    lastDay: last,
  };
}

/** From an instant to now, beside the same span one week before. Nothing is in both. */
function untilNow(
  kind: PeriodKind,
  from: number,
  now: number,
  zone: string,
): Period {
  const day = (instant: number) => localDay(instant, zone);
  const comparedFrom = shiftDays(from, -7, zone);
  const comparedTo = Math.min(shiftDays(now, -7, zone) + 1, from);
  return {
    kind,
    from,
    to: now + 1,
    firstDay: day(from),
    lastDay: day(now),
    running: true,
    comparison: {
      from: comparedFrom,
      to: comparedTo,
      firstDay: day(comparedFrom),
      lastDay: day(comparedTo - 1),
    },
  };
}
