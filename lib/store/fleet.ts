import {
  type AlertState,
  emptySyncState,
  type SyncState,
} from "../domain/mod.ts";
import { type Key, prefixes, tenantKeys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";

/** What is known of one tenant without opening it: of its key no more than how it ends, and no person. */
export interface FleetRow {
  tenant:
    & Pick<
      Tenant,
      | "id"
      | "slug"
      | "name"
      | "timezone"
      | "webKeyLast4"
      | "createdAt"
      | "updatedAt"
    >
    & { hasKey: boolean };
  status: TenantStatus;
  sync: SyncState;
  alert: AlertState | null;
  /** Names what was read, for {@linkcode putAlert}. */
  versions: { state: string | null; alert: string | null };
}

/**
 * Every tenant with its sync state and its alert, by the order of their ids: one list, and three rows for each tenant.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function listFleet(store: Store): Promise<FleetRow[]> {
  const kv = kvOf(store);
  const tenants: FleetRow["tenant"][] = [];
  const list = kv.list<Tenant>({ prefix: prefixes.tenants() });
  for await (const { value } of list) {
    const { id, slug, name, timezone, webKeyLast4 } = value;
    const { createdAt, updatedAt, clienttetherWebKey } = value;
    const known = { id, slug, name, timezone, webKeyLast4 };
    const hasKey = clienttetherWebKey !== null;
    tenants.push({ ...known, createdAt, updatedAt, hasKey });
  }
  const entries = await kv.getMany<unknown>(
    tenants.flatMap(({ id }) => rowKeys(id)),
  );
  return tenants.map((tenant, n) =>
    fleetRow(tenant, entries.slice(3 * n, 3 * n + 3))
  );
}

function rowKeys(id: string): Key[] {
  const k = tenantKeys(id);
  return [k.state(), k.syncState(), k.alert()];
}

function fleetRow(
  tenant: FleetRow["tenant"],
  [state, sync, alert]: Deno.KvEntryMaybe<unknown>[],
): FleetRow {
  return {
    tenant,
    status: state?.value as TenantStatus | null ?? "purged",
    sync: sync?.value as SyncState | null ?? emptySyncState(),
    alert: alert?.value as AlertState | null ?? null,
    versions: {
      state: state?.versionstamp ?? null,
      alert: alert?.versionstamp ?? null,
    },
  };
}

/**
 * Puts a tenant's alert in place of the one that was read, or takes it away.
 *
 * @returns the row as it stands then; null where somebody else was faster, or the tenant's status has changed, and
 * nothing was written
 * @throws {TransientError} when the database does not answer.
 */
export async function putAlert(
  store: Store,
  row: FleetRow,
  alert: AlertState | null,
): Promise<FleetRow | null> {
  const k = tenantKeys(row.tenant.id);
  const key = k.alert();
  const outcome = await kvOf(store).commit({
    checks: [
      { key: k.state(), versionstamp: row.versions.state },
      { key, versionstamp: row.versions.alert },
    ],
    ...alert ? { sets: [{ key, value: alert }] } : { deletes: [key] },
  });
  if (!outcome.ok) return null;
  const version = alert ? outcome.versionstamp : null;
  return { ...row, alert, versions: { ...row.versions, alert: version } };
}
