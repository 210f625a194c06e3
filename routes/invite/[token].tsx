import { type Context, page } from "fresh";
import { AuthPage } from "../../components/AuthPage.tsx";
import { Button } from "../../components/Button.tsx";
import { roleName } from "../../components/people_words.ts";
import {
  AcceptAsAnother,
  AcceptWithNewAccount,
} from "../../components/PeopleAccept.tsx";
import { PeopleDeadLink } from "../../components/PeopleDeadLink.tsx";
import {
  acceptInvitation,
  admit,
  type Invitation,
  joinByInvitation,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  readInvitation,
  rememberDevice,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import {
  appendAudit,
  EVERY_TENANT,
  getTenant,
  type User,
} from "../../lib/store/mod.ts";
import {
  actorOf,
  define,
  inWorkspace,
  lastSegment,
  localUrl,
  placeOf,
  readForm,
  setSignInCookies,
  type State,
  tenantOf,
  visitorOf,
} from "../../lib/web/mod.ts";

const THROTTLED =
  "Too many people set a password at the moment. Wait a little, then try again";
const NOT_TWICE = "The password was not typed the same way twice";

/** Who looks at the invitation: the person it is for, somebody else who is signed in, or nobody. */
type Reader = "invited" | "another" | "nobody";

interface InvitePage {
  /** Null: the link is not good. */
  invitation: Pick<Invitation, "email" | "role"> & { place: string } | null;
  reader: Reader;
  name: string;
  problem: string | null;
}

type Said = Partial<Pick<InvitePage, "name" | "problem">>;

export const handler = define.handlers({
  GET: (ctx) => show(ctx),

  async POST(ctx) {
    const { services: { store, clock }, signedIn } = ctx.state;
    const token = lastSegment(ctx.url);
    const invitation = await readInvitation(store, token, clock);
    if (!invitation) return await show(ctx);
    switch (readerOf(ctx, invitation)) {
      case "another":
        return await show(ctx, {}, { status: 422 });
      case "invited": {
        const { user } = signedIn!;
        const joined = await joinByInvitation(store, token, signedIn!, clock);
        if (!joined) return await show(ctx);
        const present = visitorOf(ctx).deviceToken;
        const deviceToken = await rememberDevice(store, user, present, clock);
        return await enter(ctx, invitation, user, {
          token: joined.token,
          deviceToken,
        });
      }
      case "nobody":
        return await accept(ctx, token);
    }
  },
});

/** Makes the account and signs the person in. */
async function accept(ctx: Context<State>, token: string) {
  const { store, clock, passwords } = ctx.state.services;
  const form = await readForm(ctx.req, ["name", "password", "again"]);
  const refuse = (problem: string, init: ResponseInit = { status: 422 }) =>
    show(ctx, { name: form.name, problem }, init);
  if (form.password !== form.again) return await refuse(NOT_TWICE);
  try {
    const options = { clock, ...passwords ? { passwords } : {} };
    const result = await acceptInvitation(store, token, form, options);
    if (!result) return await show(ctx);
    if (!result.accepted) return await refuse(result.refusal.problem);
    const { user, invitation } = result;
    const visitor = visitorOf(ctx);
    const cookies = await admit(store, user, { clock, visitor });
    return await enter(ctx, invitation, user, cookies);
  } catch (error) {
    if (!(error instanceof ThrottledError)) throw error;
    return await refuse(THROTTLED, {
      status: 429,
      headers: { "retry-after": String(error.retryAfterSeconds) },
    });
  }
}

/** Notes it in the audit log and opens the brand. */
async function enter(
  ctx: Context<State>,
  { id, email, role, scope }: Invitation,
  user: User,
  { token, deviceToken }: { token: string | null; deviceToken: string },
): Promise<Response> {
  const { services: { store, clock }, requestId } = ctx.state;
  await appendAudit(store, {
    actor: actorOf(user),
    action: "invitation.accepted",
    tenantId: tenantOf(scope),
    target: id,
    detail: { email, role },
    requestId,
  }, clock);
  if (token === null) return ctx.redirect("/login", 303);
  const home = scope === EVERY_TENANT
    ? "/"
    : inWorkspace("/dashboard", (await getTenant(store, scope)).slug);
  const answer = ctx.redirect(home, 303);
  setSignInCookies(ctx, answer, { token, deviceToken });
  return answer;
}

function readerOf(
  { state: { signedIn } }: Context<State>,
  { email }: Invitation,
): Reader {
  if (!signedIn) return "nobody";
  return signedIn.user.email === email ? "invited" : "another";
}

async function show(
  ctx: Context<State>,
  said: Said = {},
  init: ResponseInit = {},
) {
  const { store, clock } = ctx.state.services;
  const token = lastSegment(ctx.url);
  const invitation = await readInvitation(store, token, clock);
  const shown = { name: "", problem: null, ...said };
  if (!invitation) {
    const gone = { ...shown, invitation: null, reader: "nobody" as const };
    return page<InvitePage>(gone, { status: 404 });
  }
  const { email, role, scope } = invitation;
  const place = await placeOf(store, scope);
  return page<InvitePage>({
    ...shown,
    invitation: { email, role, place },
    reader: readerOf(ctx, invitation),
  }, init);
}

export default define.page<typeof handler>(function Invite({ data, url }) {
  const { invitation } = data;
  if (!invitation) {
    return (
      <PeopleDeadLink next="Whoever invited you can make another invitation." />
    );
  }
  const { email, role, place } = invitation;
  return (
    <AuthPage title="Your invitation">
      <p>
        You are invited to see <strong>{place}</strong>. Your role:{" "}
        {roleName(role).toLowerCase()}.
      </p>
      <p class="mt-1 mb-5 text-ink-2 break-words">{email}</p>
      {data.reader === "another" && <AcceptAsAnother />}
      {data.reader === "invited" && (
        <form method="post" action={url.pathname}>
          <Button primary>Accept</Button>
        </form>
      )}
      {data.reader === "nobody" && (
        <AcceptWithNewAccount
          action={url.pathname}
          signIn={localUrl("/login", { next: url.pathname })}
          email={email}
          name={data.name}
          problem={data.problem}
          minLength={MIN_PASSWORD_LENGTH}
          maxLength={MAX_PASSWORD_LENGTH}
        />
      )}
    </AuthPage>
  );
});
