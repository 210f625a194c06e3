import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import { deleteLostViews } from "./_lost_views.ts";
import { membershipSets } from "./_membership_rows.ts";
import { keys, prefixes, tenantKeys } from "./keys.ts";
import { EVERY_TENANT, type Membership, type Role } from "./roles.ts";
import { kvOf, type Store } from "./_store.ts";
import { forgetVisits } from "./visits.ts";

/**
 * Gives a user a role in a scope, in place of the one that was there.
 *
 * @throws {UsageError} when the role does not fit the scope.
 * @throws {NotFoundError} when the user or the tenant does not exist.
 * @throws {ConflictError} when either changed at the same moment.
 */
export async function setMembership(
  store: Store,
  userId: string,
  scope: string,
  role: Role,
  clock: Clock,
): Promise<Membership> {
  const kv = kvOf(store);
  const owners = [
    keys.user(userId),
    ...scope === EVERY_TENANT
      ? []
      : [keys.tenant(scope), tenantKeys(scope).state()],
  ];
  const entries = await kv.getMany<unknown>(owners);
  const isGone = ({ value }: Deno.KvEntryMaybe<unknown>) =>
    value === null || value === "purged";
  if (entries.some(isGone)) {
    throw new NotFoundError(
      `Cannot give user '${userId}' a role in '${scope}': one of them does not exist`,
    );
  }
  const createdAt = isoNow(clock);
  const { ok } = await kv.commit({
    checks: entries.map(({ key, versionstamp }) => ({ key, versionstamp })),
    sets: membershipSets(userId, { scope, role }, createdAt),
  });
  if (!ok) {
    throw new ConflictError(
      `Cannot give user '${userId}' a role in '${scope}': one of them is being changed; try again`,
    );
  }
  return { userId, scope, role, createdAt };
}

/** Takes the role away, and with it the views and the visits that were kept there; nothing happens when there is none. */
export async function removeMembership(
  store: Store,
  userId: string,
  scope: string,
): Promise<void> {
  const kv = kvOf(store);
  await kv.commit({
    deletes: [
      keys.membership(userId, scope),
      keys.membershipByTenant(scope, userId),
    ],
  });
  await deleteLostViews(kv, userId, scope);
  await forgetVisits(kv, userId, scope);
}

/** Every role of the user, by scope. */
export function listMemberships(
  store: Store,
  userId: string,
): Promise<Membership[]> {
  return collect(store, prefixes.memberships(userId));
}

/** Everyone with a role in this very scope, by user id. */
export function listMembers(
  store: Store,
  scope: string,
): Promise<Membership[]> {
  return collect(store, prefixes.membershipsByTenant(scope));
}

async function collect(
  store: Store,
  prefix: Deno.KvKey,
): Promise<Membership[]> {
  const memberships: Membership[] = [];
  for await (const { value } of kvOf(store).list<Membership>({ prefix })) {
    memberships.push(value);
  }
  return memberships;
}
