import { type Context, page } from "fresh";
import { AuthPage } from "../components/AuthPage.tsx";
import { Button } from "../components/Button.tsx";
import { Field } from "../components/Field.tsx";
import PasskeySignIn from "../islands/PasskeySignIn.tsx";
import { beginSignIn, ThrottledError } from "../lib/auth/mod.ts";
import {
  define,
  isHttps,
  logOf,
  passkeyParty,
  readForm,
  recordFailedSignIn,
  safeNext,
  signInAnswer,
  type State,
  stepCookieHeader,
  visitorOf,
} from "../lib/web/mod.ts";

const FAILED = "Sign-in failed. Check the e-mail address and password.";
const THROTTLED =
  "Too many sign-ins at the moment. Wait a few minutes, then try again.";
/** What went wrong on another page, as `failed` names it. */
const FAILURES: Record<string, string> = {
  passkey: "Sign-in with the passkey failed. Try again, or use your password.",
  step: "The sign-in took too long. Begin again.",
};
const HOME = "/dashboard";

interface SignInForm {
  email: string;
  next: string | null;
  error: string | null;
  /** Whether passkeys work where this page is. */
  passkeys: boolean;
}

export const handler = define.handlers({
  GET(ctx) {
    const { searchParams } = ctx.url;
    const next = safeNext(searchParams.get("next"));
    if (ctx.state.signedIn) return ctx.redirect(next ?? HOME, 303);
    const failed = searchParams.get("failed") ?? "";
    const error = Object.hasOwn(FAILURES, failed) ? FAILURES[failed]! : null;
    return show(ctx, { email: "", next, error });
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, ["email", "password", "next"]);
    const next = safeNext(form.next);
    const again = { email: form.email, next };
    try {
      const answer = await signInWith(ctx, form, next);
      return answer ?? show(ctx, { ...again, error: FAILED }, { status: 422 });
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      await recordFailedSignIn(ctx, form.email, "throttled");
      return show(ctx, { ...again, error: THROTTLED }, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
  },
});

function show(
  ctx: Context<State>,
  form: Omit<SignInForm, "passkeys">,
  init: ResponseInit = {},
) {
  const passkeys = passkeyParty(ctx) !== null;
  return page<SignInForm>({ ...form, passkeys }, init);
}

/** On to where it leads, or to the second step; null where the credentials are wrong. */
async function signInWith(
  ctx: Context<State>,
  credentials: { email: string; password: string },
  next: string | null,
): Promise<Response | null> {
  const { services, requestId } = ctx.state;
  const { store, clock, passwords } = services;
  const begun = await beginSignIn(store, credentials, {
    clock,
    visitor: visitorOf(ctx),
    next,
    ...passwords ? { passwords } : {},
  });
  if (!begun) {
    logOf(services).warn("Sign-in failed", { requestId });
    await recordFailedSignIn(ctx, credentials.email, "credentials");
    return null;
  }
  if (begun.done) {
    return await signInAnswer(ctx, begun.result, { by: "password", next });
  }
  const answer = ctx.redirect("/login/second-factor", 303);
  const cookie = stepCookieHeader("sign_in", begun.stepToken, isHttps(ctx));
  answer.headers.append("set-cookie", cookie);
  return answer;
}

export default define.page<typeof handler>(function SignIn({ data }) {
  const { email, next, error, passkeys } = data;
  const describedBy = error ? { describedBy: "sign-in-error" } : {};
  return (
    <AuthPage title="Sign in">
      <form method="post" action="/login" class="grid gap-4">
        {error && (
          <p id="sign-in-error" role="alert" class="text-down">{error}</p>
        )}
        {next && <input type="hidden" name="next" value={next} />}
        <Field
          label="E-mail address"
          name="email"
          type="email"
          value={email}
          autocomplete="username"
          required
          {...describedBy}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          {...describedBy}
        />
        <Button primary>Sign in</Button>
      </form>
      {passkeys && <PasskeySignIn next={next} />}
      <p class="mt-6">
        <a class="link inline-block py-2 -my-2" href="/forgot">
          Forgot your password?
        </a>
      </p>
    </AuthPage>
  );
});
