import { type Clock, isoNow } from "../domain/mod.ts";
import { kvOf, type Store } from "./_store.ts";
import { keys, prefixes } from "./keys.ts";

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
