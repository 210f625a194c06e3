import type { Context } from "fresh";
import {
  type InvitationInput,
  invite,
  revokeInvitation,
  type SignedIn,
} from "../auth/mod.ts";
import { ConflictError, UsageError } from "../domain/mod.ts";
import { EVERY_TENANT, getTenant, type Store } from "../store/mod.ts";
import { recordAudit } from "./audit.ts";
import { logOf } from "./errors.ts";
import { oneTimeLink } from "./links.ts";
import { invitationMail } from "./mail_texts.ts";
import type { State } from "./state.ts";

/** A request of somebody who is signed in. */
export type SignedInRequest = Pick<Context<State>, "url"> & {
  state: State & { signedIn: SignedIn };
};

/** The tenant of a scope as an entry names it: null for all of them. */
export function tenantOf(scope: string): string | null {
  return scope === EVERY_TENANT ? null : scope;
}

/** What people call a scope: the brand's name. */
export async function placeOf(store: Store, scope: string): Promise<string> {
  return scope === EVERY_TENANT
    ? "all brands of the agency"
    : (await getTenant(store, scope)).name;
}

/**
 * Makes an invitation and sends it where there is mail.
 *
 * @returns The link, to be shown once; null when it was sent.
 * @throws {UsageError | NotFoundError | ConflictError} as `invite()` of lib/auth does.
 */
export async function sendInvitation(
  ctx: SignedInRequest,
  input: InvitationInput,
): Promise<string | null> {
  const { services, signedIn, requestId } = ctx.state;
  const { store, clock, mail } = services;
  const place = await placeOf(store, input.scope);
  const { token, invitation } = await invite(store, signedIn, input, clock);
  const { id, email, role, scope } = invitation;
  await recordAudit(ctx, "invitation.made", {
    tenantId: tenantOf(scope),
    target: id,
    detail: { email, role },
  });
  const link = oneTimeLink(ctx, "invite", token);
  if (!mail) return link;
  try {
    await mail.send(invitationMail({ to: email, place, link }));
    return null;
  } catch (error) {
    // The invitation stands: it is handed over by hand.
    logOf(services).error("Cannot send an invitation: {error}", {
      requestId,
      error,
    });
    return link;
  }
}

/** @throws {NotFoundError} when there is no such invitation, or none for this user to end. */
export async function endInvitation(
  ctx: SignedInRequest,
  id: string,
): Promise<void> {
  const { services: { store, clock }, signedIn } = ctx.state;
  const { email, role, scope } = await revokeInvitation(
    store,
    signedIn,
    id,
    clock,
  );
  await recordAudit(ctx, "invitation.revoked", {
    tenantId: tenantOf(scope),
    target: id,
    detail: { email, role },
  });
}

/** What an error says to the person whose form it is about; others are not for a form. */
export function formProblem(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConflictError) {
    return error.message;
  }
  throw error;
}
