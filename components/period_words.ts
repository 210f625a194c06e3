import {
  formatDays,
  formatSpan,
  type Period,
  type PeriodKind,
} from "../lib/domain/mod.ts";

/** What a period is called where it is chosen. */
export const PERIOD_NAMES: Record<PeriodKind, string> = {
  week: "This week",
  "last-week": "Last week",
  "7d": "Last 7 days",
  "28d": "Last 28 days",
  "90d": "Last 90 days",
  month: "This month",
  quarter: "This quarter",
  custom: "Chosen days",
};

/** The days of a period: "1 to 11 Mar 2026 so far"; with times where it does not consist of whole days. */
export function periodWords(period: Period, timezone: string): string {
  if (isTimed(period)) return formatSpan(period.from, period.to, timezone);
  const days = formatDays(period.firstDay, period.lastDay);
  return period.running ? `${days} so far` : days;
}

/** The span that a period is compared with. */
export function comparisonWords(period: Period, timezone: string): string {
  const { from, to, firstDay, lastDay } = period.comparison;
  return isTimed(period)
    ? formatSpan(from, to, timezone)
    : formatDays(firstDay, lastDay);
}

function isTimed({ kind }: Period): boolean {
  return kind === "week" || kind === "7d";
}
