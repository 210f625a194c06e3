import { type Context, HttpError, page } from "fresh";
import { AccountHead } from "../../../components/AccountHead.tsx";
import { Card } from "../../../components/Card.tsx";
import {
  type PendingInvitation,
  PeopleInvitations,
} from "../../../components/PeopleInvitations.tsx";
import { PeopleInviteForm } from "../../../components/PeopleInviteForm.tsx";
import { PeopleNotices } from "../../../components/PeopleNotices.tsx";
import { listInvitations } from "../../../lib/auth/mod.ts";
import { EVERY_TENANT, listTenantNames } from "../../../lib/store/mod.ts";
import {
  defineSignedIn,
  endInvitation,
  formProblem,
  localUrl,
  readForm,
  readMembership,
  sendInvitation,
  type SignedInState,
} from "../../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  sent: "The invitation is on its way.",
  revoke: "That invitation is withdrawn.",
};
const PATH = "/admin/invitations";

interface InvitationsPage {
  invitations: PendingInvitation[];
  tenants: Array<{ slug: string; name: string }>;
  typed: { email: string; role: string; tenant: string };
  notice: string | null;
  problem: string | null;
  link: string | null;
}

type Said = Partial<Omit<InvitationsPage, "invitations" | "tenants">>;
type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    const tenant = ctx.url.searchParams.get("tenant") ?? "";
    const typed = { email: "", role: "tenant_viewer", tenant };
    return page(await invitations(ctx, { notice, typed }));
  },

  async POST(ctx) {
    const fields = ["do", "id", "email", "role", "tenant"] as const;
    const form = await readForm(ctx.req, fields);
    if (form.do === "revoke") {
      await endInvitation(ctx, form.id);
      return ctx.redirect(localUrl(PATH, { done: "revoke" }), 303);
    }
    if (form.do !== "invite") {
      throw new HttpError(400, "The form asks for nothing known");
    }
    try {
      const membership = await readMembership(ctx, form);
      const { email } = form;
      const link = await sendInvitation(ctx, { email, ...membership });
      return link === null
        ? ctx.redirect(localUrl(PATH, { done: "sent" }), 303)
        : page(await invitations(ctx, { link }));
    } catch (error) {
      const problem = formProblem(error);
      const { email, role, tenant } = form;
      const said = { problem, typed: { email, role, tenant } };
      return page(await invitations(ctx, said), { status: 422 });
    }
  },
});

async function invitations(
  { state: { services: { store, clock } } }: Ctx,
  said: Said,
): Promise<InvitationsPage> {
  const [open, tenants] = await Promise.all([
    listInvitations(store, clock),
    listTenantNames(store),
  ]);
  const placeOf = (scope: string) =>
    scope === EVERY_TENANT
      ? "every brand"
      : tenants.find(({ id }) => id === scope)?.name ?? "a brand that is gone";
  return {
    invitations: open.map(({ id, email, role, scope, expiresAt }) => ({
      id,
      email,
      role,
      place: placeOf(scope),
      expiresAt,
      revocable: true,
    })),
    tenants: tenants.map(({ slug, name }) => ({ slug, name })),
    typed: { email: "", role: "tenant_viewer", tenant: "" },
    notice: null,
    problem: null,
    link: null,
    ...said,
  };
}

export default defineSignedIn.page<typeof handler>(
  function AdminInvitations({ data }) {
    const { typed, tenants, link } = data;
    return (
      <>
        <AccountHead
          title="Invitations"
          back={{ href: "/admin/users", text: "People" }}
        />
        <PeopleNotices
          notice={data.notice}
          problem={null}
          link={link === null
            ? null
            : { href: link, says: "The link of the invitation" }}
        />
        <div class="grid gap-4 lg:grid-cols-2 items-start">
          <Card
            title="Invite somebody"
            says="A link that works once, within seven days. Whoever has an account already keeps it."
          >
            <PeopleInviteForm
              action={PATH}
              email={typed.email}
              problem={data.problem}
              choice={{ tenants, role: typed.role, tenant: typed.tenant }}
            />
          </Card>
          <Card title="Open invitations" says="Times in UTC.">
            <PeopleInvitations
              invitations={data.invitations}
              timezone="UTC"
              action={PATH}
            />
          </Card>
        </div>
      </>
    );
  },
);
