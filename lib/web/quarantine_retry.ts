import { ConflictError } from "../domain/mod.ts";
import { getTenantStatus, type Tenant } from "../store/mod.ts";
import { retryQuarantine } from "../sync/mod.ts";
import { recordAudit } from "./audit.ts";
import type { SignedInRequest } from "./people.ts";

/**
 * Reads what a tenant has in quarantine by the rules of today; what is good now is put in place.
 *
 * @returns how many left the quarantine, and how many stay
 * @throws {ConflictError} for the person at the form: a sync is under way, or the tenant is not active.
 * @throws {TransientError} when the database does not answer.
 */
export async function retryQuarantineOf(
  ctx: SignedInRequest,
  { id, name }: Tenant,
): Promise<{ released: number; kept: number }> {
  const { store, clock } = ctx.state.services;
  const outcome = await retryQuarantine({ store, clock }, id);
  if (!outcome) {
    const status = await getTenantStatus(store, id);
    throw new ConflictError(
      status === "active"
        ? `A sync of ${name} is under way: try again when it has ended`
        : `${name} is ${status}: activate it first`,
    );
  }
  const counts = { released: 0, kept: 0 };
  for (const { written, superseded, kept } of Object.values(outcome)) {
    counts.released += written + superseded;
    counts.kept += kept;
  }
  await recordAudit(ctx, "quarantine.retried", {
    tenantId: id,
    target: id,
    detail: counts,
  });
  return counts;
}
