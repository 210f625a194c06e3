import {
  beginPasskey,
  isPasswordOf,
  ThrottledError,
} from "../../../lib/auth/mod.ts";
import { UsageError } from "../../../lib/domain/mod.ts";
import {
  defineSignedIn,
  isHttps,
  methods,
  passkeyParty,
  ProblemError,
  readForm,
  type SignedInState,
  stepCookieHeader,
} from "../../../lib/web/mod.ts";

/** What the browser's authenticator has to make, as JSON, for somebody who knows the password. */
export const handler = defineSignedIn.handlers(methods<SignedInState>({
  async POST(ctx) {
    const { services, signedIn: { user } } = ctx.state;
    const { store, clock, passwords } = services;
    const party = passkeyParty(ctx);
    if (!party) throw new ProblemError({ status: 404, detail: "Not found." });
    const { password } = await readForm(ctx.req, ["password"]);
    const refuse = (problem: string, status = 422) =>
      ctx.json({ problem }, { status });
    const options = { clock, ...passwords ? { passwords } : {} };
    try {
      if (!await isPasswordOf(store, user, password, options)) {
        return refuse("The password is not right.");
      }
      const begun = await beginPasskey(store, user, party, clock);
      const answer = ctx.json(begun.options);
      const cookie = stepCookieHeader("passkey", begun.stepToken, isHttps(ctx));
      answer.headers.append("set-cookie", cookie);
      return answer;
    } catch (error) {
      if (error instanceof UsageError) return refuse(`${error.message}.`);
      if (!(error instanceof ThrottledError)) throw error;
      return refuse("Too many attempts. Wait a few minutes.", 429);
    }
  },
}));
