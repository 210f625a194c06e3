import type { Context } from "fresh";
import { endOtherSessions, rememberDevice } from "../../lib/auth/mod.ts";
import { deleteSessionOfUser } from "../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  logOf,
  methods,
  readForm,
  recordAudit,
  setSignInCookies,
  type SignedInState,
  visitorOf,
} from "../../lib/web/mod.ts";

/** Ends one session of the user by its id, or all but this one by "others". */
export const handler = defineSignedIn.handlers(methods<SignedInState>({
  async POST(ctx) {
    const { session } = await readForm(ctx.req, ["session"]);
    if (session === "others") return await endOthers(ctx);
    const { signedIn: { user }, services, requestId } = ctx.state;
    await deleteSessionOfUser(services.store, user.id, session);
    logOf(services).info("Session ended", { requestId, user: user.id });
    await recordAudit(ctx, "session.ended", { target: session });
    return toAccount(ctx, "session");
  },
}));

async function endOthers(ctx: Context<SignedInState>): Promise<Response> {
  const { services, requestId } = ctx.state;
  const { store, clock } = services;
  const { token, signedIn } = await endOtherSessions(
    store,
    ctx.state.signedIn,
    clock,
  );
  const { user } = signedIn;
  logOf(services).info("Other sessions ended", { requestId, user: user.id });
  await recordAudit(ctx, "user.sessions_ended", { target: user.id });
  const answer = toAccount(ctx, "others");
  if (token !== null) {
    const present = visitorOf(ctx).deviceToken;
    const deviceToken = await rememberDevice(store, user, present, clock);
    setSignInCookies(ctx, answer, { token, deviceToken });
  }
  return answer;
}

function toAccount(ctx: Context<SignedInState>, done: string): Response {
  const w = ctx.state.workspace?.tenant.slug ?? null;
  return ctx.redirect(localUrl("/account", { w, done }), 303);
}
