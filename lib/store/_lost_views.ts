import type { KvPort } from "./_kv.ts";
import { type Key, prefixes, tenantKeys } from "./keys.ts";
import { EVERY_TENANT, type Membership } from "./roles.ts";

/** Keys deleted in one operation. */
const AT_ONCE = 200;

/**
 * Deletes the views that a user has saved where they have no role any more. Run after a role was taken away; it reads
 * the roles that are left, so that it may be run at any time and again.
 *
 * @param scope of the role that was taken away
 */
export async function deleteLostViews(
  port: KvPort,
  userId: string,
  scope: string,
): Promise<void> {
  const left = new Set<string>();
  const roles = port.list<Membership>({ prefix: prefixes.memberships(userId) });
  for await (const { value } of roles) left.add(value.scope);
  if (left.has(EVERY_TENANT)) return;
  let lost: Key[] = [];
  for await (const tenantId of tenantsOf(port, scope)) {
    if (left.has(tenantId)) continue;
    const prefix = tenantKeys(tenantId).savedViews(userId);
    for await (const { key } of port.list({ prefix })) {
      lost.push(key);
      if (lost.length < AT_ONCE) continue;
      await port.commit({ deletes: lost });
      lost = [];
    }
  }
  if (lost.length > 0) await port.commit({ deletes: lost });
}

async function* tenantsOf(
  port: KvPort,
  scope: string,
): AsyncGenerator<string> {
  if (scope !== EVERY_TENANT) return yield scope;
  for await (const { key } of port.list({ prefix: prefixes.tenants() })) {
    yield String(key.at(-1));
  }
}
