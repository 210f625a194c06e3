import { page } from "fresh";
import {
  adminTenantPath,
  streamWord,
} from "../../../../../components/admin_words.ts";
import { AdminTenantHead } from "../../../../../components/AdminTenantHead.tsx";
import { Card } from "../../../../../components/Card.tsx";
import { DataTable } from "../../../../../components/DataTable.tsx";
import {
  listQuarantine,
  type Quarantined,
  type Store,
} from "../../../../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  tenantFor,
} from "../../../../../lib/web/mod.ts";

const SHOWN = 200;

/** A record in quarantine without its text, which stands on a page of its own. */
type QuarantineRow = Pick<
  Quarantined,
  "id" | "stream" | "reason" | "firstSeenAt" | "lastSeenAt"
>;

export const handler = defineSignedIn.handlers({
  async GET({ params, state: { services: { store } } }) {
    const { tenant: { id, slug, name } } = await tenantFor(
      store,
      params.slug ?? "",
    );
    const rows = await firstRows(store, id);
    return page({
      tenant: { id, slug, name },
      rows: rows.slice(0, SHOWN),
      hasMore: rows.length > SHOWN,
    });
  },
});

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
  function AdminQuarantine({ data: { tenant, rows, hasMore } }) {
    const path = `${adminTenantPath(tenant)}/quarantine/record`;
    return (
      <>
        <AdminTenantHead tenant={tenant} page="quarantine" />
        <Card
          title="Records in quarantine"
          says={`What ClientTether sent and the portal could not read; an older version of it stays in place.${
            hasMore ? ` The first ${SHOWN}.` : ""
          }`}
        >
          <DataTable
            stacks
            caption="Records in quarantine"
            columns={[
              {
                kind: "text",
                head: "Id",
                value: ({ id }) => id,
                href: ({ stream, id }) => localUrl(path, { stream, id }),
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
