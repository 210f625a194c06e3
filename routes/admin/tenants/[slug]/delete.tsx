import { type Context, page } from "fresh";
import { adminTenantPath } from "../../../../components/admin_words.ts";
import { AccountHead } from "../../../../components/AccountHead.tsx";
import { AdminCertificate } from "../../../../components/AdminCertificate.tsx";
import { AdminField } from "../../../../components/AdminField.tsx";
import { Button } from "../../../../components/Button.tsx";
import { Card } from "../../../../components/Card.tsx";
import { PIECES } from "../../../../components/kept.ts";
import { ConflictError, NotFoundError } from "../../../../lib/domain/mod.ts";
import {
  findPurge,
  findTenant,
  getTenantStatus,
  type PurgeCertificate,
  purgeTenant,
  type Tenant,
} from "../../../../lib/store/mod.ts";
import {
  actorOf,
  defineSignedIn,
  readForm,
  type SignedInState,
} from "../../../../lib/web/mod.ts";

type DeletePage = {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  /** A deletion of it was cut off. */
  begun: boolean;
  problem: string | null;
} | {
  /** It is gone. */
  certificate: PurgeCertificate;
};

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    return page<DeletePage>(await deletePage(ctx));
  },

  async POST(ctx) {
    const { services: { store, clock }, signedIn, requestId } = ctx.state;
    const { tenant } = await tenantOf(ctx);
    const { confirmation } = await readForm(ctx.req, ["confirmation"]);
    const refuse = async (problem: string) =>
      page<DeletePage>(await deletePage(ctx, problem), { status: 422 });
    if (confirmation.trim() !== tenant.slug) {
      return await refuse(`This is not '${tenant.slug}'`);
    }
    try {
      const actor = actorOf(signedIn.user);
      await purgeTenant(store, tenant.id, { clock, actor, requestId });
      PIECES.forget();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return await refuse(error.message);
    }
    return ctx.redirect(`/admin/tenants/${tenant.id}/delete`, 303);
  },
});

async function deletePage(
  ctx: Ctx,
  problem: string | null = null,
): Promise<DeletePage> {
  const { params, state: { services: { store } } } = ctx;
  try {
    const { tenant: { id, slug, name }, begun } = await tenantOf(ctx);
    return { tenant: { id, slug, name }, begun, problem };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const certificate = await findPurge(store, params.slug ?? "");
    if (!certificate) throw error;
    return { certificate };
  }
}

async function tenantOf({ params, state: { services: { store } } }: Ctx) {
  const tenant = await findTenant(store, params.slug ?? "");
  const begun = await getTenantStatus(store, tenant.id) === "purged";
  return { tenant, begun };
}

export default defineSignedIn.page<typeof handler>(
  function AdminDeleteTenant({ data }) {
    if ("certificate" in data) {
      const { name } = data.certificate;
      return (
        <>
          <AccountHead
            title={`${name} is deleted`}
            back={{ href: "/admin/tenants", text: "Brands" }}
          />
          <AdminCertificate certificate={data.certificate} />
        </>
      );
    }
    return <DeleteForm {...data} />;
  },
);

function DeleteForm(
  { tenant, begun, problem }: Extract<DeletePage, { begun: boolean }>,
) {
  const path = adminTenantPath(tenant);
  return (
    <>
      <AccountHead
        title={`Delete ${tenant.name}`}
        back={begun
          ? { href: "/admin/tenants", text: "Brands" }
          : { href: path, text: tenant.name }}
      />
      <Card
        title={begun ? "A deletion was cut off" : "This cannot be undone"}
        says={begun
          ? "The brand is closed already. Confirm again to have the rest of it removed."
          : "Everything that the portal holds of the brand is removed: its leads, notes and figures, its keys, its people's roles and open invitations. ClientTether keeps what it has."}
      >
        <form
          method="post"
          action={`${path}/delete`}
          class="grid gap-4 max-w-prose"
        >
          <AdminField
            label={`Type ${tenant.slug} to confirm`}
            name="confirmation"
            problem={problem ?? undefined}
            required
          />
          <div>
            <Button danger>Delete the brand</Button>
          </div>
        </form>
      </Card>
    </>
  );
}
