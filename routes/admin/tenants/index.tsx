import { Head } from "fresh/runtime";
import { page } from "fresh";
import {
  adminTenantPath,
  agoText,
  runWord,
} from "../../../components/admin_words.ts";
import type { BadgeTone } from "../../../components/Badge.tsx";
import { ButtonLink } from "../../../components/Button.tsx";
import { Card } from "../../../components/Card.tsx";
import { type Column, DataTable } from "../../../components/DataTable.tsx";
import { counted } from "../../../components/sentences.ts";
import {
  emptySyncState,
  freshness,
  type FreshnessLevel,
  type SyncState,
} from "../../../lib/domain/mod.ts";
import {
  listMembers,
  listTenants,
  type Store,
  type TenantListing,
  type TenantStatus,
} from "../../../lib/store/mod.ts";
import { defineSignedIn, localUrl, openListed } from "../../../lib/web/mod.ts";

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
  leads: number | null;
  /** People with a role in the brand. */
  members: number;
  lastRun: Pick<SyncState, "runId" | "status" | "errorMessage">;
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
  const { level, ageSeconds } = freshness(lastSyncAt, now);
  const [data, members] = await Promise.all([
    openListed(store, id),
    listMembers(store, id),
  ]);
  const sync = await data?.syncState() ?? emptySyncState();
  const { runId, errorMessage } = sync;
  return {
    id,
    slug,
    name,
    status,
    timezone,
    key: webKeyLast4,
    level,
    age: agoText(ageSeconds),
    leads: sync.counts.leads ?? null,
    members: members.length,
    lastRun: { runId, status: sync.status, errorMessage },
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

/** Of one that is still there a deletion was cut off: nothing else of it can be opened. */
const isGone = ({ status }: TenantRow) => status === "purged";

const COLUMNS: ReadonlyArray<Column<TenantRow>> = [
  {
    kind: "text",
    head: "Name",
    value: ({ name }) => name,
    href: (row) => adminTenantPath(row) + (isGone(row) ? "/delete" : ""),
  },
  { kind: "badge", head: "Status", value: ({ status }) => STATUSES[status] },
  { kind: "badge", head: "Data", value: ({ level }) => LEVELS[level] },
  { kind: "text", head: "Updated", value: ({ age }) => age },
  {
    kind: "badge",
    head: "Last run",
    value: ({ lastRun }) => lastRun.status && runWord(lastRun.status),
    href: (row) =>
      row.lastRun.runId === null || isGone(row)
        ? undefined
        : `${adminTenantPath(row)}/runs/${row.lastRun.runId}`,
  },
  { kind: "count", head: "Leads", value: ({ leads }) => leads },
  {
    kind: "count",
    head: "People",
    value: ({ members }) => members,
    href: ({ slug }) => localUrl("/admin/users", { tenant: slug }),
  },
  {
    kind: "text",
    head: "Web key",
    value: ({ key }) => key && `…${key}`,
    missing: "No key",
  },
  { kind: "text", head: "Time zone", value: ({ timezone }) => timezone },
  {
    kind: "text",
    head: "Dashboard",
    value: ({ status }) => status === "active" ? "Open" : null,
    href: (row) =>
      row.status === "active"
        ? localUrl("/dashboard", { w: row.slug })
        : undefined,
  },
];

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
          says={`${counted(rows.length, "brand")}. ${summary(rows)}`}
          aside={
            <ButtonLink href="/admin/tenants/new" primary>
              Add a brand
            </ButtonLink>
          }
        >
          <Failures rows={rows} />
          <DataTable
            stacks
            caption="Brands"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            empty="There is no brand yet. Add the first one: a name, a time zone and ClientTether's web key are all it needs."
          />
        </Card>
      </>
    );
  },
);

/** What the latest run of a brand says of its failure, with the way to the run. */
function Failures({ rows }: { rows: readonly TenantRow[] }) {
  const failed = rows.filter(({ lastRun }) => lastRun.errorMessage !== null);
  if (failed.length === 0) return null;
  return (
    <ul class="mb-4 rounded-control bg-alarm text-alarm-ink px-4 py-2">
      {failed.map((row) => (
        <li key={row.id} class="py-1">
          <a
            class="link font-semibold"
            href={`${adminTenantPath(row)}/runs/${row.lastRun.runId}`}
          >
            {row.name}
          </a>: {row.lastRun.errorMessage}
        </li>
      ))}
    </ul>
  );
}

/** What needs somebody's eye, in a sentence. */
function summary(rows: readonly TenantRow[]): string {
  const active = rows.filter(({ status }) => status === "active");
  const needy = active.filter(({ key, level, lastRun }) =>
    key === null || level !== "fresh" || lastRun.status === "failed"
  );
  if (active.length === 0) return "None is active.";
  if (needy.length === 0) return "All that are active are up to date.";
  return `Look at ${needy.map(({ name }) => name).join(", ")}.`;
}
