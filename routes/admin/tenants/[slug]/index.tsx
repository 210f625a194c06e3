import { type Context, HttpError, page } from "fresh";
import { adminTenantPath } from "../../../../components/admin_words.ts";
import { AdminTenantForm } from "../../../../components/AdminTenantForm.tsx";
import { AdminTenantHead } from "../../../../components/AdminTenantHead.tsx";
import { Button } from "../../../../components/Button.tsx";
import { Card } from "../../../../components/Card.tsx";
import { PeopleNotices } from "../../../../components/PeopleNotices.tsx";
import { boundaryChoices } from "../../../../lib/domain/mod.ts";
import {
  openTenant,
  type Tenant,
  type TenantStatus,
} from "../../../../lib/store/mod.ts";
import {
  changeTenant,
  changeTenantStatus,
  type ConnectionCheck,
  defineSignedIn,
  KEY_FIELDS,
  localUrl,
  readForm,
  type SignedInState,
  TENANT_FIELDS,
  tenantFor,
  type TenantProblems,
  type TenantValues,
  tenantValues,
  testConnection,
} from "../../../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  add: "The brand is added. Test the connection before its first sync.",
  save: "Saved. The figures follow with the next sync.",
  activate: "The brand is active again: it is synced, and its people see it.",
  deactivate:
    "The brand is inactive: it is neither synced nor shown to its people.",
};

const FIELDS = [...TENANT_FIELDS, ...KEY_FIELDS, "do", "removeToken"] as const;
type Form = Record<typeof FIELDS[number], string>;

interface TenantPage {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  status: TenantStatus;
  keys: { webKeyLast4: string | null; hasToken: boolean };
  values: TenantValues;
  problems: TenantProblems;
  /** Stages that can be a boundary. */
  stages: string[];
  notice: string | null;
  check: ConnectionCheck | null;
}

type Ctx = Context<SignedInState>;
type Said = Partial<
  Pick<TenantPage, "values" | "problems" | "notice" | "check">
>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page(await tenantPage(ctx, { notice }));
  },

  async POST(ctx) {
    const { tenant, status } = await tenantOf(ctx);
    const form = await readForm(ctx.req, FIELDS);
    const done = (after: Tenant) =>
      ctx.redirect(localUrl(adminTenantPath(after), { done: form.do }), 303);
    switch (form.do) {
      case "save": {
        const forget = form.removeToken === "yes";
        const saved = await changeTenant(ctx, tenant, form, forget);
        if (!saved.problems) return done(saved.tenant);
        const { problems } = saved;
        const said = { values: valuesOf(form), problems };
        return page(await tenantPage(ctx, said), { status: 422 });
      }
      case "test": {
        const check = await testConnection(ctx, form, tenant);
        return page(await tenantPage(ctx, { check, values: valuesOf(form) }));
      }
      case "activate":
        await changeTenantStatus(ctx, tenant, status, "active");
        return done(tenant);
      case "deactivate":
        await changeTenantStatus(ctx, tenant, status, "inactive");
        return done(tenant);
      default:
        throw new HttpError(400, "The form asks for nothing known");
    }
  },
});

function tenantOf({ params, state }: Ctx) {
  return tenantFor(state.services.store, params.slug ?? "");
}

/** What was typed, but for the keys: these never go back. */
function valuesOf(form: Form): TenantValues {
  return Object.fromEntries(
    TENANT_FIELDS.map((field) => [field, form[field]]),
  ) as TenantValues;
}

async function tenantPage(ctx: Ctx, said: Said): Promise<TenantPage> {
  const { tenant, status } = await tenantOf(ctx);
  const { id, slug, name, webKeyLast4, clienttetherAccessToken } = tenant;
  const data = await openTenant(ctx.state.services.store, id);
  return {
    tenant: { id, slug, name },
    status,
    keys: { webKeyLast4, hasToken: clienttetherAccessToken !== null },
    values: tenantValues(tenant),
    problems: {},
    stages: boundaryChoices(await data.cycles()),
    notice: null,
    check: null,
    ...said,
  };
}

export default defineSignedIn.page<typeof handler>(
  function AdminTenant({ data }) {
    const { tenant, check, problems } = data;
    const action = adminTenantPath(tenant);
    return (
      <>
        <AdminTenantHead tenant={tenant} page="settings" />
        <PeopleNotices
          notice={check?.accepted ? `${check.says}.` : data.notice}
          problem={Object.keys(problems).length > 0
            ? "Nothing is saved: see the marked fields. A key has to be typed again"
            : check && !check.accepted
            ? check.says
            : null}
        />
        <AdminTenantForm
          action={action}
          values={data.values}
          problems={problems}
          zones={Intl.supportedValuesOf("timeZone")}
          keys={data.keys}
          stages={data.stages}
        />
        <div class="mt-4 grid gap-4 lg:grid-cols-2 items-start">
          <StatusCard status={data.status} action={action} />
          <Card
            title="Logo"
            says="Stands at the head of the brand's pages, and on paper."
          >
            <a class="link inline-block py-2 -my-2" href={`${action}/logo`}>
              Change the logo
            </a>
          </Card>
          <Card
            title="Delete"
            says="Removes the brand and everything that the portal holds of it. A page of its own asks for a confirmation."
          >
            <a class="link inline-block py-2 -my-2" href={`${action}/delete`}>
              Delete this brand
            </a>
          </Card>
        </div>
      </>
    );
  },
);

function StatusCard(
  { status, action }: { status: TenantStatus; action: string },
) {
  const active = status === "active";
  return (
    <Card
      title="Status"
      says={active
        ? "The brand is active: it is synced every hour, and its people see it."
        : `The brand is ${status}: it is neither synced nor shown to its people. Its data is kept.`}
    >
      <form method="post" action={action}>
        <Button name="do" value={active ? "deactivate" : "activate"}>
          {active ? "Deactivate" : "Activate"}
        </Button>
      </form>
    </Card>
  );
}
