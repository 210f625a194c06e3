import { type Context, page } from "fresh";
import { adminTenantPath } from "../../../../components/admin_words.ts";
import { AccountHead } from "../../../../components/AccountHead.tsx";
import {
  AdminErasePerson,
  type AdminErasePersonProps,
} from "../../../../components/AdminErasePerson.tsx";
import { AdminErasureCertificate } from "../../../../components/AdminErasureCertificate.tsx";
import {
  type AdminPersonRow,
  AdminPersonSearch,
} from "../../../../components/AdminPersonSearch.tsx";
import { AdminTenantHead } from "../../../../components/AdminTenantHead.tsx";
import { PIECES } from "../../../../components/kept.ts";
import { PeopleNotices } from "../../../../components/PeopleNotices.tsx";
import {
  conditionsOf,
  ConflictError,
  LEAD_LIST,
  nameOf,
  NotFoundError,
  sortOf,
} from "../../../../lib/domain/mod.ts";
import {
  idPart,
  listOpenErasures,
  type OpenErasure,
  openTenant,
  personHash,
  PersonRows,
  type Store,
  type Tenant,
} from "../../../../lib/store/mod.ts";
import {
  type ErasureCertificate,
  findErasureCertificate,
  previewErasure,
} from "../../../../lib/sync/mod.ts";
import {
  defineSignedIn,
  erasePersonOf,
  localUrl,
  readForm,
  readQuery,
  type SignedInState,
  tenantFor,
  textParam,
} from "../../../../lib/web/mod.ts";

const SHOWN = 20;
const QUERY = { id: textParam(), search: textParam(), done: textParam() };

type ErasePage =
  & { tenant: Pick<Tenant, "id" | "slug" | "name">; problem: string | null }
  & (
    | {
      step: "search";
      search?: string;
      found: AdminPersonRow[] | null;
      open: OpenErasure[];
    }
    | { step: "confirm"; person: Omit<AdminErasePersonProps, "action"> }
    | { step: "done"; certificate: ErasureCertificate }
  );

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const { store } = ctx.state.services;
    const { tenant: { id, slug, name } } = await tenantFor(
      store,
      ctx.params.slug ?? "",
    );
    const tenant = { id, slug, name };
    const { values: { id: personId, search, done } } = readQuery(
      ctx.url,
      QUERY,
    );
    if (done) {
      const certificate = await findErasureCertificate(store, id, done);
      if (!certificate) {
        throw new NotFoundError(`Cannot find the erasure '${done}'`);
      }
      return page<ErasePage>({
        tenant,
        problem: null,
        step: "done",
        certificate,
      });
    }
    if (personId) return page(await confirmPage(ctx, tenant, personId));
    return page<ErasePage>({
      tenant,
      problem: null,
      step: "search",
      found: search ? await people(store, id, search) : null,
      open: await listOpenErasures(store, id),
      ...search ? { search } : {},
    });
  },

  async POST(ctx) {
    const { tenant } = await tenantFor(
      ctx.state.services.store,
      ctx.params.slug ?? "",
    );
    const form = await readForm(ctx.req, ["id", "confirmation", "keepOut"]);
    const personId = form.id.trim();
    const keepOut = form.keepOut === "yes";
    try {
      if (personId === "" || form.confirmation.trim() !== personId) {
        throw new ConflictError(`This is not '${personId}'`);
      }
      const certificate = await erasePersonOf(ctx, tenant, personId, keepOut);
      PIECES.forget();
      const path = `${adminTenantPath(tenant)}/erase`;
      const to = localUrl(path, { done: certificate.personHash });
      return ctx.redirect(to, 303);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const data = await confirmPage(ctx, tenant, personId, {
        problem: error.message,
        keepOut,
      });
      return page(data, { status: 422 });
    }
  },
});

async function confirmPage(
  { state: { services: { store } } }: Ctx,
  { id, slug, name }: ErasePage["tenant"],
  personId: string,
  { problem, keepOut }: { problem: string | null; keepOut: boolean } = {
    problem: null,
    keepOut: true,
  },
): Promise<ErasePage> {
  const { lead, ...rest } = await previewErasure(store, id, personId);
  return {
    tenant: { id, slug, name },
    problem,
    step: "confirm",
    person: {
      personId,
      person: lead && { ...lead, name: nameOf(lead) },
      ...rest,
      keepOut,
      problem,
    },
  };
}

/** The lead of this very id, then those whose name or market says it. */
async function people(
  store: Store,
  tenantId: string,
  search: string,
): Promise<AdminPersonRow[]> {
  const rows = PersonRows.read(store, tenantId, personHash(tenantId, search));
  const [data, byId] = await Promise.all([
    openTenant(store, tenantId),
    rows.lead(idPart(search)),
  ]);
  const { rows: named } = (await data.leadTable()).select({
    order: sortOf(LEAD_LIST, LEAD_LIST),
    where: conditionsOf(LEAD_LIST, { filters: {}, search }),
    limit: SHOWN,
  });
  const found = named.filter(({ id }) => id !== byId?.id)
    .map(({ id, name, market, stage, createdAt }) => ({
      id,
      name,
      market,
      stage,
      createdAt,
    }));
  if (!byId) return found;
  const { id, market, stage, createdAt } = byId;
  return [{ id, name: nameOf(byId), market, stage, createdAt }, ...found];
}

export default defineSignedIn.page<typeof handler>(
  function AdminErase({ data }) {
    const { tenant } = data;
    const path = `${adminTenantPath(tenant)}/erase`;
    if (data.step === "search") {
      return (
        <>
          <AdminTenantHead tenant={tenant} page="erase" />
          <AdminPersonSearch
            {...data}
            hrefOf={(id) => localUrl(path, { id })}
          />
        </>
      );
    }
    if (data.step === "done") {
      return (
        <>
          <AccountHead
            title="The person is erased"
            back={{ href: path, text: `Erase a person of ${tenant.name}` }}
          />
          <AdminErasureCertificate certificate={data.certificate} />
        </>
      );
    }
    return (
      <>
        <AccountHead
          title={`Erase ${data.person.person?.name ?? "a person"}`}
          back={{ href: path, text: `Erase a person of ${tenant.name}` }}
        />
        <PeopleNotices notice={null} problem={data.problem} />
        <AdminErasePerson action={path} {...data.person} />
      </>
    );
  },
);
