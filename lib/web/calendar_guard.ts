import type { Context } from "fresh";
import { countUnknownCalendar, readCalendarFeed } from "../auth/mod.ts";
import { getTenantIdBySlug } from "../store/mod.ts";
import { clientAddress } from "./client_address.ts";
import { ProblemError } from "./problem.ts";
import type { State, Workspace } from "./state.ts";
import { openForMember } from "./workspace.ts";

/**
 * The workspace of a calendar address, for whoever made it and may still see it. An address that never was, one that
 * was ended, and one of somebody who left look the same.
 *
 * @throws {ProblemError} 404 where it opens nothing, 429 where too many such were asked for.
 */
export async function workspaceOfCalendar(
  ctx: Context<State>,
  { slug, token }: { slug: string; token: string },
): Promise<Workspace> {
  const { store, clock } = ctx.state.services;
  const tenantId = await getTenantIdBySlug(store, slug);
  const owner = tenantId && await readCalendarFeed(store, tenantId, token);
  const workspace = owner &&
    await openForMember(store, owner.memberships, tenantId);
  if (workspace) return workspace;
  const wait = await countUnknownCalendar(store, clientAddress(ctx), clock);
  if (wait === null) {
    throw new ProblemError({
      status: 404,
      detail: "This calendar address is not good, or not any more.",
    });
  }
  throw new ProblemError({
    status: 429,
    detail:
      "Too many calendar addresses that are not good were asked for from here.",
    headers: { "retry-after": String(wait) },
  });
}
