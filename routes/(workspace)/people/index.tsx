import { type Context, HttpError, page } from "fresh";
import { Card } from "../../../components/Card.tsx";
import { pageHref } from "../../../components/links.ts";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { PeopleInvitations } from "../../../components/PeopleInvitations.tsx";
import { PeopleInviteForm } from "../../../components/PeopleInviteForm.tsx";
import {
  type Member,
  PeopleMembers,
} from "../../../components/PeopleMembers.tsx";
import { PeopleNotices } from "../../../components/PeopleNotices.tsx";
import { PeopleTabs } from "../../../components/PeopleTabs.tsx";
import {
  type Invitation,
  listInvitations,
  mayInvite,
} from "../../../lib/auth/mod.ts";
import { NotFoundError } from "../../../lib/domain/mod.ts";
import { findUser, listMembers } from "../../../lib/store/mod.ts";
import {
  defineInWorkspace,
  endInvitation,
  formProblem,
  localUrl,
  readForm,
  sendInvitation,
  takeRole,
  type WorkspaceState,
} from "../../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  sent: "The invitation is on its way.",
  revoke: "That invitation is withdrawn.",
  remove: "They are out of this brand, from this moment on.",
};

interface People {
  members: Member[];
  invitations: Array<Invitation & { revocable: boolean }>;
  notice: string | null;
  problem: string | null;
  /** Why nobody was invited. */
  inviteProblem: string | null;
  email: string;
  link: string | null;
}

type Said = Partial<
  Pick<People, "notice" | "problem" | "inviteProblem" | "email" | "link">
>;

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page(await people(ctx, { notice }));
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, ["do", "email", "id"]);
    const action = Object.hasOwn(ACTIONS, form.do) ? ACTIONS[form.do] : null;
    if (!action) throw new HttpError(400, "The form asks for nothing known");
    try {
      const link = await action(ctx, form);
      if (link !== null) return page(await people(ctx, { link }));
    } catch (error) {
      const problem = formProblem(error);
      const said = form.do === "invite"
        ? { inviteProblem: problem, email: form.email }
        : { problem };
      return page(await people(ctx, said), { status: 422 });
    }
    const done = form.do === "invite" ? "sent" : form.do;
    const w = ctx.state.workspace.tenant.slug;
    return ctx.redirect(localUrl("/people", { w, done }), 303);
  },
});

type Action = (
  ctx: Context<WorkspaceState>,
  form: { email: string; id: string },
) => Promise<string | null>;

/** What the page's forms ask for by `do`; a link is to be shown once. */
const ACTIONS: Record<string, Action> = {
  invite: (ctx, { email }) => {
    const scope = ctx.state.workspace.tenant.id;
    return sendInvitation(ctx, { email, role: "tenant_viewer", scope });
  },

  revoke: async (ctx, { id }) => {
    const open = await invitationsHere(ctx);
    if (!open.some((one) => one.id === id)) {
      throw new NotFoundError(`Cannot find invitation '${id}' here`);
    }
    await endInvitation(ctx, id);
    return null;
  },

  remove: async (ctx, { id }) => {
    const { workspace: { tenant, role }, services: { store } } = ctx.state;
    const members = await listMembers(store, tenant.id);
    const isMember = members.some(({ userId }) => userId === id);
    const user = isMember ? await findUser(store, id) : null;
    if (!user) throw new NotFoundError(`Cannot find member '${id}'`);
    // An admin of the brand removes its viewers: another admin is not his to remove.
    const only = role === "agency_admin" ? undefined : "tenant_viewer" as const;
    await takeRole(ctx, user, tenant.id, only);
    return null;
  },
};

async function invitationsHere(
  { state: { services: { store, clock }, workspace } }: Context<WorkspaceState>,
): Promise<Invitation[]> {
  const scope = workspace.tenant.id;
  return await listInvitations(store, clock, { scope });
}

async function people(
  ctx: Context<WorkspaceState>,
  said: Said = {},
): Promise<People> {
  const { services: { store }, workspace, signedIn } = ctx.state;
  const [memberships, invitations] = await Promise.all([
    listMembers(store, workspace.tenant.id),
    invitationsHere(ctx),
  ]);
  const members: Member[] = [];
  for (const membership of memberships) {
    const user = await findUser(store, membership.userId);
    if (!user) continue;
    const { id, name, email } = user;
    const removable = mayInvite(signedIn.memberships, membership);
    members.push({ id, name, email, role: membership.role, removable });
  }
  return {
    members: members.sort((a, b) => a.name.localeCompare(b.name, "en")),
    invitations: invitations.map((one) => ({
      ...one,
      revocable: mayInvite(signedIn.memberships, one),
    })),
    notice: null,
    problem: null,
    inviteProblem: null,
    email: "",
    link: null,
    ...said,
  };
}

export default defineInWorkspace.page<typeof handler>(
  function PeoplePage({ data, state }) {
    const { slug, name, timezone } = state.workspace.tenant;
    const action = pageHref("/people", slug);
    return (
      <>
        <PageHead title="People" {...pageHeadProps(state)}>
          <PeopleTabs slug={slug} page="people" />
        </PageHead>
        <PeopleNotices
          notice={data.notice}
          problem={data.problem}
          link={data.link === null
            ? null
            : { href: data.link, says: "The link of the invitation" }}
        />
        <div class="grid gap-4 lg:grid-cols-2 items-start">
          <Card
            title="Members"
            says={`Who sees ${name}. The agency's own people see every brand and are not listed.`}
          >
            <PeopleMembers members={data.members} action={action} />
          </Card>
          <div class="grid gap-4 min-w-0">
            <Card
              title="Invite a viewer"
              says="A link that works once, within seven days. Whoever opens it sees this brand."
            >
              <PeopleInviteForm
                action={action}
                email={data.email}
                problem={data.inviteProblem}
              />
            </Card>
            <Card title="Open invitations">
              <PeopleInvitations
                invitations={data.invitations}
                timezone={timezone}
                action={action}
              />
            </Card>
          </div>
        </div>
      </>
    );
  },
);
