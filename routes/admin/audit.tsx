import { Head } from "fresh/runtime";
import { page } from "fresh";
import { AdminAuditFilter } from "../../components/AdminAuditFilter.tsx";
import type { BadgeTone } from "../../components/Badge.tsx";
import { Card } from "../../components/Card.tsx";
import { DataTable } from "../../components/DataTable.tsx";
import { Pagination } from "../../components/Pagination.tsx";
import { PeopleNotices } from "../../components/PeopleNotices.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { counted } from "../../components/sentences.ts";
import { UsageError } from "../../lib/domain/mod.ts";
import {
  type AuditEntry,
  type AuditQuery,
  listAudit,
  listTenantNames,
  type Store,
} from "../../lib/store/mod.ts";
import {
  AUDIT_PAGE,
  type AuditFilter,
  auditQueryOf,
  defineSignedIn,
  localUrl,
  readQuery,
} from "../../lib/web/mod.ts";

const PAGE_SIZE = 50;

interface AuditRow extends AuditEntry {
  /** The brand's name; its id where it is gone. */
  tenant: string | null;
}

export const handler = defineSignedIn.handlers({
  async GET({ url, state: { services: { store } } }) {
    const { values, problems } = readQuery(url, AUDIT_PAGE);
    const { cursor, ...filter } = values;
    const [list, tenants] = await Promise.all([
      entries(store, filter, cursor),
      listTenantNames(store),
    ]);
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    return page({
      rows: list.rows.map((entry): AuditRow => ({
        ...entry,
        tenant: entry.tenantId &&
          (names.get(entry.tenantId) ?? entry.tenantId),
      })),
      filter,
      tenants: tenants.map(({ slug, name }) => ({ slug, name })),
      problems,
      problem: list.problem,
      next: list.cursor,
      isFirstPage: cursor === undefined,
    });
  },
});

/** A page of the log; of a filter or a cursor that means nothing, an empty one that says why. */
async function entries(
  store: Store,
  filter: AuditFilter,
  cursor: string | undefined,
) {
  try {
    const query: AuditQuery = {
      ...await auditQueryOf(store, filter),
      ...cursor ? { cursor } : {},
      limit: PAGE_SIZE,
    };
    return { ...await listAudit(store, query), problem: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { rows: [], cursor: null, problem: error.message };
  }
}

const OUTCOMES: Record<
  AuditEntry["outcome"],
  { text: string; tone: BadgeTone }
> = {
  done: { text: "Done", tone: "plain" },
  denied: { text: "Denied", tone: "warn" },
  failed: { text: "Failed", tone: "alarm" },
};

const ACTORS: Record<AuditEntry["actor"]["kind"], string> = {
  user: "A user",
  operator: "Operator",
  api_token: "API token",
  nobody: "Nobody signed in",
};

export default defineSignedIn.page<typeof handler>(
  function AdminAudit({ data }) {
    const { rows, filter, next, isFirstPage } = data;
    const query = {
      ...filter,
      outcome: filter.outcome === "all" ? null : filter.outcome,
    };
    const hrefOf = (path: string, cursor: string | null) =>
      localUrl(path, {
        ...Object.fromEntries(
          Object.entries(query).map(([name, value]) => [name, value ?? null]),
        ),
        cursor,
      });
    return (
      <>
        <Head>
          <title>Audit log - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Audit log</h1>
        <QueryNotice problems={data.problems} />
        <PeopleNotices notice={null} problem={data.problem} />
        <Card title="Filter">
          <AdminAuditFilter tenants={data.tenants} values={filter} />
        </Card>
        <div class="mt-4">
          <Card
            title="Entries"
            says="Newest first. Times in UTC. Entries are never changed or removed."
            aside={
              <a
                class="link inline-block py-2 -my-2"
                href={hrefOf("/admin/audit.csv", null)}
                download
              >
                Export as CSV
              </a>
            }
          >
            <DataTable
              stacks
              caption="Audit log"
              columns={[
                { kind: "text", head: "When", value: ({ at }) => momentOf(at) },
                {
                  kind: "text",
                  head: "Who",
                  value: ({ actor }) => actor.name ?? ACTORS[actor.kind],
                },
                { kind: "text", head: "What", value: ({ action }) => action },
                {
                  kind: "badge",
                  head: "Outcome",
                  value: ({ outcome }) => OUTCOMES[outcome],
                },
                {
                  kind: "text",
                  head: "Brand",
                  value: ({ tenant }) => tenant,
                },
                {
                  kind: "text",
                  head: "Details",
                  wide: true,
                  value: detailsOf,
                },
              ]}
              rows={rows}
              rowKey={({ id }) => id}
              empty="There is no such entry."
            />
            <Pagination
              says={counted(rows.length, "entry", "entries")}
              first={isFirstPage ? null : hrefOf("/admin/audit", null)}
              next={next && hrefOf("/admin/audit", next)}
              nextLabel="Older entries"
            />
          </Card>
        </div>
      </>
    );
  },
);

/** "2026-03-11 15:00:02": a log is read to the second. */
function momentOf(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/** What it was done to, and the facts: "01ABC… · from: tenant_viewer, to: tenant_admin". */
function detailsOf({ target, detail, tenantId }: AuditRow): string | null {
  const facts = Object.entries(detail).filter(([, fact]) => fact !== null)
    .map(([name, fact]) => `${name}: ${fact}`).join(", ");
  const parts = [target === tenantId ? null : target, facts].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : null;
}
