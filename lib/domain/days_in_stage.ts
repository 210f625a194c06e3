import { formatCount } from "./format.ts";
import type { StageStart } from "./history.ts";
import { dayNumber, localDay } from "./zones.ts";

/** How long something has been in its stage. */
export interface DaysInStage {
  /** Midnights of the tenant's zone since it entered; 0 where it entered on the day itself. */
  days: number;
  /** It may have been there longer: the stay began before the first snapshot. */
  atLeast: boolean;
}

/**
 * How many days a stay has lasted by a day's last update.
 *
 * @param day YYYY-MM-DD of the last update in the tenant's zone
 */
export function daysInStage(
  { at, atLeast }: StageStart,
  day: string,
  zone: string,
): DaysInStage {
  const entered = dayNumber(localDay(Date.parse(at), zone));
  return { days: Math.max(0, dayNumber(day) - entered), atLeast };
}

/** The moment to which days are counted. */
export interface CountedTo {
  /** YYYY-MM-DD of the last update in the tenant's zone; null where there was none. */
  day: string | null;
  timezone: string;
}

/**
 * The days since an instant, as lists show them: "12", "at least 12".
 *
 * @param at ISO 8601 UTC; null where it is not known
 * @returns null where it is not known
 */
export function daysText(
  at: string | null,
  qualifier: string | null,
  { day, timezone }: CountedTo,
): string | null {
  if (at === null || day === null) return null;
  const atLeast = qualifier === "at least";
  const { days } = daysInStage({ at, atLeast }, day, timezone);
  return `${atLeast ? "at least " : ""}${formatCount(days)}`;
}
