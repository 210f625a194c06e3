import type { Place } from "./links.ts";
import {
  formatCount,
  formatMoneyCompact,
  type Kpis,
  type PipelineView,
} from "../lib/domain/mod.ts";
import { Cards } from "./Cards.tsx";
import { since } from "./delta_text.ts";
import { kept } from "./kept.ts";
import { KPICard } from "./KPICard.tsx";
import { dealsHref } from "./person_links.ts";
import { counted } from "./sentences.ts";

export interface PipelineCardsProps {
  view: PipelineView;
  /** The newest figures from before the period; null where there are none. */
  before: Kpis | null;
  workspace: Place;
  currency: string;
}

/** The three figures of the pipeline. */
export const PipelineCards = kept(function PipelineCards(
  { view, before, workspace, currency }: PipelineCardsProps,
) {
  const { totalValueCents, weightedValueCents, stageCount, stages } = view;
  const why = view.reasons.pipeline;
  return (
    <Cards count={3}>
      <KPICard
        label="Total Pipeline Value"
        value={formatMoneyCompact(totalValueCents, currency)}
        {...(weightedValueCents === null ? {} : {
          beneath: `${
            formatMoneyCompact(weightedValueCents, currency)
          } weighted`,
        })}
        {...since(
          before,
          "pipelineValueCents",
          totalValueCents,
          (cents) => formatMoneyCompact(cents, currency),
        )}
        subtitle={why ??
          counted(view.opportunities ?? 0, "opportunity", "opportunities")}
        href={dealsHref(workspace)}
      />
      <KPICard
        label="Stage Count"
        value={formatCount(stageCount)}
        subtitle={why ??
          `of ${counted(stages.length, "pipeline stage")} in use`}
        href="#stages"
      />
      <KPICard
        label="Average Deal Size"
        value={formatMoneyCompact(view.averageDealCents, currency)}
        subtitle={why ?? averageSays(view)}
        href={dealsHref(workspace, { group: "sized" })}
      />
    </Cards>
  );
});

function averageSays({ opportunities, unsized }: PipelineView): string {
  const sized = (opportunities ?? 0) - (unsized ?? 0);
  return sized > 0
    ? `of ${counted(sized, "opportunity", "opportunities")} with a size`
    : "No opportunity in the pipeline has a size.";
}
