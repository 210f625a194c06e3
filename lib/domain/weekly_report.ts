import { countOfWeek } from "./new_leads.ts";
import type { StageChange } from "./history.ts";
import type {
  Kpis,
  LeadMetrics,
  PipelineView,
  SourceRow,
  StageRow,
} from "./views.ts";

/** How many opportunities went from one stage to another. */
export interface StageMove {
  from: string;
  to: string;
  count: number;
}

/** The figures of one week, frozen when it ended. */
export interface WeekFigures {
  /** Day of the views that the state of pipeline and leads is taken from: the last of the week that has any. */
  asOf: string;
  /** Prospects created on a day of the week. */
  newLeads: number;
  /** The same of the week before. */
  newLeadsBefore: number;
  totalLeads: number;
  qualifiedLeads: number | null;
  inPipeline: number | null;
  bySource: SourceRow[];
  totalValueCents: number | null;
  weightedValueCents: number | null;
  unsized: number | null;
  hotList: number | null;
  stages: StageRow[];
  after: StageRow[];
  /** The newest few numbers from before the week; null where there are none. */
  before: Kpis | null;
  /** Moves that a sync saw in the week, most first. */
  moves: StageMove[];
}

/** `["t", id, "reports", week]`. */
export interface WeeklyReport {
  /** Monday of the week, YYYY-MM-DD in the tenant's zone. */
  week: string;
  title: string;
  /** ISO 8601 UTC. */
  frozenAt: string;
  /** Null: a draft, which only the agency sees. */
  publishedAt: string | null;
  /** From 1; a corrected report gets the next. */
  version: number;
  figures: WeekFigures;
}

/** What a week's figures are made of. */
export interface WeekSources {
  /** Monday, YYYY-MM-DD. */
  week: string;
  /** The views of the week's last day that has any. */
  leads: LeadMetrics;
  pipeline: PipelineView;
  kpis: Kpis;
  /**
   * Views from after the week's end. New leads are counted in these: a lead of Sunday night is in no view of
   * Sunday, and must be in one of the two weeks.
   */
  leadsAfter: Pick<LeadMetrics, "createdByDay">;
  /** The newest kpis from before the week. */
  before: Kpis | null;
  /** What syncs saw in the week. */
  changes: readonly StageChange[];
}

/** The figures of a week that is over. */
export function weekFigures(sources: WeekSources): WeekFigures {
  const { week, leads, pipeline, kpis, leadsAfter, before } = sources;
  return {
    asOf: leads.day,
    newLeads: countOfWeek(leadsAfter, week),
    newLeadsBefore: countOfWeek(leadsAfter, week, -1),
    totalLeads: leads.totalLeads,
    qualifiedLeads: leads.qualifiedLeads,
    inPipeline: leads.inPipeline,
    bySource: leads.bySource,
    totalValueCents: pipeline.totalValueCents,
    weightedValueCents: pipeline.weightedValueCents,
    unsized: pipeline.unsized,
    hotList: kpis.hotList,
    stages: pipeline.stages,
    after: pipeline.after,
    before,
    moves: stageMoves(sources.changes),
  };
}

/** Changes by the pair of stages, most first, then by name. */
export function stageMoves(changes: readonly StageChange[]): StageMove[] {
  const moves = new Map<string, StageMove>();
  for (const { from, to } of changes) {
    const pair = JSON.stringify([from, to]);
    const move = moves.get(pair) ?? { from, to, count: 0 };
    move.count++;
    moves.set(pair, move);
  }
  return [...moves].sort(([a, one], [b, other]) =>
    other.count - one.count || (a < b ? -1 : 1)
  ).map(([, move]) => move);
}
