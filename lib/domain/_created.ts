import type { DailyCounts, SourceDays } from "./views.ts";
import { dayNumber, dayOfNumber, localDayNumber } from "./zones.ts";

/** How many local days are kept densely, the day of the view included. */
export const DENSE_DAYS = 800;
/** How far back single times are kept: two weeks, the days that changes of the clock add, and a stale view's margin. */
export const RECENT_MS = 22 * 86_400_000;

/** When prospects were created, as the lead metrics keep it. */
export interface Created {
  createdByDay: DailyCounts;
  createdBySource: SourceDays[];
  createdRecently: number[];
  createdRecentlyFrom: number[];
  createdUnknown: number;
}

/** Where a lead came from, and whether it is qualified by now. */
export interface Origin {
  source: string;
  qualified: boolean;
}

interface Moment extends Origin {
  time: number;
}

/** Counts creation times by local day and source, one by one. */
export function createCreationCounts(zone: string) {
  const byDay = new Map<number, number>();
  const bySource = new Map<string, Map<number, [number, number]>>();
  const moments: Moment[] = [];
  let unknown = 0;
  return {
    add(createdAt: string | null, origin: Origin): void {
      const time = createdAt === null ? NaN : Date.parse(createdAt);
      if (Number.isNaN(time)) {
        unknown++;
        return;
      }
      const day = localDayNumber(time, zone);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
      countOf(bySource, origin, day);
      moments.push({ time, ...origin });
    },
    /** @param sources all of them, in the order in which the view has them */
    result(
      day: string,
      computedAt: string,
      sources: readonly string[],
    ): Created {
      const last = dayNumber(day);
      const recent = Date.parse(computedAt) - RECENT_MS;
      const place = new Map(sources.map((name, index) => [name, index]));
      const lately = moments
        .filter(({ time }) => time >= recent)
        .map(({ time, source, qualified }) => ({
          time,
          from: 2 * (place.get(source) ?? 0) + Number(qualified),
        }))
        .sort((a, b) => a.time - b.time || a.from - b.from);
      return {
        createdByDay: dailyCounts(byDay, last),
        createdBySource: sources.map((name) => ({
          name,
          days: sourceDays(bySource.get(name), last),
        })),
        createdRecently: lately.map(({ time }) => time / 1000),
        createdRecentlyFrom: lately.map(({ from }) => from),
        createdUnknown: unknown,
      };
    },
  };
}

function countOf(
  bySource: Map<string, Map<number, [number, number]>>,
  { source, qualified }: Origin,
  day: number,
): void {
  let days = bySource.get(source);
  if (!days) bySource.set(source, days = new Map());
  let counts = days.get(day);
  if (!counts) days.set(day, counts = [0, 0]);
  counts[0]++;
  if (qualified) counts[1]++;
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

function sourceDays(
  days: ReadonlyMap<number, readonly [number, number]> = new Map(),
  last: number,
): number[] {
  return [...days]
    .filter(([day]) => last - DENSE_DAYS < day && day <= last)
    .sort(([a], [b]) => a - b)
    .flatMap(([day, [leads, qualified]]) => [day, leads, qualified]);
}

/** Days of a source without those that are too old for a view of the day `last`. */
export function withoutOldDays(
  days: readonly number[],
  last: number,
): number[] {
  const kept: number[] = [];
  for (let at = 0; at < days.length; at += 3) {
    if (days[at]! > last - DENSE_DAYS) kept.push(...days.slice(at, at + 3));
  }
  return kept;
}
