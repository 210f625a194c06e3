import {
  buildStageModel,
  compareQuiet,
  type Deal,
  dealOf,
  type DealSums,
  type JudgedBy,
  type Opportunity,
  type QuietDeal,
  quietDealOf,
  type QuietPlace,
  stageSince,
  sumDeals,
} from "../domain/mod.ts";
import { type DealPlace, named, pageAfter } from "./deals.ts";
import type { Workspace } from "./state.ts";

/** Which page of the deals without activity is read. */
export interface QuietQuery extends Pick<JudgedBy, "now" | "day"> {
  limit: number;
  /** Where the page before ended: when the last row's activity was, epoch milliseconds. */
  after?: DealPlace | undefined;
}

/** A page of the deals without activity. */
export interface QuietPage {
  rows: QuietDeal[];
  /** Of the whole list. */
  sums: DealSums;
  /** Where the next page begins, as {@linkcode afterParam} reads it; null when there is none. */
  next: string | null;
}

/**
 * Deals of the pipeline without activity, the longest without first. All that are stored are looked at. Six reads at
 * most.
 */
export async function quietDealsOf(
  { store, tenant }: Pick<Workspace, "store" | "tenant">,
  { limit, after, ...by }: QuietQuery,
): Promise<QuietPage> {
  const model = buildStageModel(await store.cycles(), tenant);
  const inPipeline: { deal: Deal; opportunity: Opportunity }[] = [];
  for await (const opportunity of store.opportunities()) {
    const deal = dealOf(opportunity, null, model);
    if (deal.standing === "pipeline") inPipeline.push({ deal, opportunity });
  }
  const [trails, notes, activities] = await Promise.all([
    store.trailsOf("opportunities", inPipeline.map(({ deal }) => deal.id)),
    store.lastNotes(),
    store.activitiesByContact(),
  ]);
  const deals = inPipeline.flatMap(({ deal, opportunity }) => {
    const contact = deal.clientId ?? "";
    const signs = {
      createdAt: opportunity.createdAt,
      since: stageSince(trails.get(deal.id)),
      lastNoteAt: notes.get(contact) ?? null,
      activities: activities.get(contact) ?? [],
    };
    const { timezone } = tenant;
    return quietDealOf(deal, signs, { ...by, timezone }) ?? [];
  }).sort(compareQuiet);
  const { rows, next } = pageAfter(deals, {
    limit,
    isAfter: after && ((deal) => compareQuiet(deal, placeOf(after)) > 0),
    valueOf: ({ last }) => last && Date.parse(last.at),
  });
  return { rows: await named(store, rows), sums: sumDeals(deals), next };
}

function placeOf({ value, id }: DealPlace): QuietPlace {
  return { id, last: value === null ? null : { at: isoOf(value) } };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
