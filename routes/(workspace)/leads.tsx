import { page } from "fresh";
import { Cards } from "../../components/Cards.tsx";
import { KPICard } from "../../components/KPICard.tsx";
import { LeadList } from "../../components/LeadList.tsx";
import { LeadsBySource, shareOf } from "../../components/LeadsBySource.tsx";
import { LeadsByStatus } from "../../components/LeadsByStatus.tsx";
import { type ListFrame, viewHref } from "../../components/list_frame.ts";
import { placeOf } from "../../components/links.ts";
import { NewLeadsCard } from "../../components/NewLeadsCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { NotKept } from "../../components/NotKept.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { periodWords } from "../../components/period_words.ts";
import { PeriodMenu } from "../../components/PeriodMenu.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { leadRemarks } from "../../components/sentences.ts";
import {
  formatCount,
  LEAD_LIST,
  type LeadRow,
  type ListView,
  newLeadsBySource,
  newLeadsIn,
  queryOfView,
} from "../../lib/domain/mod.ts";
import {
  askList,
  cursorParam,
  defineInWorkspace,
  newIds,
  readLeadPage,
  readQuery,
  savedViews,
  unknownKind,
  viewQuery,
} from "../../lib/web/mod.ts";

const QUERY = { cursor: cursorParam() };
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state }) {
    const { workspace, services } = state;
    const now = services.clock.now();
    const { asked, problems } = askList(url, LEAD_LIST, workspace, now);
    const { values: { cursor }, problems: unread } = readQuery(url, QUERY);
    const untold = await workspace.store.untold("leads");
    const [saved, views, list, unknown, fresh] = await Promise.all([
      savedViews(state),
      asked.views(),
      untold
        ? null
        : readLeadPage(workspace, asked, { cursor, limit: PAGE_SIZE }),
      unknownKind(asked),
      newIds(workspace, services.clock, "leads"),
    ]);
    return page({
      asked,
      saved: { views: saved, query: viewQuery(url, LEAD_LIST) },
      problems: [
        ...problems.map(({ message }) => message),
        ...unread,
        ...list?.problem ? [list.problem] : [],
        ...unknown ? [unknown] : [],
      ],
      list,
      fresh,
      untold,
      cursor,
      metrics: views.leads,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Leads({ data, state }) {
    const { tenant: { timezone, currency }, sync } = state.workspace;
    const { metrics, list, untold, asked: { view, period, periodQuery } } =
      data;
    const frame: ListFrame<LeadRow> = {
      list: LEAD_LIST,
      view,
      workspace: placeOf(state),
      keep: periodQuery,
      cursor: list?.isFirst ? undefined : data.cursor,
    };
    const narrowed = (change: Partial<ListView>) =>
      viewHref(frame, { filters: {}, created: undefined, ...change });
    return (
      <>
        <PageHead
          title="Leads"
          {...pageHeadProps(state)}
          period={periodWords(period, timezone)}
        >
          {metrics && (
            <PeriodMenu
              period={period}
              workspace={frame.workspace}
              keep={queryOfView(LEAD_LIST, view)}
            />
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
                href={narrowed({ created: "period" })}
              />
              <KPICard
                label="Total Leads"
                value={formatCount(metrics.totalLeads)}
                subtitle={metrics.createdUnknown > 0
                  ? `${formatCount(metrics.createdUnknown)} without a date`
                  : "Each person counted once"}
                href={narrowed({})}
              />
              <KPICard
                label="Qualified Leads"
                value={formatCount(metrics.qualifiedLeads)}
                subtitle={metrics.reasons.qualified ??
                  `${
                    formatShare(metrics.qualifiedLeads, metrics.totalLeads)
                  } of all leads`}
                href={narrowed({ filters: { kind: ["qualified"] } })}
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
                chosen={view.filters.source?.[0]}
                hrefOf={(source, which) =>
                  narrowed({
                    filters: {
                      source: [source].flat(),
                      ...which === "qualified" ? { kind: [which] } : {},
                    },
                    created: which === "new" ? "period" : undefined,
                  })}
              />
              <LeadsByStatus
                rows={metrics.byStatus}
                totalLeads={metrics.totalLeads}
                hrefOf={(...stage) => narrowed({ filters: { stage } })}
              />
            </div>
            <Remarks
              sentences={leadRemarks(
                metrics,
                (kind) => narrowed({ filters: { kind: [kind] } }),
              )}
            />
          </>
        )}
        {list && (
          <LeadList
            frame={frame}
            page={list}
            saved={data.saved}
            whole={sync.prospects}
            metrics={metrics}
            period={periodWords(period, timezone)}
            currency={currency}
            timezone={timezone}
            fresh={data.fresh}
          />
        )}
        {untold && (
          <div id="list" class="mt-4">
            <NotKept what="list of leads" why={untold} figures />
          </div>
        )}
      </>
    );
  },
);

function formatShare(count: number | null, total: number): string {
  const share = count === null ? null : shareOf(count, total);
  return share === null ? "–" : `${share}%`;
}
