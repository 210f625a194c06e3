import { type Key, keys, tenantKeys } from "./keys.ts";
import type { Tenant, TenantListing, TenantStatus } from "./tenant.ts";

/** The rows of tenants that {@linkcode listingsOf} makes listings of. */
export function listingKeys(ids: readonly string[]): Key[] {
  return ids.flatMap((id) => [keys.tenant(id), tenantKeys(id).state()]);
}

/** Tenants from their rows, in the order of the ids; those that do not exist are left out. */
export function listingsOf(
  ids: readonly string[],
  entries: readonly Deno.KvEntryMaybe<unknown>[],
): Array<Pick<TenantListing, "tenant" | "status">> {
  return ids.flatMap((_, at) => {
    const tenant = entries[2 * at]?.value as Tenant | null | undefined;
    const status = entries[2 * at + 1]?.value as TenantStatus | null;
    return tenant ? [{ tenant, status: status ?? "purged" }] : [];
  });
}
