import {
  beginPasskeySignIn,
  countAttempt,
  PASSKEY_LIMIT,
} from "../../lib/auth/mod.ts";
import {
  clientAddress,
  define,
  isHttps,
  methods,
  passkeyParty,
  ProblemError,
  readForm,
  safeNext,
  type State,
  stepCookieHeader,
} from "../../lib/web/mod.ts";

/** What the browser has to have signed by a passkey, as JSON; its cookie ties the answer to it. */
export const handler = define.handlers(methods<State>({
  async POST(ctx) {
    const { store, clock } = ctx.state.services;
    const party = passkeyParty(ctx);
    if (!party) throw new ProblemError({ status: 404, detail: "Not found." });
    const form = await readForm(ctx.req, ["next"]);
    await countAttempt(store, [{
      kind: "passkey.address",
      subject: clientAddress(ctx) ?? "unknown",
      limit: PASSKEY_LIMIT,
      onSuccess: "return",
    }], clock);
    const next = safeNext(form.next);
    const begun = await beginPasskeySignIn(store, party, { next, clock });
    const answer = ctx.json(begun.options);
    const cookie = stepCookieHeader("passkey", begun.stepToken, isHttps(ctx));
    answer.headers.append("set-cookie", cookie);
    return answer;
  },
}));
