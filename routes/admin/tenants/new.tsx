import { page } from "fresh";
import { AccountHead } from "../../../components/AccountHead.tsx";
import { adminTenantPath } from "../../../components/admin_words.ts";
import { AdminTenantForm } from "../../../components/AdminTenantForm.tsx";
import { PeopleNotices } from "../../../components/PeopleNotices.tsx";
import {
  addTenant,
  type ConnectionCheck,
  defineSignedIn,
  KEY_FIELDS,
  localUrl,
  readForm,
  TENANT_FIELDS,
  type TenantProblems,
  type TenantValues,
  tenantValues,
  testConnection,
} from "../../../lib/web/mod.ts";

interface NewTenantPage {
  values: TenantValues;
  problems: TenantProblems;
  check: ConnectionCheck | null;
}

export const handler = defineSignedIn.handlers({
  GET: () =>
    page<NewTenantPage>({
      values: tenantValues(),
      problems: {},
      check: null,
    }),

  async POST(ctx) {
    const fields = [...TENANT_FIELDS, ...KEY_FIELDS, "do"] as const;
    const { do: action, ...form } = await readForm(ctx.req, fields);
    const { webKey, accessToken, ...values } = form;
    if (action === "test") {
      const check = await testConnection(ctx, { webKey, accessToken }, null);
      return page<NewTenantPage>({ values, problems: {}, check });
    }
    const saved = await addTenant(ctx, form);
    if (saved.problems) {
      const { problems } = saved;
      return page<NewTenantPage>({ values, problems, check: null }, {
        status: 422,
      });
    }
    const path = adminTenantPath(saved.tenant);
    return ctx.redirect(localUrl(path, { done: "add" }), 303);
  },
});

export default defineSignedIn.page<typeof handler>(
  function AdminNewTenant({ data: { values, problems, check } }) {
    const isWrong = Object.keys(problems).length > 0;
    return (
      <>
        <AccountHead
          title="Add a brand"
          back={{ href: "/admin/tenants", text: "Brands" }}
        />
        <PeopleNotices
          notice={check?.accepted
            ? `${check.says}. Nothing is saved yet: type the key again and add the brand.`
            : null}
          problem={isWrong
            ? "The brand is not added: see the marked fields. Type the keys again"
            : check && !check.accepted
            ? check.says
            : null}
        />
        <AdminTenantForm
          isNew
          action="/admin/tenants/new"
          values={values}
          problems={problems}
          zones={Intl.supportedValuesOf("timeZone")}
          keys={{ webKeyLast4: null, hasToken: false }}
        />
      </>
    );
  },
);
