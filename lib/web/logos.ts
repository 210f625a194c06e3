import { setLogo, type Tenant } from "../store/mod.ts";
import { recordAudit } from "./audit.ts";
import type { SignedInRequest } from "./people.ts";

/**
 * Gives a brand a logo or takes it away, with an entry in the audit log.
 *
 * @throws {UsageError} when it is no PNG, or too large.
 */
export async function changeLogo(
  ctx: SignedInRequest,
  { id }: Pick<Tenant, "id">,
  bytes: Uint8Array | null,
): Promise<void> {
  const { store, clock } = ctx.state.services;
  await setLogo(store, id, bytes, clock);
  await recordAudit(ctx, "tenant.logo_changed", {
    tenantId: id,
    target: id,
    detail: { to: bytes ? `${bytes.length} bytes` : "none" },
  });
}
