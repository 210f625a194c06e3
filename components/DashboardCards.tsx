import {
  type DealGroup,
  formatCount,
  formatMoneyCompact,
  historyOf,
  type Kpis,
  type LeadMetrics,
  type Period,
  type PeriodCount,
  type PipelineView,
} from "../lib/domain/mod.ts";
import { Cards } from "./Cards.tsx";
import { since } from "./delta_text.ts";
import { kept } from "./kept.ts";
import { KPICard } from "./KPICard.tsx";
import { shareOf } from "./LeadsBySource.tsx";
import { pageHref, type Place } from "./links.ts";
import { NewLeadsCard } from "./NewLeadsCard.tsx";
import { dealsHref } from "./person_links.ts";
import { counted } from "./sentences.ts";

export interface DashboardCardsProps {
  leads: LeadMetrics;
  pipeline: PipelineView;
  /** New leads of the chosen period. */
  fresh: PeriodCount;
  period: Period;
  /** The newest figures from before the period; null where there are none. */
  before: Kpis | null;
  /** The figures of the days that are drawn, newest first. */
  history: readonly Kpis[];
  /** The list of the period's new leads. */
  newLeadsHref: string;
  /** New leads by whole week, oldest first. */
  trend: readonly number[];
  workspace: Place;
  timezone: string;
  currency: string;
}

/** The four figures of the dashboard. */
export function DashboardCards(props: DashboardCardsProps) {
  const { leads, pipeline, before, history, workspace, currency } = props;
  return (
    <Cards count={4}>
      <NewLeadsCard
        figures={props.fresh}
        period={props.period}
        timezone={props.timezone}
        href={props.newLeadsHref}
        trend={props.trend}
      />
      <FigureCards
        {...{ leads, pipeline, before, history, workspace, currency }}
      />
    </Cards>
  );
}

/** What does not depend on the period: only what it is compared with. */
const FigureCards = kept(function FigureCards(
  { leads, pipeline, before, history, workspace, currency }: Pick<
    DashboardCardsProps,
    "leads" | "pipeline" | "before" | "history" | "workspace" | "currency"
  >,
) {
  const leadsHref = (kind: string) =>
    pageHref("/leads", workspace, { kind }) + "#list";
  return (
    <>
      <KPICard
        label="Leads in pipeline"
        value={formatCount(leads.inPipeline)}
        {...since(before, "inPipeline", leads.inPipeline)}
        subtitle={leads.inPipeline === null
          ? pipeline.reasons.pipeline
          : ofLeads(leads.inPipeline, leads.totalLeads)}
        href={leadsHref("pipeline")}
        trend={historyOf(history, "inPipeline")}
      />
      <KPICard
        label="Qualified candidates"
        value={formatCount(leads.qualifiedLeads)}
        {...since(before, "qualifiedLeads", leads.qualifiedLeads)}
        subtitle={leads.qualifiedLeads === null
          ? leads.reasons.qualified
          : ofLeads(leads.qualifiedLeads, leads.totalLeads)}
        href={leadsHref("qualified")}
        trend={historyOf(history, "qualifiedLeads")}
      />
      <KPICard
        label="Pipeline value"
        value={formatMoneyCompact(pipeline.totalValueCents, currency)}
        {...(pipeline.weightedValueCents === null ? {} : {
          beneath: `${
            formatMoneyCompact(pipeline.weightedValueCents, currency)
          } weighted`,
        })}
        {...since(
          before,
          "pipelineValueCents",
          pipeline.totalValueCents,
          (cents) => formatMoneyCompact(cents, currency),
        )}
        subtitle={pipeline.totalValueCents === null
          ? pipeline.reasons.pipeline
          : <Coverage view={pipeline} workspace={workspace} />}
        href={dealsHref(workspace)}
        trend={historyOf(history, "pipelineValueCents")}
      />
    </>
  );
});

function ofLeads(count: number, total: number): string {
  const share = shareOf(count, total);
  return `of ${counted(total, "lead")}${share === null ? "" : ` (${share}%)`}`;
}

/** How much of the pipeline the two sums cover, and the lists of what they do not. */
function Coverage(
  { view: { opportunities, unsized, withoutLikelihood }, workspace }: {
    view: PipelineView;
    workspace: Place;
  },
) {
  const link = (group: DealGroup, words: string) => (
    <>
      {" · "}
      <a
        class="link relative inline-block py-1 -my-1"
        href={dealsHref(workspace, { group })}
      >
        {words}
      </a>
    </>
  );
  return (
    <>
      {counted(opportunities ?? 0, "opportunity", "opportunities")}
      {unsized
        ? link("unsized", `${formatCount(unsized)} without a size`)
        : null}
      {withoutLikelihood
        ? link(
          "without-likelihood",
          `${formatCount(withoutLikelihood)} without a likelihood`,
        )
        : null}
    </>
  );
}
