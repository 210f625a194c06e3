import type { Context } from "fresh";
import { readSession } from "../auth/mod.ts";
import { readSessionToken } from "./cookies.ts";
import { isHttps } from "./origin.ts";
import { ProblemError } from "./problem.ts";
import type { WorkspaceState } from "./state.ts";
import { syncFeedOf } from "./sync_feed.ts";
import { resolveWorkspace } from "./workspace.ts";

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // Compressed, events would wait until there are enough of them.
  "cache-control": "private, no-cache, no-transform",
  "x-accel-buffering": "no",
};
const RETRY_AFTER_SECONDS = 60;

/**
 * A stream of server-sent events, one whenever a sync of the workspace has ended. It goes on as long as the
 * client listens and the session, the role and the workspace stay what they are; listening does not keep a
 * session alive.
 *
 * @throws {ProblemError} 429 where the user, or the process, has enough of them: the page polls instead.
 */
export function syncEvents(ctx: Context<WorkspaceState>): Response {
  // The body of an answer to HEAD is dropped, but nobody would end the stream.
  if (ctx.req.method === "HEAD") {
    return new Response(null, { headers: HEADERS });
  }
  const { url, req, state: { services, user, workspace } } = ctx;
  const { store, clock } = services;
  const token = readSessionToken(req.headers, isHttps(ctx)) ?? "";
  const feed = services.syncFeed ?? syncFeedOf(store);
  const body = feed.open({
    userId: user.id,
    tenantId: workspace.tenant.id,
    readState: () => workspace.store.syncState(),
    mayGoOn: async () => {
      const signedIn = await readSession(store, token, clock, { use: false });
      const wanted = { menu: null };
      const now = signedIn &&
        await resolveWorkspace(store, signedIn, url, wanted);
      return now?.workspace.tenant.id === workspace.tenant.id &&
        now.workspace.role === workspace.role;
    },
  });
  if (body) return new Response(body, { headers: HEADERS });
  throw new ProblemError({
    status: 429,
    detail: "Too many pages are listening. Ask /api/sync/status instead.",
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });
}
