import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import type { Commit, KvPort } from "./_kv.ts";
import { deleteLostViews } from "./_lost_views.ts";
import { kvOf, type Store } from "./_store.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes } from "./keys.ts";
import { EVERY_TENANT, type Membership, type Role } from "./roles.ts";
import type { User } from "./user.ts";
import { forgetVisits } from "./visits.ts";

type Checks = NonNullable<Commit["checks"]>;

/** How often a withdrawal begins again because others changed what it looks at. */
const TRIES = 5;

/**
 * Takes a role away from a user, and with it the views that were saved there, but never the agency's last admin.
 *
 * @param role Only while it is this one.
 * @throws {NotFoundError} when there is no such role.
 * @throws {ConflictError} when no other agency admin would be left who can sign in.
 */
export async function withdrawMembership(
  store: Store,
  userId: string,
  scope: string,
  { role }: { role?: Role } = {},
): Promise<Membership> {
  const kv = kvOf(store);
  for (let tries = 0; tries < TRIES; tries++) {
    const key = keys.membership(userId, scope);
    const { value, versionstamp } = await kv.get<Membership>(key);
    if (!value || (role !== undefined && value.role !== role)) {
      throw new NotFoundError(
        `Cannot take a role from user '${userId}' in '${scope}': there is none`,
      );
    }
    const others = scope === EVERY_TENANT
      ? await anotherAdmin(kv, userId, "take the role away")
      : [];
    const { ok } = await kv.commit({
      checks: [{ key, versionstamp }, ...others],
      deletes: [key, keys.membershipByTenant(scope, userId)],
    });
    if (!ok) continue;
    await deleteLostViews(kv, userId, scope);
    await forgetVisits(kv, userId, scope);
    return value;
  }
  throw new ConflictError(
    "Cannot take the role away: others change it all the time; try again",
  );
}

/**
 * Disables a user, whose sessions and reset link end with it, but never the agency's last admin.
 *
 * @throws {NotFoundError} for an unknown id.
 * @throws {ConflictError} when no other agency admin would be left who can sign in.
 */
export function disableUser(
  store: Store,
  userId: string,
  clock: Clock,
): Promise<User> {
  const kv = kvOf(store);
  return updateRecord<User>(
    kv,
    keys.user(userId),
    `user '${userId}'`,
    async (current) => {
      const own = await kv.get(keys.membership(userId, EVERY_TENANT));
      const isAdmin = own.versionstamp !== null;
      return {
        value: {
          ...current,
          status: "disabled",
          sessionEpoch: current.sessionEpoch + 1,
          resetLink: null,
          updatedAt: isoNow(clock),
        },
        checks: isAdmin
          ? await anotherAdmin(kv, userId, "disable the account")
          : [],
      };
    },
  );
}

/**
 * Checks that keep another agency admin, who can sign in, as he is: two who withdraw each other's role
 * at the same moment cannot both succeed.
 */
async function anotherAdmin(
  kv: KvPort,
  userId: string,
  what: string,
): Promise<Checks> {
  const rows = kv.list<Membership>({
    prefix: prefixes.membershipsByTenant(EVERY_TENANT),
  });
  for await (const { value: { userId: other } } of rows) {
    if (other === userId) continue;
    const [role, user] = await kv.getMany<unknown>([
      keys.membership(other, EVERY_TENANT),
      keys.user(other),
    ]);
    const { status, passwordHash } = user?.value as User | null ??
      { status: "disabled", passwordHash: null };
    if (!role?.value || !user || status !== "active" || !passwordHash) continue;
    return [role, user].map(({ key, versionstamp }) => ({ key, versionstamp }));
  }
  throw new ConflictError(
    `Cannot ${what}: this is the last agency admin who can sign in. Make another one first`,
  );
}
