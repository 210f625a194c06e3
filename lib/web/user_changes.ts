import { makeResetLink, nameProblem } from "../auth/mod.ts";
import { UsageError } from "../domain/mod.ts";
import {
  deletePasskeysOfUser,
  deleteSessionOfUser,
  deleteSessionsOfUser,
  disableSecondFactor,
  disableUser,
  endSessionsOfUser,
  EVERY_TENANT,
  findTenant,
  listMemberships,
  type MembershipInput,
  type Role,
  ROLES,
  setMembership,
  updateUser,
  type User,
  withdrawMembership,
} from "../store/mod.ts";
import { recordAudit } from "./audit.ts";
import { oneTimeLink } from "./links.ts";
import { type SignedInRequest, tenantOf } from "./people.ts";

// What an agency admin does to a user, each change with its entry in the audit log. Errors are those
// of lib/store; a UsageError and a ConflictError are for the person at the form.

/** Changes name and address; a new address ends a reset link that was sent to the old one. */
export async function changeUser(
  ctx: SignedInRequest,
  user: User,
  { name, email }: { name: string; email: string },
): Promise<void> {
  const { store, clock } = ctx.state.services;
  const problem = nameProblem(name);
  if (problem) throw new UsageError(problem);
  const patch = { name: name.trim(), email };
  const changed = await updateUser(store, user.id, patch, clock);
  const what = [
    changed.name !== user.name && "name",
    changed.email !== user.email && "e-mail",
  ].filter(Boolean).join(" and ");
  if (what === "") return;
  await recordAudit(ctx, "user.changed", {
    target: user.id,
    detail: { what, from: user.email, to: changed.email },
  });
}

/** Gives a role in a scope, in place of the one that the user has there. */
export async function giveRole(
  ctx: SignedInRequest,
  user: User,
  { scope, role }: MembershipInput,
): Promise<void> {
  const { store, clock } = ctx.state.services;
  const memberships = await listMemberships(store, user.id);
  const before = memberships.find((one) => one.scope === scope)?.role ?? null;
  if (before === role) return;
  await setMembership(store, user.id, scope, role, clock);
  const action = before ? "membership.changed" : "membership.added";
  await recordUser(
    ctx,
    user,
    action,
    { from: before, to: role },
    tenantOf(scope),
  );
}

/**
 * Takes a role away, but never the agency's last admin's.
 *
 * @param only Nothing but this role.
 */
export async function takeRole(
  ctx: SignedInRequest,
  user: Pick<User, "id" | "email">,
  scope: string,
  only?: Role,
): Promise<void> {
  const { store } = ctx.state.services;
  const options = only ? { role: only } : {};
  const { role } = await withdrawMembership(store, user.id, scope, options);
  await recordUser(
    ctx,
    user,
    "membership.removed",
    { from: role },
    tenantOf(scope),
  );
}

/** Closes an account, but never the agency's last admin's. */
export async function disable(ctx: SignedInRequest, user: User): Promise<void> {
  const { store, clock } = ctx.state.services;
  await disableUser(store, user.id, clock);
  await deleteSessionsOfUser(store, user.id);
  await recordUser(ctx, user, "user.disabled");
}

/** Opens a closed account again. */
export async function enable(ctx: SignedInRequest, user: User): Promise<void> {
  const { store, clock } = ctx.state.services;
  await updateUser(store, user.id, { status: "active" }, clock);
  await recordUser(ctx, user, "user.enabled");
}

/** Signs a user out everywhere. */
export async function endSessions(
  ctx: SignedInRequest,
  user: User,
): Promise<void> {
  const { store } = ctx.state.services;
  await endSessionsOfUser(store, user.id);
  await deleteSessionsOfUser(store, user.id);
  await recordUser(ctx, user, "user.sessions_ended");
}

/**
 * Ends one session of a user, or with "others" every one.
 *
 * @throws {NotFoundError} when there is no such session.
 */
export async function endSession(
  ctx: SignedInRequest,
  user: User,
  id: string,
): Promise<void> {
  if (id === "others") return await endSessions(ctx, user);
  await deleteSessionOfUser(ctx.state.services.store, user.id, id);
  await recordUser(ctx, user, "user.session_ended");
}

/**
 * For somebody who has lost the telephone: takes second factor, recovery codes and passkeys away and ends every
 * session. The password stays.
 */
export async function resetSecondFactorOf(
  ctx: SignedInRequest,
  user: User,
): Promise<void> {
  const { store } = ctx.state.services;
  const passkeys = await deletePasskeysOfUser(store, user.id);
  await disableSecondFactor(store, user.id);
  await recordUser(ctx, user, "second_factor.disabled", { passkeys });
}

/** A link that sets a new password, to be shown once. */
export async function resetLinkFor(
  ctx: SignedInRequest,
  user: User,
): Promise<string> {
  const { services: { store, clock }, signedIn } = ctx.state;
  const token = await makeResetLink(store, user.id, signedIn.user.id, clock);
  await recordUser(ctx, user, "password.reset_link_made");
  return oneTimeLink(ctx, "reset", token);
}

/**
 * The membership that a form asks for. The role `agency_admin` is for every brand, whichever was chosen.
 *
 * @param tenant A slug.
 * @throws {UsageError} for a role that there is not.
 * @throws {NotFoundError} for a brand that there is not.
 */
export async function readMembership(
  { state: { services } }: SignedInRequest,
  { role: name, tenant }: { role: string; tenant: string },
): Promise<MembershipInput> {
  const role = ROLES.find((known) => known === name);
  if (!role) throw new UsageError("Choose a role");
  if (role === "agency_admin") return { role, scope: EVERY_TENANT };
  if (tenant === "") throw new UsageError("Choose a brand");
  return { role, scope: (await findTenant(services.store, tenant)).id };
}

/** The entry of the audit log: what was done to a user, who is named by the address of that moment. */
async function recordUser(
  ctx: SignedInRequest,
  { id, email }: Pick<User, "id" | "email">,
  action: string,
  detail: Record<string, string | number | null> = {},
  tenantId: string | null = null,
): Promise<void> {
  await recordAudit(ctx, action, {
    tenantId,
    target: id,
    detail: { email, ...detail },
  });
}
