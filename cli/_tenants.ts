import { NotFoundError, UsageError } from "../lib/domain/mod.ts";
import {
  findTenant,
  getTenantStatus,
  type Store,
  type Tenant,
  type TenantStatus,
} from "../lib/store/mod.ts";

/** What `tenant list --json` prints of a tenant. */
export interface ListedTenant {
  id: string;
  slug: string;
  name: string;
  timezone: string;
  status: TenantStatus;
  /** Last four characters. */
  webKey: string | null;
  /** ISO 8601 UTC. */
  lastSyncAt: string | null;
}

export function toListed(
  { id, slug, name, timezone, webKeyLast4 }: Tenant,
  status: TenantStatus,
  lastSyncAt: string | null,
): ListedTenant {
  return { id, slug, name, timezone, status, webKey: webKeyLast4, lastSyncAt };
}

/** How a tenant without a web key gets one. */
export function keyHint(slug: string): string {
  return `Give it one: portal tenant set ${slug} --web-key`;
}

/**
 * A tenant by slug or id that can be asked about at ClientTether.
 *
 * @throws {NotFoundError}
 * @throws {UsageError} when it has no web key.
 */
export async function findConnected(
  store: Store,
  verb: string,
  who: string,
): Promise<{ tenant: Tenant; status: TenantStatus }> {
  const tenant = await findTenant(store, who);
  const status = await getTenantStatus(store, tenant.id);
  if (status === "purged") {
    throw new NotFoundError(
      `Cannot find tenant '${who}': its data was purged`,
    );
  }
  if (!tenant.clienttetherWebKey) {
    throw new UsageError(
      `Cannot ${verb} tenant '${tenant.slug}': it has no web key. ${
        keyHint(tenant.slug)
      }`,
    );
  }
  return { tenant, status };
}

/**
 * A tenant by slug or id that can be synced.
 *
 * @throws {NotFoundError}
 * @throws {UsageError} when it has no web key or is not active.
 */
export async function findSyncable(
  store: Store,
  who: string,
): Promise<Tenant> {
  const { tenant, status } = await findConnected(store, "sync", who);
  if (status === "active") return tenant;
  throw new UsageError(`Cannot sync tenant '${tenant.slug}': it is ${status}`);
}
