import { page } from "fresh";
import { Cards } from "../../components/Cards.tsx";
import { KPICard } from "../../components/KPICard.tsx";
import { type LeadFilter, LeadList } from "../../components/LeadList.tsx";
import { LeadsBySource, shareOf } from "../../components/LeadsBySource.tsx";
import { LeadsByStatus } from "../../components/LeadsByStatus.tsx";
import { hereHref } from "../../components/links.ts";
import { NewLeadsCard } from "../../components/NewLeadsCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { periodWords } from "../../components/period_words.ts";
import { PeriodMenu } from "../../components/PeriodMenu.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { leadRemarks } from "../../components/sentences.ts";
import {
  formatCount,
  newLeadsBySource,
  newLeadsIn,
  periodOf,
} from "../../lib/domain/mod.ts";
import {
  createdParam,
  cursorParam,
  defineInWorkspace,
  orDefault,
  readPeriod,
  readQuery,
  textParam,
} from "../../lib/web/mod.ts";

const QUERY = {
  source: textParam(),
  stage: textParam(),
  search: textParam(),
  created: createdParam(),
  cursor: cursorParam(),
};
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, sync, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { values: { cursor, ...query }, problems } = readQuery(url, QUERY);
    const asked = orDefault(
      () => readPeriod(url, now, timezone),
      () => ({ period: periodOf({ kind: "week" }, now, timezone), query: {} }),
    );
    const { period } = asked.value;
    const [views, list] = await Promise.all([
      sync.viewDay === null ? null : store.views(sync.viewDay),
      store.listLeads({
        limit: PAGE_SIZE,
        ...query.source ? { source: query.source } : {},
        ...query.stage ? { stage: query.stage } : {},
        ...query.search ? { search: query.search } : {},
        ...query.created ? { created: period } : {},
        ...cursor ? { cursor } : {},
      }),
    ]);
    return page({
      query,
      period,
      periodQuery: asked.value.query,
      problems: [...problems, ...asked.problem ? [asked.problem] : []],
      list,
      cursor,
      metrics: views?.leads ?? null,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Leads({ data, state }) {
    const { tenant: { slug, timezone }, sync } = state.workspace;
    const { metrics, query, period, periodQuery } = data;
    const listHref = (filter: LeadFilter) =>
      hereHref(slug, { search: query.search, ...periodQuery, ...filter }) +
      "#list";
    return (
      <>
        <PageHead
          title="Leads"
          {...pageHeadProps(state)}
          period={periodWords(period, timezone)}
        >
          {metrics && (
            <PeriodMenu period={period} workspace={slug} keep={query} />
          )}
        </PageHead>
        <QueryNotice problems={data.problems} />
        {!metrics ? <NoFigures status={sync.status} /> : (
          <>
            <Cards count={4}>
              <NewLeadsCard
                figures={newLeadsIn(metrics, period, timezone)}
                period={period}
                timezone={timezone}
                href={listHref({ created: "period" })}
              />
              <KPICard
                label="Total Leads"
                value={formatCount(metrics.totalLeads)}
                subtitle={metrics.createdUnknown > 0
                  ? `${formatCount(metrics.createdUnknown)} without a date`
                  : "Each person counted once"}
                href={listHref({})}
              />
              <KPICard
                label="Qualified Leads"
                value={formatCount(metrics.qualifiedLeads)}
                subtitle={metrics.reasons.qualified ??
                  `${
                    formatShare(metrics.qualifiedLeads, metrics.totalLeads)
                  } of all leads`}
                href="#status"
              />
              <KPICard
                label="Lead Sources"
                value={formatCount(metrics.leadSources)}
                subtitle="Different recorded sources"
                href="#sources"
              />
            </Cards>
            <div class="mt-4 grid gap-4 lg:grid-cols-2 items-start">
              <LeadsBySource
                rows={metrics.bySource}
                fresh={newLeadsBySource(metrics, period, timezone)}
                freshWords={periodWords(period, timezone)}
                totalLeads={metrics.totalLeads}
                leadSources={metrics.leadSources}
                chosen={query.source}
                hrefOf={(source) => listHref({ source })}
              />
              <LeadsByStatus
                rows={metrics.byStatus}
                totalLeads={metrics.totalLeads}
                hrefOf={(stage) =>
                  listHref({ stage })}
              />
            </div>
            <Remarks sentences={leadRemarks(metrics)} />
          </>
        )}
        <LeadList
          list={data.list}
          query={query}
          period={periodWords(period, timezone)}
          periodQuery={periodQuery}
          isFirstPage={data.cursor === undefined}
          cursor={data.cursor}
          workspace={slug}
          timezone={timezone}
        />
      </>
    );
  },
);

function formatShare(count: number | null, total: number): string {
  const share = count === null ? null : shareOf(count, total);
  return share === null ? "–" : `${share}%`;
}
