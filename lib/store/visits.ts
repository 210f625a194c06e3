import { type VisitMark } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { partsOf } from "./_parts.ts";
import { kvOf, type Store } from "./_store.ts";
import { type Key, keys, prefixes, tenantKeys } from "./keys.ts";
import { EVERY_TENANT } from "./roles.ts";
import type { TenantStatus } from "./tenant.ts";

/** Rows that one commit removes. */
const BATCH = 500;

/**
 * Keeps where somebody's visits to a workspace stand. Nothing happens where the person has no role there any more,
 * or where the tenant is being purged: it is written after the answer, and may come late.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function keepVisit(
  store: Store,
  tenantId: string,
  userId: string,
  mark: VisitMark,
): Promise<void> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const [state, ...roles] = await kv.getMany<unknown>([
    k.state(),
    keys.membership(userId, tenantId),
    keys.membership(userId, EVERY_TENANT),
  ]);
  const status = state?.value as TenantStatus | null;
  const role = roles.find(({ value }) => value !== null);
  if (!state || !status || status === "purged" || !role) return;
  await kv.commit({
    checks: [state, role].map(({ key, versionstamp }) => ({
      key,
      versionstamp,
    })),
    sets: [{ key: k.visit(userId), value: mark }],
  });
}

/** Ends the visits of somebody who signs out: what is opened next begins another one, everywhere. */
export async function endVisits(
  store: Store,
  userId: string,
  scopes: readonly string[],
): Promise<void> {
  const kv = kvOf(store);
  const wanted: Key[] = [];
  for (const scope of scopes) {
    wanted.push(...await visitKeys(kv, userId, scope));
  }
  for (
    const { key, value, versionstamp } of await kv.getMany<VisitMark>(wanted)
  ) {
    if (!value || value.ended) continue;
    await kv.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: { ...value, ended: true } }],
    });
  }
}

/** Removes what is kept of somebody's visits where a role of this scope opened the door. */
export async function forgetVisits(
  kv: KvPort,
  userId: string,
  scope: string,
): Promise<void> {
  const deletes = await visitKeys(kv, userId, scope);
  for (const some of partsOf(deletes, BATCH)) {
    await kv.commit({ deletes: some });
  }
}

async function visitKeys(
  kv: KvPort,
  userId: string,
  scope: string,
): Promise<Key[]> {
  if (scope !== EVERY_TENANT) return [tenantKeys(scope).visit(userId)];
  const all: Key[] = [];
  for await (const { key } of kv.list({ prefix: prefixes.tenants() })) {
    all.push(tenantKeys(String(key[1])).visit(userId));
  }
  return all;
}
