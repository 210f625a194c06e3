import { type Context, page } from "fresh";
import { AuthPage } from "../../components/AuthPage.tsx";
import { Button } from "../../components/Button.tsx";
import { PeopleDeadLink } from "../../components/PeopleDeadLink.tsx";
import { PeopleNewPassword } from "../../components/PeopleNewPassword.tsx";
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  readReset,
  resetPassword,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import { appendAudit } from "../../lib/store/mod.ts";
import {
  actorOf,
  define,
  lastSegment,
  logOf,
  readForm,
  type State,
} from "../../lib/web/mod.ts";

const NOT_TWICE = "The password was not typed the same way twice";
const THROTTLED =
  "Too many people set a password at the moment. Wait a little, then try again";

interface ResetPage {
  /** Whose password it is; null: the link is not good. */
  email: string | null;
  problem: string | null;
}

export const handler = define.handlers({
  GET: (ctx) => show(ctx),

  async POST(ctx) {
    const { services, requestId } = ctx.state;
    const { store, clock, passwords } = services;
    const { password, again } = await readForm(ctx.req, ["password", "again"]);
    if (password !== again) return await show(ctx, NOT_TWICE, { status: 422 });
    const options = { clock, ...passwords ? { passwords } : {} };
    try {
      const token = lastSegment(ctx.url);
      const result = await resetPassword(store, token, password, options);
      if (!result) return await show(ctx);
      if (!result.reset) {
        return await show(ctx, result.problem, { status: 422 });
      }
      const { user } = result;
      logOf(services).info("Password reset", { requestId, user: user.id });
      await appendAudit(store, {
        actor: actorOf(user),
        action: "password.reset",
        target: user.id,
        requestId,
      }, clock);
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return await show(ctx, THROTTLED, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
    return ctx.redirect("/reset/done", 303);
  },
});

async function show(
  ctx: Context<State>,
  problem: string | null = null,
  init: ResponseInit = {},
) {
  const { store, clock } = ctx.state.services;
  const user = await readReset(store, lastSegment(ctx.url), clock);
  return user
    ? page<ResetPage>({ email: user.email, problem }, init)
    : page<ResetPage>({ email: null, problem: null }, { status: 404 });
}

export default define.page<typeof handler>(function Reset({ data, url }) {
  const { email, problem } = data;
  if (email === null) {
    return <PeopleDeadLink next="You can ask for another one." />;
  }
  return (
    <AuthPage title="Set a new password">
      <form method="post" action={url.pathname} class="grid gap-4">
        {problem && (
          <p id="reset-problem" role="alert" class="text-down">{problem}.</p>
        )}
        <p class="text-ink-2 break-words">{email}</p>
        <input
          type="hidden"
          name="username"
          value={email}
          autocomplete="username"
        />
        <PeopleNewPassword
          minLength={MIN_PASSWORD_LENGTH}
          maxLength={MAX_PASSWORD_LENGTH}
          {...problem ? { describedBy: "reset-problem" } : {}}
        />
        <p class="text-small text-ink-3">
          Wherever you are signed in, you will have to sign in again.
        </p>
        <Button primary>Set the password</Button>
      </form>
    </AuthPage>
  );
});
