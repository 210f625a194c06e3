import type { LeadMetrics, PipelineView } from "../../lib/domain/mod.ts";

/** Five prospects of a small brand. */
export function leadMetrics(fields: Partial<LeadMetrics> = {}): LeadMetrics {
  return {
    day: "2026-03-11",
    computedAt: "2026-03-11T14:50:00.000Z",
    totalLeads: 5,
    qualifiedLeads: 2,
    inPipeline: 4,
    leadSources: 2,
    bySource: [
      { name: "Not recorded", leads: 2, qualified: 0 },
      { name: "Web", leads: 2, qualified: 1 },
      { name: "Expo & Fair", leads: 1, qualified: 1 },
    ],
    byStatus: [
      { name: "New Lead", leads: 2, kind: "active" },
      { name: "QR Returned", leads: 1, kind: "active" },
      { name: "Lost", leads: 1, kind: "inactive" },
      { name: "Mystery", leads: 1, kind: "unclassified" },
    ],
    inactive: 1,
    unclassified: 1,
    createdByDay: { from: null, counts: [], earlier: 0 },
    createdBySource: [],
    createdRecently: [],
    createdRecentlyFrom: [],
    createdUnknown: 0,
    reasons: { qualified: null },
    ...fields,
  };
}

/** Its pipeline: two stages with money, one empty, one after them. */
export function pipelineView(fields: Partial<PipelineView> = {}): PipelineView {
  return {
    day: "2026-03-11",
    computedAt: "2026-03-11T14:50:00.000Z",
    totalValueCents: 125_000_050,
    weightedValueCents: 35_000_00,
    opportunities: 4,
    unsized: 1,
    withoutLikelihood: 2,
    inactive: 1,
    unclassified: 0,
    stageCount: 2,
    averageDealCents: 41_666_683,
    stages: [
      { stage: "New Lead", count: 1, valueCents: 0, likelyPct: 10 },
      {
        stage: "QR Returned",
        count: 3,
        valueCents: 125_000_050,
        likelyPct: 12.5,
      },
      { stage: "FA Sent", count: 0, valueCents: 0, likelyPct: null },
    ],
    after: [
      { stage: "FA Signed", count: 1, valueCents: 60_000_00, likelyPct: 100 },
    ],
    stageLeads: [
      { stage: "New Lead", leads: 2, qualified: false },
      { stage: "QR Returned", leads: 1, qualified: true },
      { stage: "FA Sent", leads: 0, qualified: true },
    ],
    reasons: { pipeline: null, hot: null },
    ...fields,
  };
}
