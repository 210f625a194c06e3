import type { Kpis, LeadMetrics, PipelineView } from "./views.ts";

/**
 * The few numbers of a day whose history is drawn, taken from the day's two views.
 *
 * @param hotCount rows of the hot list; it is unknown, whatever is given, where a hot boundary is
 */
export function kpisOf(
  leads: LeadMetrics,
  pipeline: PipelineView,
  hotCount: number | null,
): Kpis {
  return {
    day: leads.day,
    computedAt: leads.computedAt,
    totalLeads: leads.totalLeads,
    inPipeline: leads.inPipeline,
    qualifiedLeads: leads.qualifiedLeads,
    pipelineValueCents: pipeline.totalValueCents,
    weightedValueCents: pipeline.weightedValueCents,
    unsized: pipeline.unsized,
    hotList: pipeline.reasons.hot === null ? hotCount : null,
  };
}

/** The figures whose history is kept day by day. */
export type KeptFigure = Exclude<keyof Kpis, "day" | "computedAt">;

/**
 * A figure day by day, oldest first, without the days on which it was unknown.
 *
 * @param days newest first
 */
export function historyOf(days: readonly Kpis[], name: KeptFigure): number[] {
  return days.flatMap((day) => day[name] ?? []).reverse();
}
