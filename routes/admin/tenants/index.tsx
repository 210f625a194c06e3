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
import { NumberedPages } from "../../../components/NumberedPages.tsx";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { SearchForm } from "../../../components/SearchForm.tsx";
import { counted } from "../../../components/sentences.ts";
import {
  formatCount,
  freshness,
  type FreshnessLevel,
  type SyncState,
} from "../../../lib/domain/mod.ts";
import {
  type FleetRow,
  listFleet,
  listMembers,
  type TenantStatus,
} from "../../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  pageParam,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = { search: textParam(), page: pageParam() };
const PAGE_SIZE = 50;
/** Brands that are named of those that need somebody's eye. */
const NAMED = 5;

interface BrandRow {
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
  lastRun: Pick<SyncState, "runId" | "status" | "errorMessage">;
}

interface TenantRow extends BrandRow {
  /** People with a role in the brand. */
  members: number;
}

export const handler = defineSignedIn.handlers({
  async GET({ url, state: { services: { store, clock } } }) {
    const { values: { search, page: wanted }, problems } = readQuery(
      url,
      QUERY,
    );
    const now = clock.now();
    const all = (await listFleet(store)).map((row) => brandRow(row, now))
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
    const text = (search ?? "").toLowerCase();
    const found = all.filter(({ name, slug }) =>
      `${name} ${slug}`.toLowerCase().includes(text)
    );
    const from = (wanted - 1) * PAGE_SIZE;
    const rows = await Promise.all(
      found.slice(from, from + PAGE_SIZE).map(async (row) => {
        const members = await listMembers(store, row.id);
        return { ...row, members: members.length };
      }),
    );
    return page({
      all,
      found: found.length,
      page: wanted,
      rows,
      search,
      problems,
    });
  },
});

function brandRow({ tenant, status, sync }: FleetRow, now: number): BrandRow {
  const { id, slug, name, timezone, webKeyLast4 } = tenant;
  const { level, ageSeconds } = freshness(sync.lastSyncAt, now);
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
  function AdminTenants({ data }) {
    const { all, rows, search } = data;
    return (
      <>
        <Head>
          <title>Brands - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Brands</h1>
        <QueryNotice problems={data.problems} />
        <div class="mb-4 flex flex-wrap items-end justify-between gap-3">
          <SearchForm
            label="Search name or short name"
            value={search}
            keep={{}}
          />
          <ButtonLink href="/admin/tenants/new" primary>
            Add a brand
          </ButtonLink>
        </div>
        <Card
          title="Brands of the agency"
          says={`${counted(all.length, "brand")}. ${summary(all)}`}
        >
          <Failures rows={all} />
          <DataTable
            stacks
            caption="Brands"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            empty={all.length > 0
              ? "No brand is found by that."
              : "There is no brand yet. Add the first one: a name, a time zone and ClientTether's web key are all it needs."}
          />
          <NumberedPages
            page={data.page}
            size={PAGE_SIZE}
            found={data.found}
            order="by name"
            hrefOf={(page) => hrefOf(search, page)}
            nextLabel="Next brands"
          />
        </Card>
      </>
    );
  },
);

function hrefOf(search: string | undefined, page: number): string {
  return localUrl("/admin/tenants", {
    search: search ?? null,
    page: page === 1 ? null : String(page),
  });
}

/** What the latest run of a brand says of its failure, with the way to the run. */
function Failures({ rows }: { rows: readonly BrandRow[] }) {
  const failed = rows.filter(({ lastRun }) => lastRun.errorMessage !== null);
  if (failed.length === 0) return null;
  return (
    <ul class="mb-4 rounded-control bg-alarm text-alarm-ink px-4 py-2">
      {failed.slice(0, NAMED).map((row) => (
        <li key={row.id} class="py-1">
          <a
            class="link font-semibold"
            href={`${adminTenantPath(row)}/runs/${row.lastRun.runId}`}
          >
            {row.name}
          </a>: {row.lastRun.errorMessage}
        </li>
      ))}
      {failed.length > NAMED && (
        <li class="py-1">
          <a class="link font-semibold" href="/admin/operations?state=trouble">
            {counted(failed.length - NAMED, "more brand")}
          </a>{" "}
          in trouble
        </li>
      )}
    </ul>
  );
}

/** What needs somebody's eye, in a sentence. */
function summary(rows: readonly BrandRow[]): string {
  const active = rows.filter(({ status }) => status === "active");
  const needy = active.filter(({ key, level, lastRun }) =>
    key === null || level !== "fresh" || lastRun.status === "failed"
  );
  if (active.length === 0) return "None is active.";
  if (needy.length === 0) return "All that are active are up to date.";
  const others = needy.length - NAMED;
  return `Look at ${needy.slice(0, NAMED).map(({ name }) => name).join(", ")}${
    others > 0 ? ` and ${formatCount(others)} more` : ""
  }.`;
}
