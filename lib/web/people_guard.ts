import { HttpError } from "fresh";
import { canManagePeople, isAgencyAdmin } from "../auth/mod.ts";
import { defineInWorkspace } from "./define.ts";
import { defineSignedIn } from "./signed_in.ts";
import type { WorkspaceState } from "./state.ts";

/** Guards what belongs to those who manage the people of a workspace: others are told so. */
export const peopleGuard = defineInWorkspace.middleware((ctx) => {
  if (!canManagePeople(ctx.state.workspace.role)) {
    throw new HttpError(403, "Only an admin of this brand may open this page");
  }
  return ctx.next();
});

/** Guards what belongs to the agency alone; it stands behind {@linkcode signedInGuard}. */
export const agencyGuard = defineSignedIn.middleware((ctx) => {
  if (!isAgencyAdmin(ctx.state.signedIn.memberships)) {
    throw new HttpError(403, "Only the agency may open this page");
  }
  return ctx.next();
});

/**
 * Lets nobody but the agency see a page of a workspace.
 *
 * @throws {HttpError} 403 for everybody else.
 */
export function agencyOnly({ workspace: { role } }: WorkspaceState): void {
  if (role === "agency_admin") return;
  throw new HttpError(403, "Only the agency may open this page");
}
