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
import { z } from "zod";
import type { Workspace } from "./state.ts";

/** Where a page of a list of deals ended: the size and the id of its last row. */
export type DealPlace = Pick<Deal, "dealSizeCents" | "id">;

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

/** Where the page before ended: "4500004:204", and ":205" where the last row has no size. */
export function afterParam() {
  return z.string()
    .regex(/^(?:-?\d{1,15})?:.{1,500}$/s, "it is no place of this list")
    .transform((text): DealPlace => {
      const at = text.indexOf(":");
      const size = text.slice(0, at);
      return {
        dealSizeCents: size === "" ? null : Number(size),
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
  deals.sort(compareDeals);
  const start = after
    ? deals.findIndex((deal) => compareDeals(deal, after) > 0)
    : 0;
  const rows = start < 0 ? [] : deals.slice(start, start + limit);
  const last = start >= 0 && start + limit < deals.length ? rows.at(-1) : null;
  return {
    rows: await named(store, rows),
    sums: sumDeals(deals),
    next: last ? `${last.dealSizeCents ?? ""}:${last.id}` : null,
  };
}

/** Deals that have no name of their own take that of their person. */
export async function named(
  store: Pick<TenantStore, "leadsOf">,
  deals: readonly Deal[],
): Promise<Deal[]> {
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
