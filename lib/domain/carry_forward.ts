import { DENSE_DAYS, RECENT_MS, withoutOldDays } from "./_created.ts";
import type { FiguresAt } from "./lead_figures.ts";
import type { DailyCounts, Kpis, LeadMetrics, PipelineView } from "./views.ts";
import { addDays, dayNumber } from "./zones.ts";

/**
 * An earlier day's figures as a later day's, where no record and no setting has changed since: the same that
 * counting the records anew would give.
 *
 * @throws {RangeError} where leads were created in the future: how many of them are past by now only they can say
 */
export function carryForward(
  { leads, pipeline, kpis }: {
    leads: LeadMetrics;
    pipeline: PipelineView;
    kpis: Kpis;
  },
  at: FiguresAt,
): { leads: LeadMetrics; pipeline: PipelineView; kpis: Kpis } {
  const recent = (Date.parse(at.computedAt) - RECENT_MS) / 1000;
  const isRecent = (time: number) => time >= recent;
  // They ascend.
  const first = leads.createdRecently.findIndex(isRecent);
  const stale = first < 0 ? leads.createdRecently.length : first;
  return {
    leads: {
      ...leads,
      ...at,
      createdByDay: carriedDays(leads.createdByDay, at.day),
      createdBySource: leads.createdBySource.map(({ name, days }) => ({
        name,
        days: withoutOldDays(days, dayNumber(at.day)),
      })),
      createdRecently: leads.createdRecently.slice(stale),
      createdRecentlyFrom: leads.createdRecentlyFrom.slice(stale),
    },
    pipeline: { ...pipeline, ...at },
    kpis: { ...kpis, ...at },
  };
}

function carriedDays(
  { from, counts, earlier, later }: DailyCounts,
  day: string,
): DailyCounts {
  if (later) {
    throw new RangeError(
      "Cannot carry the counts of days forward: some lay in the future",
    );
  }
  if (from === null) return { from, counts, earlier };
  const days = dayNumber(day) - dayNumber(from) + 1;
  const dense = [...counts, ...new Array(days - counts.length).fill(0)];
  const left = dense.splice(0, Math.max(0, days - DENSE_DAYS));
  return {
    from: addDays(from, left.length),
    counts: dense,
    earlier: left.reduce((sum, count) => sum + count, earlier),
  };
}
