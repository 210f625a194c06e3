import { type Context, createDefine } from "fresh";
import type { SignedIn } from "../auth/mod.ts";
import { define } from "./define.ts";
import { localUrl } from "./next.ts";
import type { PublicUser, State } from "./state.ts";
import { resolveWorkspace, type Wanted } from "./workspace.ts";

/** The state of a route that needs a user and, unlike those of a workspace, no workspace. */
export interface SignedInState extends State {
  signedIn: SignedIn;
  user: PublicUser;
}

/** Handlers and pages behind {@linkcode signedInGuard}. */
export const defineSignedIn = createDefine<SignedInState>();

/**
 * Guards pages that are the user's own: without a session to the sign-in. A workspace is entered where
 * there is one, so that the page can lead back to it; one that is not the user's is not found.
 */
export const signedInGuard = guardOf(true);

/** The same for pages that offer no other workspace, and need no list of them. */
export const menulessGuard = guardOf(false);

function guardOf(hasMenu: boolean) {
  return define.middleware((ctx) => {
    const { clock } = ctx.state.services;
    return admit(ctx, { menu: hasMenu ? clock : null });
  });
}

async function admit(
  ctx: Context<State>,
  wanted: Wanted,
): Promise<Response> {
  const { signedIn, services: { store } } = ctx.state;
  if (!signedIn) {
    const reads = ctx.req.method === "GET" || ctx.req.method === "HEAD";
    const next = reads ? ctx.url.pathname + ctx.url.search : null;
    return ctx.redirect(localUrl("/login", { next }), 303);
  }
  const entrance = await resolveWorkspace(store, signedIn, ctx.url, wanted);
  if (entrance) {
    const { workspace, workspaces } = entrance;
    const { id, name, email } = signedIn.user;
    ctx.state.workspace = workspace;
    ctx.state.user = { id, name, email, role: workspace.role };
    ctx.state.workspaces = workspaces;
  }
  return await ctx.next();
}
