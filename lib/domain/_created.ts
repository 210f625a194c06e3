import type { DailyCounts } from "./views.ts";
import { dayNumber, dayOfNumber, localDayNumber } from "./zones.ts";

/** How many local days are kept densely, the day of the view included. */
export const DENSE_DAYS = 800;
/** How far back single times are kept: two weeks, the days that changes of the clock add, and a stale view's margin. */
export const RECENT_MS = 22 * 86_400_000;

/** When prospects were created, as the lead metrics keep it. */
export interface Created {
  createdByDay: DailyCounts;
  createdRecently: number[];
  createdUnknown: number;
}

/** Counts creation times by local day, one by one. */
export function createCreationCounts(zone: string) {
  const byDay = new Map<number, number>();
  const times: number[] = [];
  let unknown = 0;
  return {
    add(createdAt: string | null): void {
      const time = createdAt === null ? NaN : Date.parse(createdAt);
      if (Number.isNaN(time)) {
        unknown++;
        return;
      }
      const day = localDayNumber(time, zone);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
      times.push(time);
    },
    result(day: string, computedAt: string): Created {
      const recent = Date.parse(computedAt) - RECENT_MS;
      return {
        createdByDay: dailyCounts(byDay, dayNumber(day)),
        createdRecently: times
          .filter((time) => time >= recent)
          .sort((a, b) => a - b)
          .map((time) => time / 1000),
        createdUnknown: unknown,
      };
    },
  };
}

/** @param last the day of the view; what lies after it is counted apart, so that a date of 2099 costs no array */
function dailyCounts(
  byDay: ReadonlyMap<number, number>,
  last: number,
): DailyCounts {
  let first = Infinity;
  for (const day of byDay.keys()) first = Math.min(first, day);
  const from = Math.max(first, last - DENSE_DAYS + 1);
  const counts: number[] = new Array(Math.max(0, last - from + 1)).fill(0);
  let earlier = 0;
  let later = 0;
  for (const [day, count] of byDay) {
    if (day < from) earlier += count;
    else if (day > last) later += count;
    else counts[day - from] = count;
  }
  return {
    from: counts.length === 0 ? null : dayOfNumber(from),
    counts,
    earlier,
    ...(later > 0 ? { later } : {}),
  };
}
