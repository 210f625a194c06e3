import { weightedCents } from "./money.ts";
import type { Trail } from "./history.ts";
import type { Lead, Opportunity } from "./records.ts";
import type { StageModel } from "./stages.ts";
import { stageSince } from "./trail.ts";
import { nameOf, personName, realText, UNNAMED } from "./text.ts";
import type { HotItem } from "./views.ts";

/** The part of an opportunity that the hot list shows. */
export type HotOpportunity =
  & Pick<
    Opportunity,
    | "id"
    | "clientId"
    | "firstName"
    | "lastName"
    | "company"
    | "stage"
    | "contactType"
    | "dealSizeCents"
    | "market"
    | "units"
  >
  & {
    /** Its history, where one is kept. */
    trail?: Trail;
  };

/** The part of a client that the hot list falls back on. */
export type HotClient = Pick<
  Lead,
  "firstName" | "lastName" | "company" | "market" | "units"
>;

/** A row of the hot list and its place: rows are listed by rank, then by id. */
export interface RankedHotItem {
  /** Minus the weighted IFF in cents; +Infinity where that is unknown, so that such rows come last. */
  rank: number;
  item: HotItem;
}

/**
 * The hot list's row of an opportunity.
 *
 * @param client the person it belongs to, if known: gives name, market and units where the opportunity has none
 * @returns null when the opportunity is not in an active stage between the hot boundaries, or one of them is unknown
 */
export function hotItemOf(
  opportunity: HotOpportunity,
  client: HotClient | null,
  model: StageModel,
): RankedHotItem | null {
  const stage = model.stageOf(opportunity.contactType, opportunity.stage);
  if (!stage.hot) return null;
  const weighted =
    opportunity.dealSizeCents === null || stage.likelihoodPct === null
      ? null
      : weightedCents(opportunity.dealSizeCents, stage.likelihoodPct);
  return {
    // 0 - x and not -x, for which 0 is -0.
    rank: weighted === null ? Infinity : 0 - weighted,
    item: {
      id: opportunity.id,
      clientId: opportunity.clientId,
      candidateName: candidateName(opportunity, client),
      market: opportunity.market ?? client?.market ?? null,
      units: opportunity.units ?? client?.units ?? null,
      weightedIffCents: weighted,
      stage: stage.name,
      likelyPct: stage.likelihoodPct,
      ...enteredAt(opportunity.trail),
    },
  };
}

/** When an opportunity entered its stage, as the hot list's row says it. */
export function enteredAt(
  trail: Trail | undefined,
): Pick<HotItem, "since" | "sinceIs"> {
  const start = stageSince(trail);
  if (!start) return { since: null, sinceIs: null };
  return { since: start.at, sinceIs: start.atLeast ? "at least" : "exact" };
}

/**
 * First and last name of the opportunity; where they are blank or a placeholder its company, then the client
 * as the list of leads names it, then "Unnamed".
 */
export function candidateName(
  opportunity: Pick<HotOpportunity, "firstName" | "lastName" | "company">,
  client: Pick<HotClient, "firstName" | "lastName" | "company"> | null,
): string {
  return personName(opportunity) ??
    realText(opportunity.company) ??
    (client ? nameOf(client) : UNNAMED);
}

/** What some candidates come to together. */
export interface HotTotals {
  /** Candidates with a weighted IFF, and without. */
  weighted: number;
  unweighted: number;
  /** Integer cents. */
  weightedIffCents: number;
  /** Of candidates with a weighted IFF, and of all; null where none are recorded. */
  weightedUnits: number | null;
  units: number | null;
}

/** Sums candidates up; whose units are not recorded adds nothing to them. */
export function hotTotals(
  items: Iterable<Pick<HotItem, "weightedIffCents" | "units">>,
): HotTotals {
  const totals: HotTotals = {
    weighted: 0,
    unweighted: 0,
    weightedIffCents: 0,
    weightedUnits: null,
    units: null,
  };
  for (const { weightedIffCents, units } of items) {
    totals.units = plus(totals.units, units);
    if (weightedIffCents === null) {
      totals.unweighted++;
      continue;
    }
    totals.weighted++;
    totals.weightedIffCents += weightedIffCents;
    totals.weightedUnits = plus(totals.weightedUnits, units);
  }
  return totals;
}

function plus(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more;
}
