import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import {
  busy,
  type Check,
  checkOf,
  isLive,
  lifetime,
  TRIES,
} from "./_link_rows.ts";
import { assertFits, membershipSets } from "./_membership_rows.ts";
import { newUserCommit } from "./_new_user.ts";
import { kvOf, type Store } from "./_store.ts";
import { keys, prefixes, tenantKeys } from "./keys.ts";
import {
  type InviteLink,
  type Link,
  linkId,
  type StoredLink,
} from "./links.ts";
import { EVERY_TENANT, type Membership } from "./roles.ts";
import type { TenantStatus } from "./tenant.ts";
import type { User } from "./user.ts";

/**
 * Stores an invitation.
 *
 * @throws {UsageError} when the role does not fit the scope.
 * @throws {ConflictError} when the hash is in use, which 256 random bits rule out.
 */
export async function createInvite(
  store: Store,
  tokenHash: string,
  link: InviteLink,
  clock: Clock,
): Promise<void> {
  assertFits(link);
  const key = keys.link(tokenHash);
  const { ok } = await kvOf(store).commit({
    checks: [{ key, versionstamp: null }],
    sets: [{ key, value: link, expireIn: lifetime(link, clock) }],
  });
  if (!ok) throw new ConflictError("Cannot make a link: its token is in use");
}

/** Every invitation that is not over, the newest first. */
export async function listInvites(
  store: Store,
  clock: Clock,
): Promise<StoredLink<InviteLink>[]> {
  const invites: StoredLink<InviteLink>[] = [];
  const rows = kvOf(store).list<Link>({ prefix: prefixes.links() });
  for await (const { key, value: link } of rows) {
    if (link.purpose !== "invite" || !isLive(link, clock)) continue;
    invites.push({ tokenHash: String(key.at(-1)), link });
  }
  return invites.sort((a, b) =>
    b.link.createdAt.localeCompare(a.link.createdAt)
  );
}

/** @throws {NotFoundError} when there is no such invitation. */
export async function getInviteById(
  store: Store,
  id: string,
  clock: Clock,
): Promise<StoredLink<InviteLink>> {
  const invites = await listInvites(store, clock);
  const invite = invites.find(({ tokenHash }) => linkId(tokenHash) === id);
  if (!invite) throw new NotFoundError(`Cannot find invitation '${id}'`);
  return invite;
}

/**
 * Uses an invitation for an account that it makes: all in one atomic operation, so that of many who
 * try at once one alone succeeds.
 *
 * @returns null when the link is used, over or unknown, or the tenant is gone.
 * @throws {UsageError} for a blank name.
 * @throws {ConflictError} when the address has an account already: the link stays.
 */
export async function redeemInviteForNewUser(
  store: Store,
  tokenHash: string,
  { name, passwordHash }: Pick<User, "name" | "passwordHash">,
  clock: Clock,
): Promise<User | null> {
  const kv = kvOf(store);
  for (let tries = 0; tries < TRIES; tries++) {
    const invite = await readInvite(kv, tokenHash, clock);
    if (!invite) return null;
    const { email, scope, role } = invite.link;
    const byEmail = await kv.get<string>(keys.userByEmail(email));
    if (byEmail.versionstamp !== null) {
      throw new ConflictError(
        `Cannot create user '${email}': another user has this e-mail address`,
      );
    }
    const { user, checks, sets } = newUserCommit({
      email,
      name,
      passwordHash,
      membership: { scope, role },
    }, isoNow(clock));
    const { ok } = await kv.commit({
      checks: [...invite.checks, ...checks],
      sets,
      deletes: [keys.link(tokenHash)],
    });
    if (ok) return user;
  }
  throw busy();
}

/**
 * Uses an invitation for a user who is there already. A role that says more stays.
 *
 * @returns null when the link is used, over, unknown or for another address, or the tenant is gone.
 */
export async function redeemInviteForUser(
  store: Store,
  tokenHash: string,
  userId: string,
  clock: Clock,
): Promise<Membership | null> {
  const kv = kvOf(store);
  for (let tries = 0; tries < TRIES; tries++) {
    const invite = await readInvite(kv, tokenHash, clock);
    if (!invite) return null;
    const { email, scope, role } = invite.link;
    const entry = await kv.get<User>(keys.user(userId));
    if (entry.value?.email !== email || entry.value.status !== "active") {
      return null;
    }
    const before = await kv.get<Membership>(keys.membership(userId, scope));
    const createdAt = isoNow(clock);
    const stays = before.value !== null && role === "tenant_viewer";
    const { ok } = await kv.commit({
      checks: [...invite.checks, checkOf(entry), checkOf(before)],
      sets: stays ? [] : membershipSets(userId, { scope, role }, createdAt),
      deletes: [keys.link(tokenHash)],
    });
    if (!ok) continue;
    return stays ? before.value : { userId, scope, role, createdAt };
  }
  throw busy();
}

/** A live invitation into a scope that is there, and the checks that keep both so. */
async function readInvite(
  kv: KvPort,
  tokenHash: string,
  clock: Clock,
): Promise<{ link: InviteLink; checks: Check[] } | null> {
  const entry = await kv.get<Link>(keys.link(tokenHash));
  const link = entry.value;
  if (link?.purpose !== "invite" || !isLive(link, clock)) return null;
  if (link.scope === EVERY_TENANT) return { link, checks: [checkOf(entry)] };
  const place = await kv.getMany<unknown>([
    keys.tenant(link.scope),
    tenantKeys(link.scope).state(),
  ]);
  const status = place[1]?.value as TenantStatus | null | undefined;
  if (!place[0]?.value || !status || status === "purged") return null;
  return { link, checks: [entry, ...place].map(checkOf) };
}
