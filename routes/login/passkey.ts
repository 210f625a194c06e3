import { finishPasskeySignIn } from "../../lib/auth/mod.ts";
import {
  define,
  isHttps,
  logOf,
  methods,
  passkeyParty,
  readForm,
  readStepToken,
  signInAnswer,
  type State,
  visitorOf,
} from "../../lib/web/mod.ts";

/** Signs in whoever has the passkey: neither password nor second factor is asked for. */
export const handler = define.handlers(methods<State>({
  async POST(ctx) {
    const { services, requestId } = ctx.state;
    const { store, clock } = services;
    const { response } = await readForm(ctx.req, ["response"]);
    const stepToken = readStepToken("passkey", ctx.req.headers, isHttps(ctx)) ??
      "";
    const party = passkeyParty(ctx);
    const visitor = visitorOf(ctx);
    const done = party &&
      await finishPasskeySignIn(store, { stepToken, response }, party, {
        clock,
        visitor,
      });
    if (!done) {
      logOf(services).warn("Sign-in with a passkey failed", { requestId });
      return ctx.redirect("/login?failed=passkey", 303);
    }
    const { result, next } = done;
    return await signInAnswer(ctx, result, { by: "passkey", next });
  },
}));
