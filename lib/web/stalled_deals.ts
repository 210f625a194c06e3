import {
  compareStalled,
  isProspect,
  NEW_LEAD,
  type PipelineView,
  stageSince,
  type StalledDeal,
  stalledDealOf,
} from "../domain/mod.ts";
import { candidatesOf } from "./candidates.ts";
import type { Workspace } from "./state.ts";

/**
 * All deals that have been in their stage for longer than is usual with this brand, the longest first; what the
 * pipeline's card counts. At most `limit` are given, with their names. Five reads.
 */
export async function stalledDealsOf(
  { store, tenant: { timezone } }: Pick<Workspace, "store" | "tenant">,
  view: PipelineView,
  limit: number,
): Promise<{ rows: StalledDeal[]; total: number }> {
  const deals = (await Array.fromAsync(store.opportunities()))
    .filter((deal) => isProspect(deal));
  const [trails, notes] = await Promise.all([
    store.trailsOf("opportunities", deals.map(({ id }) => id)),
    store.lastNotes(),
  ]);
  const stalled = deals.flatMap((deal) => {
    const { id, clientId, dealSizeCents } = deal;
    const start = stageSince(trails.get(id));
    if (!start) return [];
    const lastNoteAt = notes.get(clientId ?? "") ?? null;
    const waiting = {
      ...{ id, clientId, name: "", dealSizeCents, lastNoteAt },
      ...{ since: start.at, atLeast: start.atLeast },
    };
    const stage = deal.stage.trim() || NEW_LEAD;
    return stalledDealOf(waiting, stage, view, timezone) ?? [];
  }).sort(compareStalled);
  const shown = stalled.slice(0, limit);
  const candidateOf = await candidatesOf(store, shown.map(({ id }) => id));
  return {
    rows: shown.map((deal) => ({
      ...deal,
      name: candidateOf(deal.id).name ?? "",
    })),
    total: stalled.length,
  };
}
