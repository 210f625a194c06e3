import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
  UsageError,
} from "../domain/mod.ts";
import type { Commit, KvPort } from "./_kv.ts";
import { assertFits, membershipSets } from "./_membership_rows.ts";
import { newUserCommit } from "./_new_user.ts";
import { kvOf, type Store } from "./_store.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes, tenantKeys } from "./keys.ts";
import {
  EVERY_TENANT,
  type Membership,
  type MembershipInput,
} from "./roles.ts";
import type { TenantStatus } from "./tenant.ts";
import type { User } from "./user.ts";

interface LinkFacts {
  /** Both ISO 8601 UTC; the row goes by itself some time after `expiresAt`. */
  createdAt: string;
  expiresAt: string;
  /** The user who made it; null for an operator and for whoever forgot a password. */
  createdBy: string | null;
}

/** Makes a membership, and an account where the address has none. */
export interface InviteLink extends LinkFacts, MembershipInput {
  purpose: "invite";
  /** Normalized. */
  email: string;
}

/** Sets a new password; good while the user's `resetLink` names it. */
export interface ResetLink extends LinkFacts {
  purpose: "reset";
  userId: string;
}

/** `["links", sha256(token)]`: a link that works once. */
export type Link = InviteLink | ResetLink;

/** A link with the key that it is stored under. */
export interface StoredLink<Kind extends Link = Link> {
  tokenHash: string;
  link: Kind;
}

/** Characters of a token's hash that name a link to people: 64 bits, from which no token follows. */
const ID_LENGTH = 16;
/** How often the use of a link begins again because something beside it was changed meanwhile. */
const TRIES = 5;

/** The name of a link in lists and forms. */
export function linkId(tokenHash: string): string {
  return tokenHash.slice(0, ID_LENGTH);
}

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

/**
 * Stores a reset link in place of the one that the user may have had.
 *
 * @throws {NotFoundError} for an unknown user.
 * @throws {UsageError} for a disabled one.
 */
export async function createResetLink(
  store: Store,
  tokenHash: string,
  link: ResetLink,
  clock: Clock,
): Promise<void> {
  const key = keys.link(tokenHash);
  await updateRecord<User>(
    kvOf(store),
    keys.user(link.userId),
    `user '${link.userId}'`,
    (current) => {
      if (current.status !== "active") {
        throw new UsageError(
          "Cannot make a reset link: the account is disabled",
        );
      }
      return {
        value: { ...current, resetLink: tokenHash },
        sets: [{ key, value: link, expireIn: lifetime(link, clock) }],
        deletes: current.resetLink ? [keys.link(current.resetLink)] : [],
      };
    },
  );
}

/** The link, or null; one past its time is none, though the database removes it late. */
export async function getLink(
  store: Store,
  tokenHash: string,
  clock: Clock,
): Promise<Link | null> {
  const { value } = await kvOf(store).get<Link>(keys.link(tokenHash));
  return value && isLive(value, clock) ? value : null;
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

/** Ends a link; nothing happens when it has ended already. */
export async function deleteLink(
  store: Store,
  tokenHash: string,
): Promise<void> {
  await kvOf(store).commit({ deletes: [keys.link(tokenHash)] });
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

/**
 * Uses a reset link: the password is another and every session of the user has ended, all in one
 * atomic operation, so that of many who try at once one alone succeeds.
 *
 * @returns null when the link is used, over, unknown or replaced by a newer one.
 */
export async function redeemResetLink(
  store: Store,
  tokenHash: string,
  passwordHash: string,
  clock: Clock,
): Promise<User | null> {
  const kv = kvOf(store);
  for (let tries = 0; tries < TRIES; tries++) {
    const link = await kv.get<Link>(keys.link(tokenHash));
    if (link.value?.purpose !== "reset" || !isLive(link.value, clock)) {
      return null;
    }
    const entry = await kv.get<User>(keys.user(link.value.userId));
    if (!entry.value || !isResetOf(entry.value, tokenHash)) return null;
    const user: User = {
      ...entry.value,
      passwordHash,
      sessionEpoch: entry.value.sessionEpoch + 1,
      resetLink: null,
      updatedAt: isoNow(clock),
    };
    const { ok } = await kv.commit({
      checks: [checkOf(link), checkOf(entry)],
      sets: [{ key: entry.key, value: user }],
      deletes: [link.key],
    });
    if (ok) return user;
  }
  throw busy();
}

/** Whether the reset link with this hash is the user's, and of use. */
export function isResetOf(user: User, tokenHash: string): boolean {
  return user.status === "active" && user.resetLink === tokenHash;
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

type Check = NonNullable<Commit["checks"]>[number];

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

function checkOf({ key, versionstamp }: Deno.KvEntryMaybe<unknown>): Check {
  return { key, versionstamp };
}

function isLive({ expiresAt }: Link, clock: Clock): boolean {
  return clock.now() < Date.parse(expiresAt);
}

/** Milliseconds that the row is kept; at least one, since KV takes no less. */
function lifetime({ expiresAt }: Link, clock: Clock): number {
  return Math.max(1, Date.parse(expiresAt) - clock.now());
}

function busy(): ConflictError {
  return new ConflictError(
    `Cannot use a link: what it changes was changed ${TRIES} times meanwhile; try again`,
  );
}
