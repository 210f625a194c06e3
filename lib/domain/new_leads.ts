import { compareText } from "./_compare.ts";
import { RECENT_MS } from "./_created.ts";
import type { Period, Span } from "./periods.ts";
import type { DailyCounts, LeadMetrics, SourceRow } from "./views.ts";
import {
  addDays,
  dayNumber,
  dayStart,
  localDay,
  mondayOf,
  startOfDay,
} from "./zones.ts";

type Creation = Pick<
  LeadMetrics,
  "day" | "computedAt" | "createdByDay" | "createdRecently"
>;
type Origins = Pick<
  LeadMetrics,
  "reasons" | "bySource" | "createdBySource" | "createdRecentlyFrom"
>;

/** A count of a period beside that of the span it is compared with; null where the view does not reach back far enough. */
export interface PeriodCount {
  count: number | null;
  comparison: number | null;
}

/** New leads: prospects created in the period, beside those of the span it is compared with. */
export function newLeadsIn(
  view: Creation,
  period: Period,
  zone: string,
): PeriodCount {
  return {
    count: createdIn(view, period, zone),
    comparison: createdIn(view, period.comparison, zone),
  };
}

/**
 * Where the new leads of a span came from: most leads first, then by name; sources without any are left out. Their
 * leads add up to those of `newLeadsIn()`. Null where the view does not reach back far enough.
 */
export function newLeadsBySource(
  view: Creation & Origins,
  span: Span,
  zone: string,
): SourceRow[] | null {
  // Figures that an earlier release computed have no sources, until the next sync.
  if (!("createdBySource" in view)) return null;
  if (createdIn(view, span, zone) === null) return null;
  const { whole, parts } = splitSpan(view.day, span, zone);
  const tallies = new Map<string, [number, number]>();
  const add = (name: string, leads: number, qualified: number) => {
    const tally = tallies.get(name) ?? [0, 0];
    tallies.set(name, [tally[0] + leads, tally[1] + qualified]);
  };
  if (whole) addDaysOf(view.createdBySource, whole, add);
  for (const [from, to] of parts) addTimesOf(view, from, to, add);
  const known = view.reasons.qualified === null;
  return view.bySource.flatMap(({ name }) => {
    const [leads, qualified] = tallies.get(name) ?? [0, 0];
    return leads > 0
      ? [{ name, leads, qualified: known ? qualified : null }]
      : [];
  }).sort((a, b) => b.leads - a.leads || compareText(a.name, b.name));
}

type Add = (name: string, leads: number, qualified: number) => void;

function addDaysOf(
  sources: LeadMetrics["createdBySource"],
  [first, last]: readonly [string, string],
  add: Add,
): void {
  const from = dayNumber(first);
  const to = dayNumber(last);
  for (const { name, days } of sources) {
    for (let at = 0; at < days.length; at += 3) {
      const day = days[at]!;
      if (from <= day && day <= to) add(name, days[at + 1]!, days[at + 2]!);
    }
  }
}

function addTimesOf(
  { createdRecently, createdRecentlyFrom, bySource }: Creation & Origins,
  from: number,
  to: number,
  add: Add,
): void {
  const end = countBefore(createdRecently, to);
  for (let at = countBefore(createdRecently, from); at < end; at++) {
    const origin = createdRecentlyFrom[at]!;
    add(bySource[origin >> 1]!.name, 1, origin & 1);
  }
}

/** One bar of the lead trend. */
export interface TrendWeek {
  /** The Monday, YYYY-MM-DD. */
  weekStart: string;
  count: number;
  /** The week that `now` lies in: it is not over. */
  partial: boolean;
}

/** New leads of the last `weeks` weeks, the current one included, oldest first. The last equals `newLeadsIn()` of this week. */
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

/** Prospects created in a span; null where the view does not reach back far enough. */
function createdIn(view: Creation, span: Span, zone: string): number | null {
  const { whole, parts } = splitSpan(view.day, span, zone);
  let sum = whole ? countOfDays(view.createdByDay, ...whole) : 0;
  for (const [from, to] of parts) {
    const count = countBetween(view, from, to);
    sum = sum === null || count === null ? null : sum + count;
  }
  return sum;
}

interface Split {
  /** First and last of the days that belong to the span whole. */
  whole: readonly [string, string] | null;
  /** What is left before and after them, as [from, to). */
  parts: readonly (readonly [number, number])[];
}

/** Whole days are counted by day, what is left by single times. */
function splitSpan(
  viewDay: string,
  { from, to, firstDay }: Span,
  zone: string,
): Split {
  if (from >= to) return { whole: null, parts: [] };
  const first = startOfDay(from, zone) === from
    ? firstDay
    : addDays(firstDay, 1);
  // The day that the end lies in does not belong to it whole.
  const before = addDays(localDay(to, zone), -1);
  // What a view says of days after its own, its single times say.
  const last = before < viewDay ? before : viewDay;
  if (first > last) return { whole: null, parts: [[from, to]] };
  const parts = [
    [from, dayStart(first, zone)],
    [dayStart(addDays(last, 1), zone), to],
  ] as const;
  return { whole: [first, last], parts: parts.filter(([a, b]) => a < b) };
}

/** What was counted on the days from `first` to `last`; null where a day lies before those that are kept. */
function countOfDays(
  { from, counts, earlier }: DailyCounts,
  first: string,
  last: string,
): number | null {
  if (from === null) return earlier > 0 ? null : 0;
  const start = dayNumber(first) - dayNumber(from);
  if (start < 0 && earlier > 0) return null;
  const end = Math.min(dayNumber(last) - dayNumber(from), counts.length - 1);
  let sum = 0;
  for (let day = Math.max(0, start); day <= end; day++) sum += counts[day]!;
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
