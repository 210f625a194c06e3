import { addDays, mondayOf, type WeeklyReport } from "../domain/mod.ts";
import { computeWeek, type DayViews, type TenantStore } from "../store/mod.ts";
import type { RunContext } from "./_run.ts";

/** What became due when a week ended. */
export interface DueWeek {
  /** Null: no sync saw anything in a week that is over and has no report yet. */
  report: WeeklyReport | null;
  /** Monday of the latest week that needs no more looking at. */
  week: string;
}

const TWO_HOURS_MS = 2 * 3_600_000;

/**
 * The report of the latest week that is over, from the views that stand for its last day; null where there is
 * nothing to do now. It is frozen by the week's second run: the first one writes the day's views, and an hour may
 * not write more. Where syncs are rare the first one does it.
 */
export async function dueWeek(
  run: RunContext,
  reader: TenantStore,
  views: DayViews | null,
): Promise<DueWeek | null> {
  const { before, day, startedMs } = run;
  const monday = mondayOf(day);
  const week = addDays(monday, -7);
  const done = before.cursor.reportWeek ?? null;
  if (done !== null && done >= week) return null;
  const opensDay = views !== null && before.viewDay !== day;
  const isRare = startedMs - Date.parse(before.finishedAt ?? "") > TWO_HOURS_MS;
  if (opensDay && before.viewDay !== null && !isRare) return null;
  const leadsAfter = views?.leads ?? (await reader.views(day)).leads;
  if (!leadsAfter) return null;
  const last = await reader.kpisBefore(monday);
  const from = last && mondayOf(last.day);
  if (!from || from === done) return { report: null, week };
  const figures = await computeWeek(reader, from, leadsAfter);
  if (!figures) return { report: null, week };
  const report: WeeklyReport = {
    week: from,
    title: "Weekly report",
    frozenAt: run.startedAt,
    publishedAt: null,
    version: 1,
    figures,
  };
  return { report, week };
}
