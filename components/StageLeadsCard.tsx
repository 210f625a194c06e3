import {
  formatCount,
  formatMoneyCompact,
  type PipelineView,
} from "../lib/domain/mod.ts";
import { BarList, type BarRow } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { kept } from "./kept.ts";
import { pageHref, type Place } from "./links.ts";
import { dealsHref } from "./person_links.ts";

export interface StageLeadsCardProps {
  view: PipelineView;
  qualifiedLeads: number | null;
  currency: string;
  workspace: Place;
}

/** People and money per pipeline stage, in CRM order; qualified stages are emphasised. */
export const StageLeadsCard = kept(function StageLeadsCard(
  { view, qualifiedLeads, currency, workspace }: StageLeadsCardProps,
) {
  const rows = view.stageLeads.map(({ stage, leads, qualified }): BarRow => {
    const row = view.stages.find((row) => row.stage === stage);
    return {
      name: stage,
      href: pageHref("/leads", workspace, { stage }) + "#list",
      amount: leads,
      emphasised: qualified,
      figures: [
        formatCount(leads),
        formatMoneyCompact(row?.valueCents ?? null, currency),
      ],
      figureHrefs: [undefined, dealsHref(workspace, { stage })],
    };
  });
  return (
    <Card
      title="Pipeline by stage"
      says={qualifiedLeads === null
        ? view.reasons.pipeline ?? "Which stages are qualified is unknown."
        : `Bars in the accent colour are qualified: ${
          formatCount(qualifiedLeads)
        } people.`}
    >
      {rows.length > 0
        ? (
          <BarList
            caption="Leads and pipeline value by stage"
            head="Stage"
            figures={["Leads", "Value"]}
            rows={rows}
          />
        )
        : (
          <EmptyState title="There are no pipeline stages to show.">
            {view.reasons.pipeline ??
              "They come from ClientTether's sales cycles with the next update."}
          </EmptyState>
        )}
    </Card>
  );
});
