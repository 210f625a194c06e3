import { type Context, HttpError, page } from "fresh";
import {
  adminTenantPath,
  streamWord,
} from "../../../../../components/admin_words.ts";
import { AdminTenantHead } from "../../../../../components/AdminTenantHead.tsx";
import { Button } from "../../../../../components/Button.tsx";
import { Card } from "../../../../../components/Card.tsx";
import { DataTable } from "../../../../../components/DataTable.tsx";
import { PeopleNotices } from "../../../../../components/PeopleNotices.tsx";
import { counted } from "../../../../../components/sentences.ts";
import {
  listQuarantine,
  type Quarantined,
  type Store,
  type Tenant,
} from "../../../../../lib/store/mod.ts";
import {
  defineSignedIn,
  formProblem,
  localUrl,
  readForm,
  retryQuarantineOf,
  type SignedInState,
  tenantFor,
} from "../../../../../lib/web/mod.ts";

const SHOWN = 200;

/** A record in quarantine without its text, which stands on a page of its own. */
type QuarantineRow = Pick<
  Quarantined,
  "id" | "stream" | "reason" | "firstSeenAt" | "lastSeenAt"
>;

interface QuarantinePage {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  rows: QuarantineRow[];
  hasMore: boolean;
  notice: string | null;
  problem: string | null;
}

type Ctx = Context<SignedInState>;
type Said = Partial<Pick<QuarantinePage, "notice" | "problem">>;

export const handler = defineSignedIn.handlers({
  GET: async (ctx) => page(await quarantinePage(ctx)),

  async POST(ctx) {
    const { do: action } = await readForm(ctx.req, ["do"]);
    if (action !== "retry") {
      throw new HttpError(400, "The form asks for nothing known");
    }
    const { store } = ctx.state.services;
    const { tenant } = await tenantFor(store, ctx.params.slug ?? "");
    try {
      const { released, kept } = await retryQuarantineOf(ctx, tenant);
      const notice = retryNotice(released, kept);
      return page(await quarantinePage(ctx, { notice }));
    } catch (error) {
      const problem = formProblem(error);
      return page(await quarantinePage(ctx, { problem }), { status: 422 });
    }
  },
});

function retryNotice(released: number, kept: number): string {
  if (released === 0 && kept === 0) return "Nothing was in quarantine.";
  const good = released === 0
    ? "None can be read yet"
    : `${counted(released, "record")} can be read now and ${
      released === 1 ? "is" : "are"
    } in place`;
  return kept === 0
    ? `${good}.`
    : `${good}; ${counted(kept, "record stays", "records stay")}.`;
}

async function quarantinePage(
  { params, state: { services: { store } } }: Ctx,
  said: Said = {},
): Promise<QuarantinePage> {
  const { tenant: { id, slug, name } } = await tenantFor(
    store,
    params.slug ?? "",
  );
  const rows = await firstRows(store, id);
  return {
    tenant: { id, slug, name },
    rows: rows.slice(0, SHOWN),
    hasMore: rows.length > SHOWN,
    notice: null,
    problem: null,
    ...said,
  };
}

/** One more than are shown, where there are more. */
async function firstRows(
  store: Store,
  tenantId: string,
): Promise<QuarantineRow[]> {
  const rows: QuarantineRow[] = [];
  for await (const row of listQuarantine(store, tenantId)) {
    const { id, stream, reason, firstSeenAt, lastSeenAt } = row;
    rows.push({ id, stream, reason, firstSeenAt, lastSeenAt });
    if (rows.length > SHOWN) break;
  }
  return rows;
}

export default defineSignedIn.page<typeof handler>(
  function AdminQuarantine({ data }) {
    const { tenant, rows, hasMore } = data;
    const path = `${adminTenantPath(tenant)}/quarantine`;
    return (
      <>
        <AdminTenantHead tenant={tenant} page="quarantine" />
        <PeopleNotices notice={data.notice} problem={data.problem} />
        <Card
          title="Records in quarantine"
          says={`What ClientTether sent and the portal could not read; an older version of it stays in place.${
            hasMore ? ` The first ${SHOWN}.` : ""
          } Trying again reads them by the rules of today.`}
          aside={rows.length > 0 && (
            <form method="post" action={path}>
              <Button primary name="do" value="retry">Try again</Button>
            </form>
          )}
        >
          <DataTable
            stacks
            caption="Records in quarantine"
            columns={[
              {
                kind: "text",
                head: "Id",
                value: ({ id }) => id,
                href: ({ stream, id }) =>
                  localUrl(`${path}/record`, { stream, id }),
              },
              {
                kind: "text",
                head: "Stream",
                value: ({ stream }) => streamWord(stream),
              },
              {
                kind: "text",
                head: "Reason",
                wide: true,
                value: ({ reason }) => reason,
              },
              {
                kind: "datetime",
                head: "First seen",
                value: ({ firstSeenAt }) => firstSeenAt,
              },
              {
                kind: "datetime",
                head: "Last seen",
                value: ({ lastSeenAt }) => lastSeenAt,
              },
            ]}
            rows={rows}
            rowKey={({ stream, id }) => `${stream} ${id}`}
            timezone="UTC"
            empty="Nothing is in quarantine."
          />
        </Card>
      </>
    );
  },
);
