import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { type Key, keys, prefixes } from "./keys.ts";
import type { SealedSecret, Tenant } from "./tenant.ts";

/** The fields of a tenant that hold a sealed secret. */
export const SEALED_TENANT_FIELDS = [
  "clienttetherWebKey",
  "clienttetherAccessToken",
] as const;
export type SealedTenantField = typeof SEALED_TENANT_FIELDS[number];

/** Every tenant's secret of one field, where there is one. */
export async function* listTenantSecrets(
  store: Store,
  field: SealedTenantField,
): AsyncGenerator<{ ownerId: string; sealed: SealedSecret }> {
  const rows = kvOf(store).list<Tenant>({ prefix: prefixes.tenants() });
  for await (const { value } of rows) {
    const sealed = value[field];
    if (sealed) yield { ownerId: value.id, sealed };
  }
}

/**
 * Puts the same secret, sealed anew, in place of the one that was read. False, and nothing is written, when the field
 * holds another one by now.
 */
export function replaceTenantSecret(
  store: Store,
  tenantId: string,
  field: SealedTenantField,
  before: SealedSecret,
  after: SealedSecret,
): Promise<boolean> {
  return replace<Tenant>(
    kvOf(store),
    keys.tenant(tenantId),
    (tenant) =>
      isSame(tenant[field], before) ? { ...tenant, [field]: after } : null,
  );
}

/** Writes what `change` makes of a row until nobody has come in between; false where it makes nothing. */
async function replace<T>(
  port: KvPort,
  key: Key,
  change: (current: T) => T | null,
): Promise<boolean> {
  for (;;) {
    const { value: current, versionstamp } = await port.get<T>(key);
    const value = current === null ? null : change(current);
    if (value === null) return false;
    const { ok } = await port.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value }],
    });
    if (ok) return true;
  }
}

/** Each sealing has a random number of its own, which tells it from every other. */
function isSame(one: SealedSecret | null, other: SealedSecret): boolean {
  return one !== null && one.keyId === other.keyId &&
    one.iv.toHex() === other.iv.toHex();
}
