import { endSession } from "../lib/auth/mod.ts";
import {
  define,
  expiredCookieHeader,
  isHttps,
  methods,
  readSessionToken,
  recordAudit,
  type State,
} from "../lib/web/mod.ts";

/** Ends the session here and in the store, so that a copy of the cookie is worth nothing. */
export const handler = define.handlers(methods<State>({
  async POST(ctx) {
    const https = isHttps(ctx);
    const token = readSessionToken(ctx.req.headers, https);
    if (token) await endSession(ctx.state.services.store, token);
    if (ctx.state.signedIn) await recordAudit(ctx, "session.ended");
    const answer = ctx.redirect("/login", 303);
    answer.headers.append("set-cookie", expiredCookieHeader(https));
    return answer;
  },
}));
