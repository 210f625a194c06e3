import {
  delta,
  formatCount,
  formatMoneyCompact,
  type WeekFigures,
} from "../lib/domain/mod.ts";
import { deltaText, since } from "./delta_text.ts";
import { type CardDelta, KPICard } from "./KPICard.tsx";
import type { ReportLinks } from "./report_links.ts";
import { counted } from "./sentences.ts";

export interface ReportCardsProps {
  figures: WeekFigures;
  links: ReportLinks;
  currency: string;
}

/** The figures of the week, each beside what it was before the week. */
export function ReportCards({ figures, links, currency }: ReportCardsProps) {
  const { before, notes } = figures;
  const money = (cents: number | null) => formatMoneyCompact(cents, currency);
  const pipelineWhy = notes?.reasons.pipeline ?? "Unknown in that week.";
  return (
    <div class="grid gap-4 grid-cols-2 md:grid-cols-3 print:grid-cols-3 print:gap-2">
      <KPICard
        label="New leads"
        value={formatCount(figures.newLeads)}
        subtitle="Created in the week"
        href={links.newLeads()}
        {...newLeadsDelta(figures)}
      />
      <KPICard
        label="Leads in pipeline"
        value={formatCount(figures.inPipeline)}
        subtitle={figures.inPipeline === null ? pipelineWhy : ofAll(figures)}
        {...linkOf(figures.inPipeline, links.leads("pipeline"))}
        {...since(before, "inPipeline", figures.inPipeline)}
      />
      <KPICard
        label="Qualified candidates"
        value={formatCount(figures.qualifiedLeads)}
        subtitle={figures.qualifiedLeads === null
          ? notes?.reasons.qualified ?? "Unknown in that week."
          : ofAll(figures)}
        {...linkOf(figures.qualifiedLeads, links.leads("qualified"))}
        {...since(before, "qualifiedLeads", figures.qualifiedLeads)}
      />
      <KPICard
        label="Pipeline value"
        value={money(figures.totalValueCents)}
        {...figures.weightedValueCents === null
          ? {}
          : { beneath: `${money(figures.weightedValueCents)} weighted` }}
        {...figures.totalValueCents === null ? { subtitle: pipelineWhy } : {}}
        {...linkOf(figures.totalValueCents, links.deals())}
        {...since(before, "pipelineValueCents", figures.totalValueCents, money)}
      />
      <KPICard
        label="Hot list"
        value={formatCount(figures.hotList)}
        subtitle={figures.hotList === null
          ? notes?.reasons.hot ?? "Unknown in that week."
          : "Opportunities closest to signing"}
        {...linkOf(figures.hotList, links.hotList())}
        {...since(before, "hotList", figures.hotList)}
      />
      <KPICard
        label="Total leads"
        value={formatCount(figures.totalLeads)}
        subtitle="Prospects in ClientTether"
        href={links.leads()}
        {...since(before, "totalLeads", figures.totalLeads)}
      />
    </div>
  );
}

/** What is unknown has no list. */
function linkOf(figure: number | null, href: string): { href?: string } {
  return figure === null ? {} : { href };
}

function newLeadsDelta(
  { newLeads, newLeadsBefore }: WeekFigures,
): { delta?: CardDelta } {
  const change = deltaText(delta(newLeads, newLeadsBefore));
  if (change === null) return {};
  const against = `on the week before (${formatCount(newLeadsBefore)})`;
  return { delta: { ...change, against } };
}

function ofAll({ totalLeads }: WeekFigures): string {
  return `of ${counted(totalLeads, "lead")}`;
}
