import { type Context, HttpError, page } from "fresh";
import { adminTenantPath } from "../../../../../components/admin_words.ts";
import { AdminRuns } from "../../../../../components/AdminRuns.tsx";
import { AdminTenantHead } from "../../../../../components/AdminTenantHead.tsx";
import { Button } from "../../../../../components/Button.tsx";
import { Card } from "../../../../../components/Card.tsx";
import { PeopleNotices } from "../../../../../components/PeopleNotices.tsx";
import {
  ConflictError,
  formatDateTime,
  freshness,
  type SyncRun,
} from "../../../../../lib/domain/mod.ts";
import {
  isSyncDue,
  openTenant,
  type Tenant,
} from "../../../../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  NEXT_RUN,
  readForm,
  recordAudit,
  type SignedInState,
  tenantFor,
} from "../../../../../lib/web/mod.ts";

const SHOWN = 50;

interface RunsPage {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  runs: SyncRun[];
  /** How old the data is. */
  age: string;
  /** What goes on at the moment, and where to watch it; or null. */
  underWay: { says: string; href: string } | null;
  /** Id of the latest run. */
  latest: string | null;
  /** Why no sync can be asked for: a sentence, or null. */
  closed: string | null;
  problem: string | null;
}

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    return page(await runsPage(ctx));
  },

  async POST(ctx) {
    const { do: action } = await readForm(ctx.req, ["do"]);
    if (action !== "sync") {
      throw new HttpError(400, "The form asks for nothing known");
    }
    const { tenant, closed, latest } = await runsPage(ctx);
    try {
      if (closed) throw new ConflictError(closed);
      await ctx.state.services.requestSync(tenant.id);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const problem = error.message;
      return page(await runsPage(ctx, problem), { status: 422 });
    }
    await recordAudit(ctx, "sync.requested", {
      tenantId: tenant.id,
      target: tenant.id,
      detail: { slug: tenant.slug },
    });
    return ctx.redirect(watchHref(tenant, latest), 303);
  },
});

/** Where the sync is watched that was just asked for. */
function watchHref(tenant: RunsPage["tenant"], latest: string | null): string {
  const path = `${adminTenantPath(tenant)}/runs/${NEXT_RUN}`;
  return localUrl(path, { after: latest ?? "", watch: "1" });
}

async function runsPage(
  { params, state: { services: { store, clock } } }: Ctx,
  problem: string | null = null,
): Promise<RunsPage> {
  const { tenant, status } = await tenantFor(store, params.slug ?? "");
  const { id, slug, name, webKeyLast4 } = tenant;
  const data = await openTenant(store, id);
  const [runs, sync, isDue] = await Promise.all([
    data.listRuns(SHOWN),
    data.syncState(),
    isSyncDue(store, id),
  ]);
  const running = sync.status === "running" && sync.startedAt !== null &&
    sync.runId !== null;
  const path = `${adminTenantPath(tenant)}/runs`;
  const age = freshness(sync.lastSyncAt, clock.now());
  return {
    tenant: { id, slug, name },
    runs,
    age: age.level === "never" ? "No complete update yet" : age.message,
    underWay: running
      ? {
        says: `A sync is running since ${
          formatDateTime(sync.startedAt, "UTC")
        } (UTC)`,
        href: `${path}/${sync.runId}?watch=1`,
      }
      : isDue
      ? {
        says: "A sync is waiting for its turn",
        href: watchHref(tenant, sync.runId),
      }
      : null,
    latest: sync.runId,
    closed: status !== "active"
      ? `The brand is ${status}`
      : webKeyLast4 === null
      ? "The brand has no web key"
      : null,
    problem,
  };
}

export default defineSignedIn.page<typeof handler>(
  function AdminTenantRuns({ data }) {
    const { tenant, runs, closed } = data;
    const path = `${adminTenantPath(tenant)}/runs`;
    return (
      <>
        <AdminTenantHead tenant={tenant} page="runs" />
        <PeopleNotices notice={null} problem={data.problem} />
        <Card
          title="Sync runs"
          says={`The latest ${SHOWN}. ${data.age}. Times in UTC.`}
          aside={closed === null
            ? (
              <form method="post" action={path}>
                <Button primary name="do" value="sync">Sync now</Button>
              </form>
            )
            : <p class="text-small text-ink-2">{closed}.</p>}
        >
          {data.underWay && (
            <p role="status" class="mb-4 rounded-control bg-sunken px-4 py-2">
              {data.underWay.says}.{" "}
              <a class="link" href={data.underWay.href}>Watch it</a>
            </p>
          )}
          <AdminRuns
            runs={runs.map((run) => ({ run, href: `${path}/${run.id}` }))}
            empty="No sync has run yet."
          />
        </Card>
      </>
    );
  },
);
