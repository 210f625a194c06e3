import { type Context, page } from "fresh";
import { AuthPage } from "../../components/AuthPage.tsx";
import { Button } from "../../components/Button.tsx";
import { CodeField } from "../../components/SecondFactorSetup.tsx";
import {
  finishSignIn,
  readSignInStep,
  type SignInFinished,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import { appendAudit } from "../../lib/store/mod.ts";
import {
  actorOf,
  define,
  isHttps,
  logOf,
  readForm,
  readStepToken,
  signInAnswer,
  type State,
  visitorOf,
} from "../../lib/web/mod.ts";

const WRONG =
  "That code does not work. Codes work once, and for half a minute: try the next one.";
const THROTTLED =
  "Too many codes at the moment. Wait a little, then try again.";
const OVER = "/login?failed=step";

interface CodeForm {
  error: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const { store, clock } = ctx.state.services;
    const step = await readSignInStep(store, tokenOf(ctx), clock);
    return step ? page<CodeForm>({ error: null }) : ctx.redirect(OVER, 303);
  },

  async POST(ctx) {
    const { store, secrets, clock } = ctx.state.services;
    const { code } = await readForm(ctx.req, ["code"]);
    const visitor = visitorOf(ctx);
    try {
      const given = { stepToken: tokenOf(ctx), code };
      return await answerTo(
        ctx,
        await finishSignIn(store, secrets, given, { clock, visitor }),
      );
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return page<CodeForm>({ error: THROTTLED }, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
  },
});

async function answerTo(ctx: Context<State>, finished: SignInFinished) {
  const { services: { store, clock }, requestId } = ctx.state;
  switch (finished.outcome) {
    case "over":
      return ctx.redirect(OVER, 303);
    case "wrong":
      logOf(ctx.state.services).warn("Second factor failed", {
        requestId,
        user: finished.user.id,
      });
      await appendAudit(store, {
        actor: actorOf(finished.user),
        action: "second_factor.failed",
        outcome: "failed",
        requestId,
      }, clock);
      return page<CodeForm>({ error: WRONG }, { status: 422 });
    case "done": {
      const { result, by, next } = finished;
      if (by === "recovery_code") {
        await appendAudit(store, {
          actor: actorOf(result.user),
          action: "recovery_code.used",
          requestId,
        }, clock);
      }
      return await signInAnswer(ctx, result, { by, next });
    }
  }
}

function tokenOf(ctx: Context<State>): string {
  return readStepToken("sign_in", ctx.req.headers, isHttps(ctx)) ?? "";
}

/** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
export default define.page<typeof handler>(function SecondStep({ data }) {
  const { error } = data;
  return (
    <AuthPage title="Second factor">
      <form method="post" action="/login/second-factor" class="grid gap-4">
        {error && <p id="code-error" role="alert" class="text-down">{error}</p>}
        <CodeField
          label="Code of your authenticator app"
          describedBy={error ? "code-error code-hint" : "code-hint"}
        />
        <p id="code-hint" class="text-small text-ink-3">
          Without your phone, type one of your recovery codes.
        </p>
        <Button primary>Sign in</Button>
      </form>
      <p class="mt-6">
        <a class="link inline-block py-2 -my-2" href="/login">Begin again</a>
      </p>
    </AuthPage>
  );
});
