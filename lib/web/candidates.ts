import { candidateName, type Opportunity } from "../domain/mod.ts";
import type { TenantStore } from "../store/mod.ts";

/** Who stands behind an opportunity, as lists of what happened to it show it. */
export interface Candidate {
  /** Null where ClientTether no longer lists the opportunity. */
  name: string | null;
  clientId: string | null;
  /** As it is now; null without a size. */
  dealSizeCents: number | null;
}

const GONE: Candidate = { name: null, clientId: null, dealSizeCents: null };

/** Who stands behind opportunities, by their ids; of one that has left nothing is known. Two reads. */
export async function candidatesOf(
  store: Pick<TenantStore, "opportunitiesOf" | "leadsOf">,
  ids: readonly string[],
): Promise<(id: string) => Candidate> {
  if (ids.length === 0) return () => GONE;
  const opportunities = await store.opportunitiesOf(ids);
  const leads = await store.leadsOf(
    [...opportunities.values()].flatMap(({ clientId }) => clientId ?? []),
  );
  const known = (opportunity: Opportunity): Candidate => ({
    name: candidateName(
      opportunity,
      leads.get(opportunity.clientId ?? "") ?? null,
    ),
    clientId: opportunity.clientId,
    dealSizeCents: opportunity.dealSizeCents,
  });
  return (id) => {
    const opportunity = opportunities.get(id);
    return opportunity ? known(opportunity) : GONE;
  };
}
