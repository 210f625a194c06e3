import { compareText } from "./_compare.ts";
import { candidateName, type HotClient } from "./hot_list.ts";
import { weightedCents } from "./money.ts";
import type { Opportunity } from "./records.ts";
import { isProspect, type Stage, type StageModel } from "./stages.ts";

/**
 * Where a deal counts: in the pipeline, in an active stage after it, nowhere since its stage is inactive or
 * unclassified, nowhere since it is of another contact type (`other`), or unknown where the pipeline's boundary is.
 */
export type DealStanding =
  | "pipeline"
  | "after"
  | "inactive"
  | "unclassified"
  | "other"
  | "unknown";

/** An opportunity as lists show it, with what its stage says. */
export interface Deal {
  id: string;
  /** The person; null where ClientTether names none. */
  clientId: string | null;
  /** Of the candidate. */
  name: string;
  stage: string;
  standing: DealStanding;
  /** Integer cents; null: no size. */
  dealSizeCents: number | null;
  /** Of the stage; null where it has none. */
  likelyPct: number | null;
  /** Null without a size or a likelihood, and where the stage is not an active one of prospects. */
  weightedCents: number | null;
  assignedTo: string | null;
  /** ISO 8601 UTC. */
  createdAt: string | null;
  updatedAt: string | null;
}

/** An opportunity as a row of a list. */
export function dealOf(
  opportunity: Opportunity,
  client: HotClient | null,
  model: StageModel,
): Deal {
  const { id, clientId, dealSizeCents, assignedTo } = opportunity;
  const stage = model.stageOf(opportunity.contactType, opportunity.stage);
  const standing = standingOf(stage, model);
  const counts = standing === "pipeline" || standing === "after";
  const likelyPct = counts ? stage.likelihoodPct : null;
  return {
    id,
    clientId,
    name: candidateName(opportunity, client),
    stage: stage.name,
    standing,
    dealSizeCents,
    likelyPct,
    weightedCents: dealSizeCents === null || likelyPct === null
      ? null
      : weightedCents(dealSizeCents, likelyPct),
    assignedTo,
    createdAt: opportunity.createdAt,
    updatedAt: opportunity.updatedAt,
  };
}

function standingOf(stage: Stage, model: StageModel): DealStanding {
  if (!isProspect(stage)) return "other";
  if (stage.kind !== "active") return stage.kind;
  if (model.reasons.pipeline !== null) return "unknown";
  return stage.inPipeline ? "pipeline" : "after";
}

/** What the figures of the pipeline count, each a list of deals. */
export const DEAL_GROUPS = [
  "pipeline",
  "sized",
  "unsized",
  "without-likelihood",
  "after",
  "inactive",
  "unclassified",
] as const;
export type DealGroup = typeof DEAL_GROUPS[number];

const HOLDS: Record<DealGroup, (deal: Deal) => boolean> = {
  "pipeline": ({ standing }) => standing === "pipeline",
  "sized": ({ standing, dealSizeCents }) =>
    standing === "pipeline" && dealSizeCents !== null,
  "unsized": ({ standing, dealSizeCents }) =>
    standing === "pipeline" && dealSizeCents === null,
  "without-likelihood": ({ standing, likelyPct }) =>
    standing === "pipeline" && likelyPct === null,
  "after": ({ standing }) => standing === "after",
  "inactive": ({ standing }) => standing === "inactive",
  "unclassified": ({ standing }) => standing === "unclassified",
};

/** Whether a figure of the pipeline counts the deal. */
export function isInGroup(deal: Deal, group: DealGroup): boolean {
  return HOLDS[group](deal);
}

/** The order of lists of deals: the largest first, those without a size last, then by id. */
export function compareDeals(
  a: Pick<Deal, "dealSizeCents" | "id">,
  b: Pick<Deal, "dealSizeCents" | "id">,
): number {
  if (a.dealSizeCents === b.dealSizeCents) return compareText(a.id, b.id);
  return (b.dealSizeCents ?? -Infinity) - (a.dealSizeCents ?? -Infinity);
}

/** The sums of a list of deals: exact, in integer cents. */
export interface DealSums {
  count: number;
  /** Those with a size. */
  sized: number;
  valueCents: number;
  weightedCents: number;
}

/** Sums up deals; money as bigint, so that the sum is the same in every order. */
export function sumDeals(deals: Iterable<Deal>): DealSums {
  let count = 0;
  let sized = 0;
  let value = 0n;
  let weighted = 0n;
  for (const deal of deals) {
    count++;
    if (deal.dealSizeCents !== null) {
      sized++;
      value += BigInt(deal.dealSizeCents);
    }
    weighted += BigInt(deal.weightedCents ?? 0);
  }
  return {
    count,
    sized,
    valueCents: Number(value),
    weightedCents: Number(weighted),
  };
}
