import { type Context, page } from "fresh";
import { AuthPage } from "../components/AuthPage.tsx";
import { Button } from "../components/Button.tsx";
import { Field } from "../components/Field.tsx";
import {
  countForgot,
  forgotPassword,
  ThrottledError,
} from "../lib/auth/mod.ts";
import { appendAudit, isEmail, normalizeEmail } from "../lib/store/mod.ts";
import {
  clientAddress,
  define,
  later,
  oneTimeLink,
  readForm,
  resetMail,
  type State,
} from "../lib/web/mod.ts";

const NO_ADDRESS = "This is not an e-mail address";
const THROTTLED =
  "Too many links were asked for. Wait a few minutes, then try again";

interface ForgotPage {
  /** Whether the portal sends mail at all. */
  mails: boolean;
  sent: boolean;
  email: string;
  problem: string | null;
}

export const handler = define.handlers({
  GET(ctx) {
    const sent = ctx.url.searchParams.get("done") === "sent";
    return page<ForgotPage>({ ...blank(ctx), sent });
  },

  async POST(ctx) {
    if (!ctx.state.services.mail) return page<ForgotPage>(blank(ctx));
    const { email } = await readForm(ctx.req, ["email"]);
    const refuse = (problem: string, init: ResponseInit) =>
      page<ForgotPage>({ ...blank(ctx), email, problem }, init);
    if (!isEmail(normalizeEmail(email))) {
      return refuse(NO_ADDRESS, { status: 422 });
    }
    const { store, clock } = ctx.state.services;
    try {
      const address = clientAddress(ctx);
      await countForgot(store, { email, address }, clock);
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return refuse(THROTTLED, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      });
    }
    // After the answer: neither its words nor its time tell whether anyone has the address.
    later(ctx.state.services, "send a reset link", () => send(ctx, email));
    return ctx.redirect("/forgot?done=sent", 303);
  },
});

function blank({ state }: Context<State>): ForgotPage {
  const mails = state.services.mail !== undefined;
  return { mails, sent: false, email: "", problem: null };
}

async function send(ctx: Context<State>, email: string): Promise<void> {
  const { services: { store, clock, mail }, requestId } = ctx.state;
  const made = await forgotPassword(store, email, clock);
  if (!made || !mail) return;
  await appendAudit(store, {
    actor: { kind: "nobody", id: null, name: null },
    action: "password.reset_link_made",
    target: made.user.id,
    detail: { email: made.user.email },
    requestId,
  }, clock);
  const link = oneTimeLink(ctx, "reset", made.token);
  await mail.send(resetMail({ to: made.user.email, link }));
}

export default define.page<typeof handler>(function Forgot({ data }) {
  return (
    <AuthPage title="Forgot your password?">
      {!data.mails
        ? (
          <p>
            Ask your agency: it can make you a link that sets a new password.
          </p>
        )
        : data.sent
        ? (
          <p role="status">
            If there is an account with this address, a link is on its way to
            it. The link works once, within an hour.
          </p>
        )
        : <ForgotForm {...data} />}
      <p class="mt-6">
        <a class="link inline-block py-2 -my-2" href="/login">
          Back to the sign-in
        </a>
      </p>
    </AuthPage>
  );
});

function ForgotForm({ email, problem }: ForgotPage) {
  return (
    <form method="post" action="/forgot" class="grid gap-4">
      {problem && (
        <p id="forgot-problem" role="alert" class="text-down">{problem}.</p>
      )}
      <p>We send you a link that sets a new password.</p>
      <Field
        label="E-mail address"
        name="email"
        type="email"
        value={email}
        autocomplete="username"
        required
        {...problem ? { describedBy: "forgot-problem" } : {}}
      />
      <Button primary>Send the link</Button>
    </form>
  );
}
