import { NotFoundError } from "../domain/mod.ts";
import {
  findTenant,
  getTenantStatus,
  openTenant,
  type Store,
  type Tenant,
  type TenantStatus,
  type TenantStore,
} from "../store/mod.ts";

/**
 * The tenant with this slug or id and its status, for the agency.
 *
 * @throws {NotFoundError} when there is none, or its data was purged.
 */
export async function tenantFor(
  store: Store,
  slugOrId: string,
): Promise<{ tenant: Tenant; status: TenantStatus }> {
  const tenant = await findTenant(store, slugOrId);
  const status = await getTenantStatus(store, tenant.id);
  if (status === "purged") {
    throw new NotFoundError(`Cannot open tenant '${slugOrId}': it was purged`);
  }
  return { tenant, status };
}

/** The data of a tenant that was listed a moment ago; null when it has gone since. */
export async function openListed(
  store: Store,
  tenantId: string,
): Promise<TenantStore | null> {
  try {
    return await openTenant(store, tenantId);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
