import { type Context, page } from "fresh";
import { AccountHead } from "../../components/AccountHead.tsx";
import {
  AccountPasswordForm,
  type AccountPasswordFormProps,
} from "../../components/AccountPasswordForm.tsx";
import { Card } from "../../components/Card.tsx";
import {
  changePassword,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type PasswordChangeResult,
  rememberDevice,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import {
  defineSignedIn,
  localUrl,
  logOf,
  readForm,
  recordAudit,
  setSignInCookies,
  type SignedInState,
  visitorOf,
} from "../../lib/web/mod.ts";

const THROTTLED =
  "Too many attempts at the moment. Wait a few minutes, then try again";

type Refusal = NonNullable<AccountPasswordFormProps["refusal"]>;

interface PasswordForm {
  refusal: Refusal | null;
}

export const handler = defineSignedIn.handlers({
  GET: () => page<PasswordForm>({ refusal: null }),

  async POST(ctx) {
    const form = await readForm(ctx.req, ["current", "next", "again"]);
    if (form.next !== form.again) {
      return refused({
        field: "again",
        problem: "The new password was not typed the same way twice",
      });
    }
    const { services, signedIn, requestId } = ctx.state;
    const { store, clock, passwords } = services;
    let result: PasswordChangeResult;
    try {
      result = await changePassword(store, signedIn, form, {
        clock,
        ...passwords ? { passwords } : {},
      });
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return refused({ field: null, problem: THROTTLED }, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
    if (!result.changed) return refused(result.refusal);
    logOf(services).info("Password changed", {
      requestId,
      user: signedIn.user.id,
    });
    await recordAudit(ctx, "password.changed", { target: signedIn.user.id });
    return await goOn(ctx, result);
  },
});

function refused(refusal: Refusal, init: ResponseInit = { status: 422 }) {
  return page<PasswordForm>({ refusal }, init);
}

/** Back to the account, with the session's new token; to the sign-in where the session ended meanwhile. */
async function goOn(
  ctx: Context<SignedInState>,
  { token, signedIn }: Extract<PasswordChangeResult, { changed: true }>,
): Promise<Response> {
  if (token === null) return ctx.redirect("/login", 303);
  const { services: { store, clock }, workspace } = ctx.state;
  const { deviceToken } = visitorOf(ctx);
  const cookies = {
    token,
    deviceToken: await rememberDevice(
      store,
      signedIn.user,
      deviceToken,
      clock,
    ),
  };
  const w = workspace?.tenant.slug ?? null;
  const answer = ctx.redirect(
    localUrl("/account", { w, done: "password" }),
    303,
  );
  setSignInCookies(ctx, answer, cookies);
  return answer;
}

export default defineSignedIn.page<typeof handler>(
  function ChangePassword({ data, state }) {
    const w = state.workspace?.tenant.slug ?? null;
    return (
      <>
        <AccountHead
          title="Change your password"
          back={{ href: localUrl("/account", { w }), text: "Your account" }}
        />
        <div class="max-w-auth">
          <Card
            title="Password"
            says="Wherever else you are signed in, you will have to sign in again."
          >
            <AccountPasswordForm
              email={state.user.email}
              action={localUrl("/account/password", { w })}
              minLength={MIN_PASSWORD_LENGTH}
              maxLength={MAX_PASSWORD_LENGTH}
              refusal={data.refusal}
            />
          </Card>
        </div>
      </>
    );
  },
);
