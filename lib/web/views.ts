import type { LeadMetrics, PipelineView } from "../domain/mod.ts";
import type { Workspace } from "./state.ts";

/** What a brand's figures are before its first complete sync: nothing counted, the rest unknown. */
const BEFORE_FIRST_SYNC = {
  leads: {
    day: "",
    computedAt: "",
    totalLeads: 0,
    qualifiedLeads: null,
    inPipeline: null,
    leadSources: 0,
    bySource: [],
    byStatus: [],
    inactive: 0,
    unclassified: 0,
    createdByDay: { from: null, counts: [], earlier: 0 },
    createdBySource: [],
    createdRecently: [],
    createdRecentlyFrom: [],
    createdUnknown: 0,
    reasons: { qualified: null },
  } satisfies LeadMetrics,
  pipeline: {
    day: "",
    computedAt: "",
    totalValueCents: null,
    weightedValueCents: null,
    opportunities: null,
    unsized: null,
    withoutLikelihood: null,
    inactive: 0,
    unclassified: 0,
    stageCount: null,
    averageDealCents: null,
    stages: [],
    after: [],
    stageLeads: [],
    reasons: { pipeline: null, hot: null },
  } satisfies PipelineView,
};

/** The newest lead figures, or those of an empty brand before its first complete sync. */
export async function leadMetricsOf(
  { store }: Workspace,
): Promise<LeadMetrics> {
  return (await store.shown()).leads ?? BEFORE_FIRST_SYNC.leads;
}

/** The newest pipeline figures, or those of an empty brand before its first complete sync. */
export async function pipelineViewOf(
  { store }: Workspace,
): Promise<PipelineView> {
  return (await store.shown()).pipeline ?? BEFORE_FIRST_SYNC.pipeline;
}
