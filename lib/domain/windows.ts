import { RECENT_MS } from "./_created.ts";
import type { LeadMetrics } from "./views.ts";
import {
  addDays,
  dayNumber,
  dayStart,
  localDay,
  mondayOf,
  shiftDays,
  startOfWeek,
} from "./zones.ts";

/** This week so far, or the last seven days. */
export type WindowKind = "week" | "7days";

/** New leads of a window beside those of the same span one week before. Instants are epoch milliseconds. */
export interface NewLeads {
  /** Null where the view does not reach back far enough. */
  count: number | null;
  comparison: number | null;
  from: number;
  /** Now: what was created at this very moment counts. */
  to: number;
  comparisonFrom: number;
  comparisonTo: number;
}

type Creation = Pick<
  LeadMetrics,
  "computedAt" | "createdByDay" | "createdRecently"
>;

/**
 * Prospects created in this week so far, [Monday 00:00, now], or in the last seven days; beside it the same span
 * one week before, which ends at the same local weekday and time.
 *
 * Days are those of the calendar: over a change of the clock, "seven days ago" is at the same local time, 167 or
 * 169 hours ago. A local time that does not exist a week ago is moved forward by the gap, one that was shown
 * twice is the first. Each lead is counted in at most one of the two spans.
 *
 * Counts single times, which a view holds for the 22 days before it was computed: `now` may be any time
 * from eight days before that on.
 */
export function newLeads(
  view: Creation,
  now: number,
  zone: string,
  kind: WindowKind,
): NewLeads {
  const from = kind === "week"
    ? startOfWeek(now, zone)
    : shiftDays(now, -7, zone);
  const comparisonFrom = shiftDays(from, -7, zone);
  const comparisonTo = shiftDays(now, -7, zone);
  return {
    count: countBetween(view, from, now + 1),
    // Seven days ago belongs to the last seven days alone.
    comparison: countBetween(
      view,
      comparisonFrom,
      Math.min(comparisonTo + 1, from),
    ),
    from,
    to: now,
    comparisonFrom,
    comparisonTo,
  };
}

/** One bar of the lead trend. */
export interface TrendWeek {
  /** The Monday, YYYY-MM-DD. */
  weekStart: string;
  count: number;
  /** The week that `now` lies in: it is not over. */
  partial: boolean;
}

/** New leads of the last `weeks` weeks, the current one included, oldest first. The last equals `newLeads(…, "week")`. */
export function leadTrend(
  view: Creation,
  now: number,
  zone: string,
  weeks: 4 | 8 | 12,
): TrendWeek[] {
  const current = mondayOf(localDay(now, zone));
  const trend: TrendWeek[] = [];
  for (let ago = weeks - 1; ago >= 0; ago--) {
    const weekStart = addDays(current, -7 * ago);
    const sofar = ago === 0
      ? countBetween(view, dayStart(weekStart, zone), now + 1)
      : null;
    trend.push({
      weekStart,
      count: sofar ?? countOfWeek(view, weekStart),
      partial: ago === 0,
    });
  }
  return trend;
}

/** Prospects created on the seven days from `monday` on, or of the week that many `weeks` later. */
export function countOfWeek(
  { createdByDay: { from, counts } }: Pick<LeadMetrics, "createdByDay">,
  monday: string,
  weeks = 0,
): number {
  if (from === null) return 0;
  const start = dayNumber(monday) - dayNumber(from) + 7 * weeks;
  let sum = 0;
  for (let day = start; day < start + 7; day++) sum += counts[day] ?? 0;
  return sum;
}

/** Creations in [from, to); null where the view holds no single times that far back. */
function countBetween(view: Creation, from: number, to: number): number | null {
  if (from < Date.parse(view.computedAt) - RECENT_MS) return null;
  const times = view.createdRecently;
  return Math.max(0, countBefore(times, to) - countBefore(times, from));
}

/** How many of the ascending `seconds` lie before `epochMs`. */
function countBefore(seconds: readonly number[], epochMs: number): number {
  let low = 0;
  let high = seconds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // Rounded, since a second's fraction times 1000 is not always whole.
    if (Math.round((seconds[middle] ?? 0) * 1000) < epochMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
