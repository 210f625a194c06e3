import {
  buildStageModel,
  compareDeals,
  type Deal,
  type DealGroup,
  dealOf,
  type DealSums,
  isInGroup,
  nameOf,
  sumDeals,
  UNNAMED,
} from "../domain/mod.ts";
import type { TenantStore } from "../store/mod.ts";
import * as z from "zod";
import type { Workspace } from "./state.ts";

/** Where a page of a list of deals ended: what its last row is sorted by, null where that is unknown, and its id. */
export interface DealPlace {
  value: number | null;
  id: string;
}

/** A list of deals behind a figure. */
export interface DealsQuery {
  group?: DealGroup | undefined;
  /** Name of a stage of prospects. */
  stage?: string | undefined;
  limit: number;
  /** Where the page before ended. */
  after?: DealPlace | undefined;
}

export interface DealsPage {
  rows: Deal[];
  /** Of the whole list. */
  sums: DealSums;
  /** Where the next page begins, as {@linkcode afterParam} reads it; null when there is none. */
  next: string | null;
}

/** Where the page before ended: "4500004:204", and ":205" where the last row has no value. */
export function afterParam() {
  return z.string()
    .regex(/^(?:-?\d{1,15})?:.{1,500}$/s, "it is no place of this list")
    .transform((text): DealPlace => {
      const at = text.indexOf(":");
      const value = text.slice(0, at);
      return {
        value: value === "" ? null : Number(value),
        id: text.slice(at + 1),
      };
    })
    .optional();
}

/**
 * The opportunities that a figure of the pipeline counts, the largest first, with their sums. All that are stored are
 * looked at, since the sums are of the whole list. Three reads.
 */
export async function dealsOf(
  { store, tenant }: Pick<Workspace, "store" | "tenant">,
  { group, stage, limit, after }: DealsQuery,
): Promise<DealsPage> {
  const model = buildStageModel(await store.cycles(), tenant);
  const deals: Deal[] = [];
  for await (const opportunity of store.opportunities()) {
    const deal = dealOf(opportunity, null, model);
    if (group && !isInGroup(deal, group)) continue;
    if (stage && (deal.stage !== stage || deal.standing === "other")) continue;
    deals.push(deal);
  }
  const { rows, next } = pageAfter(deals.sort(compareDeals), {
    limit,
    isAfter: after && ((deal) => {
      const { value: dealSizeCents, id } = after;
      return compareDeals(deal, { dealSizeCents, id }) > 0;
    }),
    valueOf: ({ dealSizeCents }) => dealSizeCents,
  });
  return { rows: await named(store, rows), sums: sumDeals(deals), next };
}

/** The rows of a sorted list that come after a place, and where the next page begins. */
export function pageAfter<Row extends { id: string }>(
  sorted: readonly Row[],
  { limit, isAfter = () => true, valueOf }: {
    limit: number;
    isAfter?: ((row: Row) => boolean) | undefined;
    /** What the list is sorted by. */
    valueOf: (row: Row) => number | null;
  },
): { rows: Row[]; next: string | null } {
  const start = sorted.findIndex(isAfter);
  if (start < 0) return { rows: [], next: null };
  const rows = sorted.slice(start, start + limit);
  const last = start + limit < sorted.length ? rows.at(-1) : null;
  return { rows, next: last ? `${valueOf(last) ?? ""}:${last.id}` : null };
}

/** Deals that have no name of their own take that of their person. */
export async function named<D extends Deal>(
  store: Pick<TenantStore, "leadsOf">,
  deals: readonly D[],
): Promise<D[]> {
  const leads = await store.leadsOf(
    deals.flatMap(({ name, clientId }) =>
      name === UNNAMED && clientId !== null ? [clientId] : []
    ),
  );
  return deals.map((deal) => {
    const lead = deal.name === UNNAMED ? leads.get(deal.clientId ?? "") : null;
    return lead ? { ...deal, name: nameOf(lead) } : deal;
  });
}
