import { addDays, localDay } from "../domain/mod.ts";

/** How far ahead scheduled activities are read. */
const DAYS_AHEAD = 180;

/**
 * The days whose scheduled activities are read, both included, as YYYY-MM-DD in `zone`: from yesterday,
 * so that what just ended still changes, to 180 days ahead.
 *
 * @param now epoch milliseconds
 */
export function activityWindow(
  now: number,
  zone: string,
): { startDate: string; endDate: string } {
  const today = localDay(now, zone);
  return { startDate: addDays(today, -1), endDate: addDays(today, DAYS_AHEAD) };
}
