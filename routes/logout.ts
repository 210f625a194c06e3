import { endSession } from "../lib/auth/mod.ts";
import { endVisits } from "../lib/store/mod.ts";
import {
  define,
  expiredCookieHeader,
  isHttps,
  later,
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
    const { services, signedIn } = ctx.state;
    if (token) await endSession(services.store, token);
    if (signedIn) {
      await recordAudit(ctx, "session.ended");
      const { user, memberships } = signedIn;
      const scopes = memberships.map(({ scope }) => scope);
      later(
        services,
        "end the visits of who signed out",
        () => endVisits(services.store, user.id, scopes),
      );
    }
    const answer = ctx.redirect("/login", 303);
    answer.headers.append("set-cookie", expiredCookieHeader(https));
    return answer;
  },
}));
