import { UsageError } from "./errors.ts";
import { isDay } from "./periods.ts";
import { addDays, dayStart } from "./zones.ts";

/** The days that a reader can look at. */
export interface KeptDays {
  /** The oldest day with figures, YYYY-MM-DD; null before the first. */
  first: string | null;
  /** Today in the tenant's zone. */
  today: string;
}

/**
 * The day before today that is meant; null for today itself.
 *
 * @throws {UsageError} when it is no day, lies ahead, or lies before the first.
 */
export function earlierDay(asked: string, kept: KeptDays): string | null {
  const why = whyNot(asked, kept);
  if (why !== null) {
    const { first, today } = kept;
    const range = first === null || first > today
      ? "there are no figures of an earlier day yet"
      : `it must be a day from ${first} to today, ${today}`;
    throw new UsageError(`Cannot show an earlier day: ${why}; ${range}`);
  }
  return asked === kept.today ? null : asked;
}

/** Longer texts are not repeated. */
const MAX_SHOWN = 20;

function whyNot(asked: string, { first, today }: KeptDays): string | null {
  if (!isDay(asked)) {
    return asked.length > MAX_SHOWN
      ? "'on' is not a day"
      : `'${asked}' is not a day`;
  }
  if (asked > today) return `${asked} lies ahead`;
  if (asked === today) return null;
  if (first === null) return `nothing is kept of ${asked}`;
  return asked < first ? `${asked} is before the first day` : null;
}

/**
 * The moment as of which a day is shown: the end of its last sync, or the last millisecond of the day where that
 * sync ran on past midnight.
 *
 * @param syncedAt ISO 8601
 * @returns epoch milliseconds
 */
export function momentOfDay(
  day: string,
  syncedAt: string,
  zone: string,
): number {
  return Math.min(Date.parse(syncedAt), dayStart(addDays(day, 1), zone) - 1);
}
