import { countOfWeek, newLeadsBySource } from "./new_leads.ts";
import type { StageChange } from "./history.ts";
import type {
  Kpis,
  LeadMetrics,
  PipelineView,
  SourceRow,
  StageRow,
} from "./views.ts";
import type { Reason } from "./stages.ts";
import { addDays, dayStart } from "./zones.ts";

/** How many opportunities went from one stage to another. */
export interface StageMove {
  from: string;
  to: string;
  count: number;
}

/** New leads of a week. */
export interface WeekCount {
  /** Monday, YYYY-MM-DD. */
  week: string;
  count: number;
}

/** What the figures leave out, and why some are unknown. */
export interface WeekNotes {
  opportunities: number | null;
  withoutLikelihood: number | null;
  /** Opportunities in inactive stages, and in stages that no cycle knows. */
  inactive: number;
  unclassified: number;
  /** Leads in them. */
  inactiveLeads: number;
  unclassifiedLeads: number;
  reasons: {
    qualified: Reason | null;
    pipeline: Reason | null;
    hot: Reason | null;
  };
}

/** The figures of one week, frozen when it ended. */
export interface WeekFigures {
  /** Day of the views that the state of pipeline and leads is taken from: the last of the week that has any. */
  asOf: string;
  /** When those were computed, ISO 8601 UTC. Absent in reports of an earlier release, as is all that is optional here. */
  dataFrom?: string;
  /** Prospects created on a day of the week. */
  newLeads: number;
  /** The same of the week before. */
  newLeadsBefore: number;
  /** New leads of eight weeks, the report's own the last. */
  trend?: WeekCount[];
  /** Where the week's new leads came from, most first; null where it is unknown. */
  newBySource?: Pick<SourceRow, "name" | "leads">[] | null;
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
  notes?: WeekNotes;
  /** The newest few numbers from before the week; null where there are none. */
  before: Kpis | null;
  /** Moves that a sync saw in the week, most first. */
  moves: StageMove[];
}

/** A row of `reports`, by week: the newest version of a week's report. */
export interface WeeklyReport {
  /** Monday of the week, YYYY-MM-DD in the tenant's zone. */
  week: string;
  title: string;
  /** What the agency says about the week: plain text, paragraphs apart by a blank line. */
  summary?: string;
  /** ISO 8601 UTC. */
  frozenAt: string;
  /** Null: a draft, which only the agency sees. */
  publishedAt: string | null;
  /** From 1; a corrected report gets the next. */
  version: number;
  /** When this version's figures were computed anew; absent in the first. */
  correctedAt?: string;
  /** While the newest version is a draft: the earlier one that readers see. */
  shown?: ShownReport | null;
  /** When this version went to those who asked for it by e-mail. */
  mailedAt?: string;
  figures: WeekFigures;
}

/** A published version, as lists show it. */
export interface ShownReport {
  version: number;
  title: string;
  publishedAt: string;
}

/** What a week's figures are made of. */
export interface WeekSources {
  /** Monday, YYYY-MM-DD. */
  week: string;
  /** IANA zone of the tenant. */
  timezone: string;
  /** The views of the week's last day that has any. */
  leads: LeadMetrics;
  pipeline: PipelineView;
  kpis: Kpis;
  /**
   * Views from after the week's end. New leads are counted in these: a lead of Sunday night is in no view of
   * Sunday, and must be in one of the two weeks.
   */
  leadsAfter: LeadMetrics;
  /** The newest kpis from before the week. */
  before: Kpis | null;
  /** What syncs saw in the week. */
  changes: readonly StageChange[];
}

/** What one value of the database holds with room to spare, however many sources a brand has. */
const MOST_SOURCES = 60;
const TREND_WEEKS = 8;

/** The figures of a week that is over. */
export function weekFigures(sources: WeekSources): WeekFigures {
  const { week, timezone, leads, pipeline, kpis, leadsAfter, before } = sources;
  const span = {
    from: dayStart(week, timezone),
    to: dayStart(addDays(week, 7), timezone),
    firstDay: week,
    lastDay: addDays(week, 6),
  };
  const newBySource = newLeadsBySource(leadsAfter, span, timezone);
  return {
    asOf: leads.day,
    dataFrom: leads.computedAt,
    newLeads: countOfWeek(leadsAfter, week),
    newLeadsBefore: countOfWeek(leadsAfter, week, -1),
    trend: Array.from({ length: TREND_WEEKS }, (_, n) => {
      const ago = n + 1 - TREND_WEEKS;
      return {
        week: addDays(week, 7 * ago),
        count: countOfWeek(leadsAfter, week, ago),
      };
    }),
    newBySource: newBySource === null
      ? null
      : foldTail(newBySource).map(({ name, leads }) => ({ name, leads })),
    totalLeads: leads.totalLeads,
    qualifiedLeads: leads.qualifiedLeads,
    inPipeline: leads.inPipeline,
    bySource: foldTail(leads.bySource),
    totalValueCents: pipeline.totalValueCents,
    weightedValueCents: pipeline.weightedValueCents,
    unsized: pipeline.unsized,
    hotList: kpis.hotList,
    stages: pipeline.stages,
    after: pipeline.after,
    notes: {
      opportunities: pipeline.opportunities,
      withoutLikelihood: pipeline.withoutLikelihood,
      inactive: pipeline.inactive,
      unclassified: pipeline.unclassified,
      inactiveLeads: leads.inactive,
      unclassifiedLeads: leads.unclassified,
      reasons: { qualified: leads.reasons.qualified, ...pipeline.reasons },
    },
    before,
    moves: stageMoves(sources.changes),
  };
}

/** The first rows, and one more for all the others. */
function foldTail(rows: readonly SourceRow[]): SourceRow[] {
  if (rows.length <= MOST_SOURCES) return [...rows];
  const rest = rows.slice(MOST_SOURCES);
  const isKnown = rest.every(({ qualified }) => qualified !== null);
  return [...rows.slice(0, MOST_SOURCES), {
    name: `${rest.length} other sources`,
    leads: rest.reduce((sum, { leads }) => sum + leads, 0),
    qualified: isKnown
      ? rest.reduce((sum, { qualified }) => sum + (qualified ?? 0), 0)
      : null,
  }];
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
