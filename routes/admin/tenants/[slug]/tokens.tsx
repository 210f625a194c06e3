import { type Context, page } from "fresh";
import { adminTenantPath } from "../../../../components/admin_words.ts";
import { AdminTenantHead } from "../../../../components/AdminTenantHead.tsx";
import { ApiTokens } from "../../../../components/ApiTokens.tsx";
import {
  apiTokensPage,
  changeApiTokens,
  defineSignedIn,
  localUrl,
  publicOrigin,
  type SignedInState,
  tenantFor,
} from "../../../../lib/web/mod.ts";

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const tenant = await tenantOf(ctx);
    return page({ tenant, tokens: await apiTokensPage(ctx, tenant.id) });
  },

  async POST(ctx) {
    const tenant = await tenantOf(ctx);
    const answer = await changeApiTokens(ctx, tenant.id);
    if (answer) {
      const { page: tokens, status } = answer;
      return page({ tenant, tokens }, { status });
    }
    const path = `${adminTenantPath(tenant)}/tokens`;
    return ctx.redirect(localUrl(path, { done: "revoke" }), 303);
  },
});

async function tenantOf({ params, state }: Context<SignedInState>) {
  const { tenant: { id, slug, name } } = await tenantFor(
    state.services.store,
    params.slug ?? "",
  );
  return { id, slug, name };
}

export default defineSignedIn.page<typeof handler>(
  function AdminApiTokens({ data: { tenant, tokens }, state, url }) {
    return (
      <>
        <AdminTenantHead tenant={tenant} page="tokens" />
        <ApiTokens
          {...tokens}
          brand={tenant.name}
          timezone="UTC"
          action={`${adminTenantPath(tenant)}/tokens`}
          origin={publicOrigin({ url, state })}
        />
      </>
    );
  },
);
