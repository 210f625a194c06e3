import { page } from "fresh";
import { Cards } from "../../components/Cards.tsx";
import { KPICard } from "../../components/KPICard.tsx";
import { LeadList } from "../../components/LeadList.tsx";
import { LeadsBySource, shareOf } from "../../components/LeadsBySource.tsx";
import { LeadsByStatus } from "../../components/LeadsByStatus.tsx";
import { hereHref } from "../../components/links.ts";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { leadRemarks } from "../../components/sentences.ts";
import { formatCount } from "../../lib/domain/mod.ts";
import {
  cursorParam,
  defineInWorkspace,
  parseQuery,
  textParam,
} from "../../lib/web/mod.ts";

const QUERY = {
  source: textParam(),
  stage: textParam(),
  search: textParam(),
  cursor: cursorParam(),
};
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace: { store, sync } } }) {
    const { cursor, ...query } = parseQuery(url, QUERY);
    const [views, list] = await Promise.all([
      sync.viewDay === null ? null : store.views(sync.viewDay),
      store.listLeads({
        limit: PAGE_SIZE,
        ...query.source ? { source: query.source } : {},
        ...query.stage ? { stage: query.stage } : {},
        ...query.search ? { search: query.search } : {},
        ...cursor ? { cursor } : {},
      }),
    ]);
    return page({
      query,
      list,
      isFirstPage: cursor === undefined,
      metrics: views?.leads ?? null,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Leads({ data, state }) {
    const { tenant: { slug, timezone }, sync } = state.workspace;
    const { metrics, query } = data;
    const listHref = (filter: { source?: string; stage?: string }) =>
      hereHref(slug, { search: query.search, ...filter }) + "#list";
    return (
      <>
        <PageHead title="Leads" {...pageHeadProps(state)} />
        {!metrics ? <NoFigures status={sync.status} /> : (
          <>
            <Cards count={3}>
              <KPICard
                label="Total Leads"
                value={formatCount(metrics.totalLeads)}
                subtitle={metrics.createdUnknown > 0
                  ? `${formatCount(metrics.createdUnknown)} without a date`
                  : "Each person counted once"}
                href="#list"
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
                totalLeads={metrics.totalLeads}
                leadSources={metrics.leadSources}
                chosen={query.source}
                hrefOf={(source) => listHref({ source })}
              />
              <LeadsByStatus
                rows={metrics.byStatus}
                totalLeads={metrics.totalLeads}
                hrefOf={(stage) => listHref({ stage })}
              />
            </div>
            <Remarks sentences={leadRemarks(metrics)} />
          </>
        )}
        <LeadList
          list={data.list}
          query={query}
          isFirstPage={data.isFirstPage}
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
