import type { CountedLead, FiguresAt } from "./lead_figures.ts";
import { divideHalfAway, weightedCents } from "./money.ts";
import type { Opportunity } from "./records.ts";
import { isProspect, type Stage, type StageModel } from "./stages.ts";
import type { PipelineView, StageRow } from "./views.ts";

/** The part of an opportunity that is counted. */
export type CountedOpportunity = Pick<
  Opportunity,
  "id" | "stage" | "contactType" | "dealSizeCents"
>;

/** Takes opportunities and leads one by one, in any order, and keeps sums and ids only. */
export interface PipelineFigures {
  /** Counts an opportunity of the prospects' cycle once, by its id. */
  add(opportunity: CountedOpportunity): void;
  /** Counts a prospect once, by its id, for the people beside the money. */
  addLead(lead: Pick<CountedLead, "id" | "stage" | "contactType">): void;
  result(at: FiguresAt): PipelineView;
}

/** Money is summed as bigint: exact, and the same in every order, however large a mistyped amount is. */
interface Tally {
  count: number;
  sized: number;
  value: bigint;
  weighted: bigint;
}

/** An accumulator of the figures about opportunities: Pipeline value to Average deal size, and the stage lists. */
export function createPipelineFigures(model: StageModel): PipelineFigures {
  const opportunities = new Set<string>();
  const leads = new Set<string>();
  const tallies = new Map<Stage, Tally>();
  const people = new Map<Stage, number>();
  return {
    add(opportunity) {
      if (!isProspect(opportunity) || opportunities.has(opportunity.id)) return;
      opportunities.add(opportunity.id);
      const stage = model.stageOf(opportunity.contactType, opportunity.stage);
      const tally = tallies.get(stage) ?? emptyTally();
      tallies.set(stage, tally);
      count(tally, opportunity.dealSizeCents, stage.likelihoodPct);
    },
    addLead(lead) {
      if (!isProspect(lead) || leads.has(lead.id)) return;
      leads.add(lead.id);
      const stage = model.stageOf(lead.contactType, lead.stage);
      people.set(stage, (people.get(stage) ?? 0) + 1);
    },
    result(at) {
      const row = (stage: Stage) => stageRow(stage, tallies.get(stage));
      const { pipeline, hot } = model.reasons;
      return {
        day: at.day,
        computedAt: at.computedAt,
        ...(pipeline === null ? totals(model, tallies) : UNKNOWN_TOTALS),
        inactive: countKind(tallies, "inactive"),
        unclassified: countKind(tallies, "unclassified"),
        stages: model.pipelineStages.map(row),
        after: model.afterStages.map(row),
        stageLeads: model.pipelineStages.map((stage) => ({
          stage: stage.name,
          leads: people.get(stage) ?? 0,
          qualified: stage.qualified,
        })),
        reasons: { pipeline, hot },
      };
    },
  };
}

type Totals = Pick<
  PipelineView,
  | "totalValueCents"
  | "weightedValueCents"
  | "opportunities"
  | "unsized"
  | "withoutLikelihood"
  | "stageCount"
  | "averageDealCents"
>;

const UNKNOWN_TOTALS: Totals = {
  totalValueCents: null,
  weightedValueCents: null,
  opportunities: null,
  unsized: null,
  withoutLikelihood: null,
  stageCount: null,
  averageDealCents: null,
};

function totals(
  model: StageModel,
  tallies: ReadonlyMap<Stage, Tally>,
): Totals {
  const sum = emptyTally();
  let withoutLikelihood = 0;
  let stageCount = 0;
  for (const stage of model.pipelineStages) {
    const tally = tallies.get(stage);
    if (!tally) continue;
    sum.count += tally.count;
    sum.sized += tally.sized;
    sum.value += tally.value;
    sum.weighted += tally.weighted;
    stageCount++;
    if (stage.likelihoodPct === null) withoutLikelihood += tally.count;
  }
  return {
    totalValueCents: Number(sum.value),
    weightedValueCents: Number(sum.weighted),
    opportunities: sum.count,
    unsized: sum.count - sum.sized,
    withoutLikelihood,
    stageCount,
    averageDealCents: sum.sized === 0
      ? null
      : Number(divideHalfAway(sum.value, BigInt(sum.sized))),
  };
}

function emptyTally(): Tally {
  return { count: 0, sized: 0, value: 0n, weighted: 0n };
}

function count(
  tally: Tally,
  sizeCents: number | null,
  likelihoodPct: number | null,
): void {
  tally.count++;
  if (sizeCents === null) return;
  tally.sized++;
  tally.value += BigInt(sizeCents);
  if (likelihoodPct === null) return;
  tally.weighted += BigInt(weightedCents(sizeCents, likelihoodPct));
}

function stageRow(stage: Stage, tally: Tally = emptyTally()): StageRow {
  return {
    stage: stage.name,
    count: tally.count,
    valueCents: Number(tally.value),
    likelyPct: stage.likelihoodPct,
  };
}

function countKind(
  tallies: ReadonlyMap<Stage, Tally>,
  kind: Stage["kind"],
): number {
  let sum = 0;
  for (const [stage, tally] of tallies) {
    if (stage.kind === kind) sum += tally.count;
  }
  return sum;
}
