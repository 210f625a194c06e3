import { Head } from "fresh/runtime";
import { page } from "fresh";
import { adminTenantPath, runWord } from "../../../components/admin_words.ts";
import type { BadgeTone } from "../../../components/Badge.tsx";
import { Card } from "../../../components/Card.tsx";
import { DataTable } from "../../../components/DataTable.tsx";
import { counted } from "../../../components/sentences.ts";
import {
  emptySyncState,
  freshness,
  type FreshnessLevel,
  type SyncState,
} from "../../../lib/domain/mod.ts";
import {
  listTenants,
  type Store,
  type TenantListing,
  type TenantStatus,
} from "../../../lib/store/mod.ts";
import { defineSignedIn, openListed } from "../../../lib/web/mod.ts";

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  timezone: string;
  key: string | null;
  level: FreshnessLevel;
  /** How old the data is, in words. */
  age: string;
  lastRun: Pick<SyncState, "status" | "errorMessage">;
}

export const handler = defineSignedIn.handlers({
  async GET({ state: { services: { store, clock } } }) {
    const listed = await listTenants(store);
    const now = clock.now();
    const rows = await Promise.all(
      listed.map((one) => tenantRow(store, one, now)),
    );
    return page({ rows });
  },
});

async function tenantRow(
  store: Store,
  { tenant, status, lastSyncAt }: TenantListing,
  now: number,
): Promise<TenantRow> {
  const { id, slug, name, timezone, webKeyLast4 } = tenant;
  const { level, message } = freshness(lastSyncAt, now);
  const data = await openListed(store, id);
  const sync = await data?.syncState() ?? emptySyncState();
  return {
    id,
    slug,
    name,
    status,
    timezone,
    key: webKeyLast4,
    level,
    age: level === "never" ? "Never updated" : message,
    lastRun: { status: sync.status, errorMessage: sync.errorMessage },
  };
}

const STATUSES: Record<TenantStatus, { text: string; tone: BadgeTone }> = {
  active: { text: "Active", tone: "accent" },
  inactive: { text: "Inactive", tone: "warn" },
  suspended: { text: "Suspended", tone: "warn" },
  purged: { text: "Purged", tone: "alarm" },
};

const LEVELS: Record<FreshnessLevel, { text: string; tone: BadgeTone }> = {
  fresh: { text: "Fresh", tone: "accent" },
  stale: { text: "Stale", tone: "warn" },
  late: { text: "Late", tone: "warn" },
  critical: { text: "Critical", tone: "alarm" },
  never: { text: "No data", tone: "plain" },
};

export default defineSignedIn.page<typeof handler>(
  function AdminTenants({ data: { rows } }) {
    return (
      <>
        <Head>
          <title>Brands - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Brands</h1>
        <Card
          title="Brands of the agency"
          says={
            <>
              {counted(rows.length, "brand")}.{" "}
              <a class="link" href="/admin/tenants/new">Add a brand</a>
            </>
          }
        >
          <DataTable
            stacks
            caption="Brands"
            columns={[
              {
                kind: "text",
                head: "Name",
                value: ({ name }) => name,
                // Of one that is still there a deletion was cut off.
                href: (row) =>
                  adminTenantPath(row) +
                  (row.status === "purged" ? "/delete" : ""),
              },
              { kind: "text", head: "Slug", value: ({ slug }) => slug },
              {
                kind: "badge",
                head: "Status",
                value: ({ status }) => STATUSES[status],
              },
              {
                kind: "text",
                head: "Time zone",
                value: ({ timezone }) => timezone,
              },
              {
                kind: "badge",
                head: "Data",
                value: ({ level }) => LEVELS[level],
              },
              { kind: "text", head: "Age", value: ({ age }) => age },
              {
                kind: "badge",
                head: "Last run",
                value: ({ lastRun }) =>
                  lastRun.status && runWord(lastRun.status),
              },
              {
                kind: "text",
                head: "Message",
                wide: true,
                value: ({ lastRun }) => lastRun.errorMessage,
              },
              {
                kind: "text",
                head: "Web key",
                value: ({ key }) => key && `…${key}`,
                missing: "No key",
              },
            ]}
            rows={rows}
            rowKey={({ id }) => id}
            empty="There is no brand yet."
          />
        </Card>
      </>
    );
  },
);
