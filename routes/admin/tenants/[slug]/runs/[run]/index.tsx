import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import {
  adminTenantPath,
  durationText,
  runWord,
} from "../../../../../../components/admin_words.ts";
import { AccountHead } from "../../../../../../components/AccountHead.tsx";
import { AdminRunStreams } from "../../../../../../components/AdminRunStreams.tsx";
import { Badge } from "../../../../../../components/Badge.tsx";
import { Card } from "../../../../../../components/Card.tsx";
import { runWatchView } from "../../../../../../components/run_watch.ts";
import RunWatch from "../../../../../../islands/RunWatch.tsx";
import {
  formatCount,
  formatDateTime,
  NotFoundError,
  type RunStanding,
  type SyncRun,
} from "../../../../../../lib/domain/mod.ts";
import type { Tenant } from "../../../../../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  NEXT_RUN,
  runStanding,
  type SignedInState,
  tenantFor,
} from "../../../../../../lib/web/mod.ts";

/** Without scripts the page is loaded again after so many seconds, if the reader wishes it. */
const RELOAD_SECONDS = 5;

interface RunPage {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  standing: RunStanding;
  /** Epoch milliseconds. */
  now: number;
  /** Of the run that was the latest when the next was asked for. */
  after: string;
  /** Whether the page loads itself again where there are no scripts. */
  watching: boolean;
}

export const handler = defineSignedIn.handlers({
  async GET(ctx: Context<SignedInState>) {
    const { url, params, state: { services: { store, clock } } } = ctx;
    const { tenant } = await tenantFor(store, params.slug ?? "");
    const { id, slug, name } = tenant;
    const now = clock.now();
    const runId = params.run ?? "";
    const after = url.searchParams.get("after") ?? "";
    const standing = await runStanding(store, id, { runId, after, now });
    if (!standing) throw new NotFoundError(`Cannot find run '${runId}'`);
    const path = `${adminTenantPath(tenant)}/runs`;
    const watch = url.searchParams.get("watch");
    if (standing.is === "none") return ctx.redirect(path, 303);
    if (runId === NEXT_RUN && standing.is !== "waiting") {
      const to = `${path}/${standing.run.id}`;
      const goesOn = standing.is === "running" ? watch : null;
      return ctx.redirect(localUrl(to, { watch: goesOn }), 303);
    }
    return page<RunPage>({
      tenant: { id, slug, name },
      standing,
      now,
      after,
      watching: watch === "1",
    });
  },
});

export default defineSignedIn.page<typeof handler>(
  function AdminTenantRun({ data }) {
    const { tenant, standing } = data;
    const path = `${adminTenantPath(tenant)}/runs`;
    const run = "run" in standing ? standing.run : null;
    return (
      <>
        <AccountHead
          title={run
            ? `Sync of ${formatDateTime(run.startedAt, "UTC")}`
            : "Sync now"}
          back={{ href: path, text: `Runs of ${tenant.name}` }}
        />
        {standing.is === "cut" || standing.is === "over"
          ? (
            <RunCard
              run={standing.run}
              isCut={standing.is === "cut"}
              brandPath={adminTenantPath(tenant)}
            />
          )
          : <Progress {...data} path={path} id={run?.id ?? NEXT_RUN} />}
      </>
    );
  },
);

function Progress(
  { tenant, standing, now, after, watching, path, id }: RunPage & {
    path: string;
    id: string;
  },
) {
  const query = { after: id === NEXT_RUN ? after : null };
  const self = localUrl(`${path}/${id}`, query);
  const watched = localUrl(`${path}/${id}`, { ...query, watch: "1" });
  const view = runWatchView(standing, { path, asked: watched, now });
  return (
    <Card
      title={`${tenant.name} is being synced`}
      says="The figures of the brand switch at once when the sync is over. You may leave this page: the sync goes on."
      aside={<Badge>{standing.is === "waiting" ? "Waiting" : "Running"}</Badge>}
    >
      {watching && (
        <Head>
          <noscript>
            <meta httpEquiv="refresh" content={String(RELOAD_SECONDS)} />
          </noscript>
        </Head>
      )}
      <RunWatch
        view={view}
        asks={localUrl(`${path}/${id}/progress`, query)}
      />
      <p class="mt-4">
        <a
          class="link inline-block py-2 -my-2"
          href={watching ? watched : self}
        >
          Refresh
        </a>
        <noscript>
          {watching
            ? (
              <>
                &nbsp;· this page loads itself again every {RELOAD_SECONDS}{" "}
                seconds. <a class="link" href={self}>Stop that</a>
              </>
            )
            : (
              <>
                &nbsp;· <a class="link" href={watched}>Do it by itself</a>
              </>
            )}
        </noscript>
      </p>
    </Card>
  );
}

function RunCard(
  { run, isCut, brandPath }: {
    run: SyncRun;
    isCut: boolean;
    brandPath: string;
  },
) {
  const { text, tone } = isCut
    ? { text: "Cut off", tone: "alarm" as const }
    : runWord(run.status);
  const message = isCut
    ? "The portal was stopped while this sync ran. Nothing is lost: the next sync goes on."
    : run.errorMessage;
  const took = durationText(run.startedAt, run.finishedAt);
  return (
    <Card
      title="Streams"
      says={`${took ? `Took ${took} · ` : ""}${
        formatCount(run.recordsUpdated)
      } records updated · times in UTC`}
      aside={<Badge tone={tone}>{text}</Badge>}
    >
      {message && (
        <p class="mb-4 rounded-control bg-alarm text-alarm-ink px-4 py-2">
          {message}
        </p>
      )}
      <AdminRunStreams
        streams={run.streams}
        quarantineHref={`${brandPath}/quarantine`}
      />
    </Card>
  );
}
