import {
  type Clock,
  ConflictError,
  NotFoundError,
  UsageError,
} from "../domain/mod.ts";
import {
  createInvite,
  deleteLink,
  EVERY_TENANT,
  findUser,
  getInviteById,
  getLink,
  getTenant,
  getTenantStatus,
  getUserByEmail,
  type InviteLink,
  isEmail,
  linkId,
  listInvites,
  listMemberships,
  type Membership,
  type MembershipInput,
  normalizeEmail,
  type Store,
  type StoredLink,
  takeAttempt,
  type ThrottleLimit,
  type User,
} from "../store/mod.ts";
import { ThrottledError } from "./errors.ts";
import { INVITE_MS, isMailable, linkTimes } from "./links.ts";
import { isAgencyAdmin, roleIn } from "./roles.ts";
import type { SignedIn } from "./sessions.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

/** Invitations by one person: each may send mail to somebody who has not asked for it. */
export const INVITE_LIMIT: ThrottleLimit = {
  attempts: 50,
  windowMs: 60 * 60_000,
  firstWaitMs: 60_000,
  maxWaitMs: 15 * 60_000,
};

/** Whom to invite, and to what. */
export interface InvitationInput extends MembershipInput {
  email: string;
}

/** An invitation as those may see it who made it or hold it: nothing in it opens anything. */
export interface Invitation extends InvitationInput {
  /** Names it in a form. */
  id: string;
  /** Both ISO 8601 UTC. */
  createdAt: string;
  expiresAt: string;
  /** The user who made it. */
  createdBy: string | null;
}

/** Whether somebody with these memberships may give others this role, take it away and see who has it. */
export function mayInvite(
  memberships: readonly Membership[],
  { role, scope }: MembershipInput,
): boolean {
  return isAgencyAdmin(memberships) ||
    (role === "tenant_viewer" && roleIn(scope, memberships) === "tenant_admin");
}

/**
 * Makes an invitation; earlier ones of the same address to the same place end.
 *
 * @returns `token` is for the link: the store keeps its hash alone.
 * @throws {UsageError} for a malformed address, or a role that does not fit its scope.
 * @throws {NotFoundError} for a tenant that is not there, or not for this user to invite to.
 * @throws {ConflictError} when the address has this role already.
 * @throws {ThrottledError} after too many invitations.
 */
export async function invite(
  store: Store,
  { user, memberships }: Pick<SignedIn, "user" | "memberships">,
  { role, scope, ...input }: InvitationInput,
  clock: Clock,
): Promise<{ token: string; invitation: Invitation }> {
  const email = normalizeEmail(input.email);
  if (!isEmail(email) || !isMailable(email)) {
    throw new UsageError(
      `Cannot invite '${email}': this is not an e-mail address`,
    );
  }
  if (!mayInvite(memberships, { role, scope })) {
    throw new NotFoundError(`Cannot invite to '${scope}': it is not there`);
  }
  await assertOpen(store, scope);
  await assertNew(store, { email, role, scope });
  await countInvite(store, user, clock);
  for (const { tokenHash, link } of await listInvites(store, clock)) {
    if (link.email === email && link.scope === scope) {
      await deleteLink(store, tokenHash);
    }
  }
  const token = newToken();
  const link: InviteLink = {
    purpose: "invite",
    email,
    role,
    scope,
    createdBy: user.id,
    ...linkTimes(clock, INVITE_MS),
  };
  await createInvite(store, hashToken(token), link, clock);
  return { token, invitation: toInvitation(hashToken(token), link) };
}

/** The invitation behind a token; null when it is used, over, withdrawn or unknown. */
export async function readInvitation(
  store: Store,
  token: string,
  clock: Clock,
): Promise<Invitation | null> {
  if (!isToken(token)) return null;
  const tokenHash = hashToken(token);
  const link = await getLink(store, tokenHash, clock);
  if (link?.purpose !== "invite") return null;
  return await stands(store, link) ? toInvitation(tokenHash, link) : null;
}

/** The invitations that are good, the newest first; of all places, or of one. */
export async function listInvitations(
  store: Store,
  clock: Clock,
  { scope }: { scope?: string } = {},
): Promise<Invitation[]> {
  const invitations: Invitation[] = [];
  for (const { tokenHash, link } of await listInvites(store, clock)) {
    if (scope !== undefined && link.scope !== scope) continue;
    if (!await stands(store, link)) continue;
    invitations.push(toInvitation(tokenHash, link));
  }
  return invitations;
}

/**
 * Ends an invitation.
 *
 * @throws {NotFoundError} when there is none of this id, or none for this user to end.
 */
export async function revokeInvitation(
  store: Store,
  { memberships }: Pick<SignedIn, "memberships">,
  id: string,
  clock: Clock,
): Promise<Invitation> {
  const found = await getInviteById(store, id, clock);
  if (!mayInvite(memberships, found.link)) {
    throw new NotFoundError(`Cannot find invitation '${id}'`);
  }
  await deleteLink(store, found.tokenHash);
  return toInvitation(found.tokenHash, found.link);
}

/**
 * Whether whoever made the invitation may still make it: one who had to go must not come back by a
 * link that was put aside.
 */
async function stands(
  store: Store,
  link: StoredLink<InviteLink>["link"],
): Promise<boolean> {
  if (link.createdBy === null) return true;
  const [maker, memberships] = await Promise.all([
    findUser(store, link.createdBy),
    listMemberships(store, link.createdBy),
  ]);
  return maker?.status === "active" && mayInvite(memberships, link);
}

async function assertOpen(store: Store, scope: string): Promise<void> {
  if (scope === EVERY_TENANT) return;
  await getTenant(store, scope);
  if (await getTenantStatus(store, scope) === "purged") {
    throw new NotFoundError(`Cannot invite to '${scope}': it is not there`);
  }
}

/** Looks at this place alone: an account elsewhere is nobody's business here. */
async function assertNew(
  store: Store,
  { email, role, scope }: InvitationInput,
): Promise<void> {
  const user = await getUserByEmail(store, email);
  const memberships = user ? await listMemberships(store, user.id) : [];
  const here = memberships.find((one) => one.scope === scope)?.role;
  if (here === role || (here && role === "tenant_viewer")) {
    throw new ConflictError(`Cannot invite '${email}': they are in already`);
  }
}

async function countInvite(
  store: Store,
  { id }: User,
  clock: Clock,
): Promise<void> {
  const taken = await takeAttempt(store, "invite", id, INVITE_LIMIT, clock);
  if (taken.allowed) return;
  const message = "Cannot invite one more: there were too many invitations";
  throw new ThrottledError(message, taken.retryAfterSeconds);
}

function toInvitation(tokenHash: string, link: InviteLink): Invitation {
  const { email, role, scope, createdAt, expiresAt, createdBy } = link;
  const id = linkId(tokenHash);
  return { id, email, role, scope, createdAt, expiresAt, createdBy };
}
