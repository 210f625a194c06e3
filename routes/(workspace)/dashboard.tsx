import { page } from "fresh";
import { DashboardCards } from "../../components/DashboardCards.tsx";
import { LatestReport } from "../../components/LatestReport.tsx";
import { LeadTrend } from "../../components/LeadTrend.tsx";
import { hereHref, pageHref } from "../../components/links.ts";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { Segments } from "../../components/Segments.tsx";
import { StageLeadsCard } from "../../components/StageLeadsCard.tsx";
import { UpcomingCard } from "../../components/UpcomingCard.tsx";
import {
  groupOf,
  leadTrend,
  newLeads,
  type TrendWeek,
  type WindowKind,
} from "../../lib/domain/mod.ts";
import {
  choiceParam,
  defineInWorkspace,
  parseQuery,
  weeksParam,
} from "../../lib/web/mod.ts";

const QUERY = {
  window: choiceParam(["week", "7days"], "week"),
  weeks: weeksParam(),
};
const WINDOWS: ReadonlyArray<{ window: WindowKind; label: string }> = [
  { window: "week", label: "This week" },
  { window: "7days", label: "7 days" },
];
const UPCOMING = 5;
/** Enough to count what this week still holds. */
const SCHEDULE_LIMIT = 200;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, sync, tenant } = workspace;
    const now = services.clock.now();
    const query = parseQuery(url, QUERY);
    const [views, schedule] = await Promise.all([
      sync.viewDay === null ? null : store.views(sync.viewDay),
      store.listSchedule({ now, limit: SCHEDULE_LIMIT }),
    ]);
    const thisWeek = schedule.rows.filter(({ scheduledAt }) =>
      scheduledAt !== null &&
      groupOf(scheduledAt, now, tenant.timezone) !== "later"
    );
    return page({
      ...query,
      now,
      leads: views?.leads ?? null,
      pipeline: views?.pipeline ?? null,
      upcoming: thisWeek.slice(0, UPCOMING),
      more: Math.max(0, thisWeek.length - UPCOMING),
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Dashboard({ data, state }) {
    const { tenant, sync } = state.workspace;
    const { slug, timezone, currency } = tenant;
    const { leads, pipeline, window, weeks, now } = data;
    const trend = leads && leadTrend(leads, now, timezone, weeks);
    return (
      <>
        <PageHead title="Dashboard" {...pageHeadProps(state)}>
          {leads && (
            <Segments
              label="New leads of"
              choices={WINDOWS.map((choice) => ({
                label: choice.label,
                href: hereHref(slug, { window: choice.window, weeks }),
                chosen: choice.window === window,
              }))}
            />
          )}
        </PageHead>
        {!leads || !pipeline || !trend ? <NoFigures status={sync.status} /> : (
          <>
            <DashboardCards
              leads={leads}
              pipeline={pipeline}
              fresh={newLeads(leads, now, timezone, window)}
              trend={wholeWeeks(trend)}
              workspace={slug}
              timezone={timezone}
              currency={currency}
            />
            <div class="mt-4 grid gap-4 lg:grid-cols-2 items-start">
              <div class="grid gap-4 min-w-0">
                <LeadTrend weeks={trend} workspace={slug} keep={{ window }} />
                <UpcomingCard
                  rows={data.upcoming}
                  more={data.more}
                  connected={sync.streams.activities?.status !==
                    "not_connected"}
                  now={now}
                  timezone={timezone}
                  href={pageHref("/schedule", slug)}
                />
              </div>
              <div class="grid gap-4 min-w-0">
                <StageLeadsCard
                  view={pipeline}
                  qualifiedLeads={leads.qualifiedLeads}
                  currency={currency}
                  workspace={slug}
                />
                <LatestReport href={pageHref("/reports", slug)} />
              </div>
            </div>
          </>
        )}
      </>
    );
  },
);

/** The week that is not over would look like a fall. */
function wholeWeeks(trend: readonly TrendWeek[]): number[] {
  return trend.filter(({ partial }) => !partial).map(({ count }) => count);
}
