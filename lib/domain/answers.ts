import type {
  LeadMetrics,
  PipelineView,
  SourceRow,
  StageRow,
  StatusRow,
} from "./views.ts";

/** The body of `GET /api/dashboard/leads`. */
export interface DashboardLeads {
  data:
    & Pick<
      LeadMetrics,
      | "totalLeads"
      | "qualifiedLeads"
      | "inPipeline"
      | "leadSources"
      | "bySource"
      | "byStatus"
      | "inactive"
      | "unclassified"
    >
    & {
      /** Records that the latest run put into quarantine. */
      quarantined: number;
    };
}

/** The body of `GET /api/dashboard/pipeline`. */
export interface DashboardPipeline {
  data: Pick<
    PipelineView,
    | "totalValueCents"
    | "weightedValueCents"
    | "opportunities"
    | "unsized"
    | "withoutLikelihood"
    | "inactive"
    | "unclassified"
    | "stageCount"
    | "averageDealCents"
    | "stages"
    | "after"
  >;
}

/** The public form of the lead metrics: every field is named, so that nothing stored leaves by accident. */
export function toDashboardLeads(
  view: LeadMetrics,
  quarantined: number,
): DashboardLeads {
  return {
    data: {
      totalLeads: view.totalLeads,
      qualifiedLeads: view.qualifiedLeads,
      inPipeline: view.inPipeline,
      leadSources: view.leadSources,
      bySource: view.bySource.map(toSourceRow),
      byStatus: view.byStatus.map(toStatusRow),
      inactive: view.inactive,
      unclassified: view.unclassified,
      quarantined,
    },
  };
}

/** The public form of the pipeline view. */
export function toDashboardPipeline(view: PipelineView): DashboardPipeline {
  return {
    data: {
      totalValueCents: view.totalValueCents,
      weightedValueCents: view.weightedValueCents,
      opportunities: view.opportunities,
      unsized: view.unsized,
      withoutLikelihood: view.withoutLikelihood,
      inactive: view.inactive,
      unclassified: view.unclassified,
      stageCount: view.stageCount,
      averageDealCents: view.averageDealCents,
      stages: view.stages.map(toStageRow),
      after: view.after.map(toStageRow),
    },
  };
}

function toSourceRow({ name, leads, qualified }: SourceRow): SourceRow {
  return { name, leads, qualified };
}

function toStatusRow({ name, leads, kind }: StatusRow): StatusRow {
  return { name, leads, kind };
}

function toStageRow(
  { stage, count, valueCents, likelyPct }: StageRow,
): StageRow {
  return { stage, count, valueCents, likelyPct };
}
