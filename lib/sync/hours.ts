const HOUR_MS = 3_600_000;
/** A tick that comes a little before its hour, since machines' clocks differ, belongs to that hour. */
const EARLY_MS = 60_000;

/** The full hour that a tick at this instant belongs to; both in epoch milliseconds. */
export function hourOf(epochMs: number): number {
  return Math.floor((epochMs + EARLY_MS) / HOUR_MS) * HOUR_MS;
}

/**
 * Full hours between the last hourly tick and the one at `now` that had none.
 *
 * @param lastStartedAt ISO 8601 UTC, or null when there was none yet
 */
export function missedHours(lastStartedAt: string | null, now: number): number {
  if (lastStartedAt === null) return 0;
  const passed = hourOf(now) - hourOf(Date.parse(lastStartedAt));
  return Math.max(0, passed / HOUR_MS - 1);
}

/**
 * How many of the 24 full hours before the present one had no hourly tick. Hours before the first tick do not count.
 *
 * @param startedAts of hourly ticks, ISO 8601 UTC
 */
export function hoursWithoutTick(
  startedAts: readonly string[],
  now: number,
): number {
  const ticked = new Set(startedAts.map((iso) => hourOf(Date.parse(iso))));
  const first = Math.min(...ticked);
  let missing = 0;
  for (let back = 1; back <= 24; back++) {
    const hour = hourOf(now) - back * HOUR_MS;
    if (hour >= first && !ticked.has(hour)) missing++;
  }
  return missing;
}
