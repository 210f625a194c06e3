import type { Context } from "fresh";
import { isAgencyAdmin, readSession, type SignedIn } from "../auth/mod.ts";
import { admitBearer, challenge, workspaceOfToken } from "./bearer.ts";
import { readSessionToken } from "./cookies.ts";
import { define } from "./define.ts";
import { inWorkspace, localUrl } from "./next.ts";
import { isHttps } from "./origin.ts";
import { ProblemError } from "./problem.ts";
import { isBearer } from "./same_origin.ts";
import type { State, Workspace } from "./state.ts";
import { countVisit, visitNow } from "./visits.ts";
import { resolveWorkspace } from "./workspace.ts";

/** Answered without any read of a session: one of them when the database does not answer, too. */
const WITHOUT_SESSION: ReadonlySet<string> = new Set([
  "/api/health",
  "/api/ready",
  "/api/openapi.json",
  "/ahead.json",
]);

/** Finds out who makes the request. A bearer token and a cookie are never mixed. */
export const session = define.middleware(async (ctx) => {
  const { store, clock } = ctx.state.services;
  if (WITHOUT_SESSION.has(ctx.url.pathname)) return await ctx.next();
  if (isBearer(ctx.req.headers)) {
    await admitBearer(ctx);
    return await ctx.next();
  }
  const token = readSessionToken(ctx.req.headers, isHttps(ctx));
  const slug = ctx.url.searchParams.get("w");
  const signedIn = token
    ? await readSession(store, token, clock, { slug })
    : null;
  if (signedIn) {
    const { user: { id, name, email }, memberships } = signedIn;
    const role = isAgencyAdmin(memberships) ? "agency_admin" : null;
    ctx.state.signedIn = signedIn;
    ctx.state.user = { id, name, email, role };
  }
  return await ctx.next();
});

/**
 * Guards pages: without a session to the sign-in, without a workspace to the choice of one; with
 * one to the same address with `w`, so that a copied link and a second tab keep their brand.
 */
export const pageGuard = define.middleware(async (ctx) => {
  const { signedIn, services: { store, clock } } = ctx.state;
  const reads = ctx.req.method === "GET" || ctx.req.method === "HEAD";
  const here = ctx.url.pathname + ctx.url.search;
  const next = reads ? here : null;
  if (!signedIn) return ctx.redirect(localUrl("/login", { next }), 303);
  const menu = { menu: clock };
  const entrance = await resolveWorkspace(store, signedIn, ctx.url, menu);
  if (!entrance) {
    return ctx.redirect(localUrl("/select-workspace", { next }), 303);
  }
  const { workspace, workspaces } = entrance;
  if (reads && !ctx.url.searchParams.has("w")) {
    return ctx.redirect(inWorkspace(here, workspace.tenant.slug), 303);
  }
  enter(ctx, signedIn, workspace);
  countVisit(ctx, signedIn.user.id, workspace);
  ctx.state.workspaces = workspaces;
  const answer = await ctx.next();
  // Where a pointer rests on a link, browsers that know this fetch its page.
  answer.headers.set("speculation-rules", '"/ahead.json"');
  return answer;
});

/**
 * Guards JSON endpoints: 401 without a session or a token, 409 while no workspace is chosen. A token
 * opens its own tenant, and of its endpoints those in its scopes.
 */
export const apiGuard = define.middleware(async (ctx) => {
  const { signedIn, apiToken, services: { store } } = ctx.state;
  if (apiToken) {
    ctx.state.workspace = await workspaceOfToken(ctx, apiToken);
    return await ctx.next();
  }
  if (!signedIn) {
    throw new ProblemError({
      status: 401,
      detail: "Sign in first.",
      headers: { "www-authenticate": challenge() },
    });
  }
  const menu = { menu: null };
  const entrance = await resolveWorkspace(store, signedIn, ctx.url, menu);
  if (!entrance) {
    throw new ProblemError({
      status: 409,
      detail: "No workspace is chosen: name one by the parameter 'w'.",
    });
  }
  enter(ctx, signedIn, entrance.workspace);
  return await ctx.next();
});

function enter(
  { state }: Context<State>,
  { user: { id, name, email } }: SignedIn,
  workspace: Workspace,
): void {
  workspace.visit = visitNow(state.services, workspace, id);
  state.workspace = workspace;
  state.user = { id, name, email, role: workspace.role };
}
