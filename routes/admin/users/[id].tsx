import { type Context, HttpError, page } from "fresh";
import { AccountHead } from "../../../components/AccountHead.tsx";
import type { UserRole } from "../../../components/PeopleRoles.tsx";
import { PeopleNotices } from "../../../components/PeopleNotices.tsx";
import type { AccountSession } from "../../../components/AccountSessions.tsx";
import { PeopleUserForms } from "../../../components/PeopleUserForms.tsx";
import { listSessions } from "../../../lib/auth/mod.ts";
import { NotFoundError } from "../../../lib/domain/mod.ts";
import {
  EVERY_TENANT,
  findUser,
  listMemberships,
  listPasskeys,
  listTenantNames,
  sessionId,
  type User,
} from "../../../lib/store/mod.ts";
import {
  changeUser,
  defineSignedIn,
  disable,
  enable,
  endSession,
  endSessions,
  formProblem,
  giveRole,
  lastSegment,
  localUrl,
  readForm,
  readMembership,
  resetLinkFor,
  resetSecondFactorOf,
  type SignedInState,
  takeRole,
} from "../../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  save: "Saved.",
  role: "The role is given. It holds from this moment on.",
  withdraw: "The role is taken away, from this moment on.",
  disable: "The account is disabled, and every session of it has ended.",
  enable: "The account is active again.",
  "end-sessions": "Every session of this person has ended.",
  "end-session": "That is signed out, from this moment on.",
  "reset-factor":
    "Second factor and passkeys are taken away, and every session has ended. The password stays.",
};

const FIELDS = ["do", "name", "email", "role", "tenant", "session"] as const;
type Form = Record<typeof FIELDS[number], string>;

interface UserPage {
  user: Pick<User, "id" | "name" | "email" | "status">;
  /** What the form shows: what was typed, where it was refused. */
  typed: Pick<User, "name" | "email">;
  roles: UserRole[];
  tenants: Array<{ slug: string; name: string }>;
  sessions: AccountSession[];
  /** How the person signs in beside the password. */
  factors: { secondFactorAt: string | null; passkeys: number };
  notice: string | null;
  problem: string | null;
  link: string | null;
}

type Said = Partial<Pick<UserPage, "typed" | "notice" | "problem" | "link">>;
type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page(await userPage(ctx, { notice }));
  },

  async POST(ctx) {
    const user = await userOf(ctx);
    const form = await readForm(ctx.req, FIELDS);
    const action = Object.hasOwn(ACTIONS, form.do) ? ACTIONS[form.do] : null;
    if (!action) throw new HttpError(400, "The form asks for nothing known");
    try {
      const link = await action(ctx, user, form);
      if (link) return page(await userPage(ctx, { link }));
    } catch (error) {
      const problem = formProblem(error);
      const { name, email } = form;
      const typed = form.do === "save" ? { typed: { name, email } } : {};
      return page(await userPage(ctx, { problem, ...typed }), { status: 422 });
    }
    const path = `/admin/users/${encodeURIComponent(user.id)}`;
    return ctx.redirect(localUrl(path, { done: form.do }), 303);
  },
});

type Action = (ctx: Ctx, user: User, form: Form) => Promise<string | void>;

/** What the page's forms ask for by `do`; a link is to be shown once. */
const ACTIONS: Record<string, Action> = {
  save: changeUser,
  role: async (ctx, user, form) =>
    await giveRole(ctx, user, await readMembership(ctx, form)),
  withdraw: async (ctx, user, { tenant }) => {
    const role = tenant === "" ? "agency_admin" : "tenant_viewer";
    const { scope } = await readMembership(ctx, { role, tenant });
    await takeRole(ctx, user, scope);
  },
  disable,
  enable,
  "end-sessions": endSessions,
  "end-session": (ctx, user, { session }) => endSession(ctx, user, session),
  "reset-factor": resetSecondFactorOf,
  "reset-link": resetLinkFor,
};

async function userOf({ url, state: { services } }: Ctx): Promise<User> {
  const id = lastSegment(url);
  const user = await findUser(services.store, id);
  if (!user) throw new NotFoundError(`Cannot find user '${id}'`);
  return user;
}

async function userPage(ctx: Ctx, said: Said = {}): Promise<UserPage> {
  const { store, clock } = ctx.state.services;
  const user = await userOf(ctx);
  const [memberships, tenants, sessions, passkeys] = await Promise.all([
    listMemberships(store, user.id),
    listTenantNames(store),
    listSessions(store, user, clock),
    listPasskeys(store, user.id),
  ]);
  const own = sessionId(ctx.state.signedIn.tokenHash);
  const { id, name, email, status } = user;
  return {
    user: { id, name, email, status },
    typed: { name, email },
    roles: memberships.flatMap(({ scope, role }) => {
      if (scope === EVERY_TENANT) {
        return [{ tenant: "", place: "every brand", role }];
      }
      const tenant = tenants.find((one) => one.id === scope);
      return tenant ? [{ tenant: tenant.slug, place: tenant.name, role }] : [];
    }),
    tenants: tenants.map(({ slug, name }) => ({ slug, name })),
    sessions: status === "active"
      ? sessions.map((one) => ({ ...one, current: one.id === own }))
      : [],
    factors: {
      secondFactorAt: user.secondFactorAt ?? null,
      passkeys: passkeys.length,
    },
    notice: null,
    problem: null,
    link: null,
    ...said,
  };
}

export default defineSignedIn.page<typeof handler>(
  function AdminUser({ data, url }) {
    const { user, typed, link } = data;
    return (
      <>
        <AccountHead
          title={user.name}
          back={{ href: "/admin/users", text: "People" }}
        />
        <PeopleNotices
          notice={data.notice}
          problem={data.problem}
          link={link === null ? null : {
            href: link,
            says: `The link that sets a new password for ${user.email}`,
          }}
        />
        <PeopleUserForms
          user={{ ...typed, status: user.status }}
          roles={data.roles}
          tenants={data.tenants}
          sessions={data.sessions}
          factors={data.factors}
          action={url.pathname}
          wrong={data.problem !== null}
        />
      </>
    );
  },
);
