import type { Place } from "./links.ts";
import {
  formatCount,
  formatMoney,
  formatPercent,
  type PipelineView,
  type StageRow,
} from "../lib/domain/mod.ts";
import { BarList, type BarRow } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { kept } from "./kept.ts";
import { dealsHref } from "./person_links.ts";
import { ScrollBox } from "./ScrollBox.tsx";

export interface StagesCardProps {
  view: PipelineView;
  workspace: Place;
  currency: string;
}

const FIGURES = ["Count", "Value", "Likely"];

/** Opportunities and their value per pipeline stage, in CRM order; qualified stages are emphasised. */
export const StagesCard = kept(function StagesCard(
  { view, workspace, currency }: StagesCardProps,
) {
  const qualified = new Set(
    view.stageLeads.filter((row) => row.qualified).map(({ stage }) => stage),
  );
  const rows = view.stages.map((row) => ({
    ...toBarRow(row, workspace, currency),
    emphasised: qualified.has(row.stage),
  }));
  return (
    <Card
      id="stages"
      title="Pipeline by stage"
      says={rows.length === 0 ? null : sentenceOf(view, qualified.size)}
    >
      {rows.length === 0
        ? (
          <EmptyState title="There are no pipeline stages to show.">
            {view.reasons.pipeline ??
              "They come from ClientTether's sales cycles with the next update."}
          </EmptyState>
        )
        : (
          <StageBars
            caption="Opportunities and value by stage"
            rows={rows}
            totalHref={dealsHref(workspace)}
            totals={[
              formatCount(view.opportunities),
              formatMoney(view.totalValueCents, currency),
              "",
            ]}
          />
        )}
    </Card>
  );
});

/** Active stages after the pipeline, which are in none of its figures. */
export const AfterCard = kept(function AfterCard(
  { rows, workspace, currency }: {
    rows: readonly StageRow[];
    workspace: Place;
    currency: string;
  },
) {
  if (rows.length === 0) return null;
  return (
    <Card
      title="After the pipeline"
      says="Active stages behind the last one of the pipeline. They are in none of the figures above."
    >
      <StageBars
        caption="Opportunities and value after the pipeline"
        rows={rows.map((row) => toBarRow(row, workspace, currency))}
      />
    </Card>
  );
});

function StageBars(
  { caption, rows, totals, totalHref }: {
    caption: string;
    rows: readonly BarRow[];
    totals?: readonly string[];
    totalHref?: string;
  },
) {
  return (
    <ScrollBox label={caption}>
      <div class="px-3">
        <BarList
          caption={caption}
          head="Stage"
          figures={FIGURES}
          rows={rows}
          stacks
          {...(totals ? { totals } : {})}
          {...(totalHref ? { totalHref } : {})}
        />
      </div>
    </ScrollBox>
  );
}

function toBarRow(
  { stage, count, valueCents, likelyPct }: StageRow,
  workspace: Place,
  currency: string,
): BarRow {
  return {
    name: stage,
    href: dealsHref(workspace, { stage }),
    amount: valueCents,
    figures: [
      formatCount(count),
      formatMoney(valueCents, currency),
      formatPercent(likelyPct),
    ],
  };
}

function sentenceOf({ stages }: PipelineView, qualified: number): string {
  const most =
    stages.toSorted((one, other) => other.valueCents - one.valueCents)[0];
  const largest = most && most.valueCents > 0
    ? ` Most value stands at ${most.stage}.`
    : "";
  return `Bars show value, in the order of the CRM.${
    qualified > 0 ? " Those in the accent colour are qualified." : ""
  }${largest}`;
}
