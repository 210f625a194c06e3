import { type Context, page } from "fresh";
import { AuthPage } from "../components/AuthPage.tsx";
import { Button } from "../components/Button.tsx";
import { Field } from "../components/Field.tsx";
import {
  endSession,
  signIn,
  type SignInResult,
  ThrottledError,
} from "../lib/auth/mod.ts";
import {
  define,
  isHttps,
  logOf,
  readForm,
  readSessionToken,
  safeNext,
  setSignInCookies,
  type State,
  visitorOf,
} from "../lib/web/mod.ts";

const FAILED = "Sign-in failed. Check the e-mail address and password.";
const THROTTLED =
  "Too many sign-ins at the moment. Wait a few minutes, then try again.";
const HOME = "/dashboard";

interface SignInForm {
  email: string;
  next: string | null;
  error: string | null;
}

export const handler = define.handlers({
  GET(ctx) {
    const next = safeNext(ctx.url.searchParams.get("next"));
    if (ctx.state.signedIn) return ctx.redirect(next ?? HOME, 303);
    return page<SignInForm>({ email: "", next, error: null });
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, ["email", "password", "next"]);
    const next = safeNext(form.next);
    const again = { email: form.email, next };
    try {
      const result = await signInWith(ctx, form);
      if (!result) {
        return page<SignInForm>({ ...again, error: FAILED }, { status: 422 });
      }
      const answer = ctx.redirect(next ?? HOME, 303);
      setSignInCookies(ctx, answer, result);
      return answer;
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return page<SignInForm>({ ...again, error: THROTTLED }, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
  },
});

/** A new session, or null; the session that the browser had before ends with it. */
async function signInWith(
  ctx: Context<State>,
  credentials: { email: string; password: string },
): Promise<SignInResult | null> {
  const { services, requestId } = ctx.state;
  const { store, clock, passwords } = services;
  const result = await signIn(store, credentials, {
    clock,
    visitor: visitorOf(ctx),
    ...passwords ? { passwords } : {},
  });
  if (!result) {
    logOf(services).warn("Sign-in failed", { requestId });
    return null;
  }
  logOf(services).info("Signed in", { requestId, user: result.user.id });
  const before = readSessionToken(ctx.req.headers, isHttps(ctx));
  if (before) await endSession(store, before);
  return result;
}

export default define.page<typeof handler>(function SignIn({ data }) {
  const { email, next, error } = data;
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
      <p class="mt-6">
        <a class="link inline-block py-2 -my-2" href="/forgot">
          Forgot your password?
        </a>
      </p>
    </AuthPage>
  );
});
