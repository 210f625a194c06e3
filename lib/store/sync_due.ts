import { type Clock, isoNow } from "../domain/mod.ts";
import { partsOf } from "./_parts.ts";
import { kvOf, type Store } from "./_store.ts";
import { keys, prefixes } from "./keys.ts";

/** Marks in one atomic operation; each is a short key with a short value. */
const BATCH = 500;

/** Marks a tenant as due for a sync; a mark that stands already is left as it is. */
export async function markSyncDue(
  store: Store,
  tenantId: string,
  clock: Clock,
): Promise<void> {
  await kvOf(store).commit({
    checks: [{ key: keys.syncDue(tenantId), versionstamp: null }],
    sets: [{ key: keys.syncDue(tenantId), value: isoNow(clock) }],
  });
}

/** Marks many tenants in few operations; marks that stand already are left as they are. */
export async function markAllSyncDue(
  store: Store,
  tenantIds: readonly string[],
  clock: Clock,
): Promise<void> {
  const standing = new Set(await listSyncDue(store));
  const sets = tenantIds.filter((id) => !standing.has(id)).map((id) => ({
    key: keys.syncDue(id),
    value: isoNow(clock),
  }));
  for (const some of partsOf(sets, BATCH)) {
    await kvOf(store).commit({ sets: some });
  }
}

/** Whether the tenant is marked. */
export async function isSyncDue(
  store: Store,
  tenantId: string,
): Promise<boolean> {
  const { value } = await kvOf(store).get(keys.syncDue(tenantId));
  return value !== null;
}

/** Ids of the tenants that are marked. A finished sync takes its mark away. */
export async function listSyncDue(store: Store): Promise<string[]> {
  const ids: string[] = [];
  const list = kvOf(store).list({ prefix: prefixes.syncDue() });
  for await (const { key } of list) ids.push(String(key.at(-1)));
  return ids;
}

/** Takes a mark away without a sync: the tenant is gone or has no key. */
export async function clearSyncDue(
  store: Store,
  tenantId: string,
): Promise<void> {
  await kvOf(store).commit({ deletes: [keys.syncDue(tenantId)] });
}
