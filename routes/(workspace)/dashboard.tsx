import { page } from "fresh";
import { DashboardCards } from "../../components/DashboardCards.tsx";
import { LatestReport } from "../../components/LatestReport.tsx";
import { LeadTrend } from "../../components/LeadTrend.tsx";
import { isPast, pageHref, placeOf } from "../../components/links.ts";
import { NewLeadSources } from "../../components/NewLeadSources.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { periodWords } from "../../components/period_words.ts";
import { PeriodMenu } from "../../components/PeriodMenu.tsx";
import { RecentCard } from "../../components/RecentCard.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { StageLeadsCard } from "../../components/StageLeadsCard.tsx";
import { UpcomingCard } from "../../components/UpcomingCard.tsx";
import {
  dayNumber,
  groupsAt,
  leadTrend,
  newLeadsBySource,
  newLeadsIn,
  recentSince,
  type TrendWeek,
} from "../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  newSince,
  periodOrWeek,
  readQuery,
  weeksParam,
} from "../../lib/web/mod.ts";

const QUERY = { weeks: weeksParam() };
const UPCOMING = 5;
/** Days whose figures a card draws. */
const TREND_DAYS = 56;
/** Enough to count what this week still holds. */
const SCHEDULE_LIMIT = 200;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, sync, tenant } = workspace;
    const now = services.clock.now();
    const { timezone } = tenant;
    const { values: { weeks }, problems } = readQuery(url, QUERY);
    const asked = periodOrWeek(url, now, timezone);
    const { period } = asked;
    const untold = await store.untold("activities");
    const [views, schedule, history] = await Promise.all([
      store.shown(),
      untold ? null : store.listSchedule({ now, limit: SCHEDULE_LIMIT }),
      sync.viewDay === null ? [] : store.kpisUntil(
        sync.viewDay,
        Math.max(
          TREND_DAYS,
          dayNumber(sync.viewDay) - dayNumber(period.firstDay) + 1,
        ) + 1,
      ),
    ]);
    const groupOf = groupsAt(now, timezone);
    const thisWeek = (schedule?.rows ?? []).filter(({ scheduledAt }) =>
      scheduledAt !== null && groupOf(scheduledAt) !== "later"
    );
    const since = newSince(workspace, services.clock);
    return page({
      ...asked,
      since,
      changes: recentSince(views.recent, since.after),
      weeks,
      problems: [...problems, ...asked.problems],
      history,
      before: history.find(({ day }) => day < period.firstDay) ?? null,
      now,
      leads: views.leads,
      pipeline: views.pipeline,
      upcoming: thisWeek.slice(0, UPCOMING),
      more: Math.max(0, thisWeek.length - UPCOMING),
      untold,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Dashboard({ data, state }) {
    const { tenant, sync } = state.workspace;
    const { slug, timezone, currency } = tenant;
    const place = placeOf(state);
    const { leads, pipeline, period, weeks, now } = data;
    const keep = { ...data.query, weeks: weeks === 8 ? undefined : weeks };
    const newLeadsHref = (source?: string) =>
      pageHref("/leads", place, {
        ...data.query,
        created: "period",
        source,
      }) + "#list";
    const trend = leads && leadTrend(leads, now, timezone, weeks);
    return (
      <>
        <PageHead title="Dashboard" {...pageHeadProps(state)}>
          {leads && (
            <PeriodMenu
              period={period}
              workspace={place}
              keep={{ weeks: keep.weeks }}
            />
          )}
        </PageHead>
        <QueryNotice problems={data.problems} />
        {!leads || !pipeline || !trend ? <NoFigures status={sync.status} /> : (
          <>
            <DashboardCards
              leads={leads}
              pipeline={pipeline}
              fresh={newLeadsIn(leads, period, timezone)}
              period={period}
              before={data.before}
              history={data.history.slice(0, TREND_DAYS + 1)}
              newLeadsHref={newLeadsHref()}
              trend={wholeWeeks(trend)}
              workspace={place}
              timezone={timezone}
              currency={currency}
            />
            {!isPast(place) && (
              <RecentCard
                groups={data.changes}
                since={data.since}
                workspace={slug}
                timezone={timezone}
                now={now}
              />
            )}
            <div class="mt-4 grid gap-4 lg:grid-cols-2 items-start">
              <div class="grid gap-4 min-w-0">
                <LeadTrend weeks={trend} workspace={place} keep={data.query} />
                <NewLeadSources
                  rows={newLeadsBySource(leads, period, timezone)}
                  period={periodWords(period, timezone)}
                  hrefOf={newLeadsHref}
                  href={pageHref("/leads", place, data.query) + "#sources"}
                />
                <UpcomingCard
                  rows={data.upcoming}
                  more={data.more}
                  notKept={data.untold}
                  connected={sync.streams.activities?.status !==
                    "not_connected"}
                  now={now}
                  workspace={place}
                  timezone={timezone}
                  href={pageHref("/schedule", place)}
                />
              </div>
              <div class="grid gap-4 min-w-0">
                <StageLeadsCard
                  view={pipeline}
                  qualifiedLeads={leads.qualifiedLeads}
                  currency={currency}
                  workspace={place}
                />
                <LatestReport
                  href={pageHref("/reports", slug)}
                  latestHref={pageHref("/reports/latest", slug)}
                />
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
