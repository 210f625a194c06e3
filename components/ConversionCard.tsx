import {
  type Fate,
  formatCount,
  formatPercent,
  LEAST_ENTERED,
  type StageConversion,
} from "../lib/domain/mod.ts";
import { BarList } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { counted } from "./sentences.ts";

export interface ConversionCardProps {
  /** In CRM order. */
  rows: readonly StageConversion[];
  /** The period in words. */
  period: string;
  /** The list of who entered a stage, or any, and of those who met a fate. */
  hrefOf: (of: { stage?: string; fate?: Fate }) => string;
}

/** Of the opportunities that entered a stage in the period, how many went on; stages that none entered are counted. */
export function ConversionCard(
  { rows, period, hrefOf }: ConversionCardProps,
) {
  const title = "Conversion between stages";
  if (rows.every(({ entered }) => entered === 0)) {
    return (
      <Card id="conversion" title={title}>
        <EmptyState title="No opportunity entered a stage.">
          {`Conversion is told of those that enter a stage of the pipeline; none did in this period, ${period}. A longer period may say more.`}
        </EmptyState>
      </Card>
    );
  }
  const left = rows.reduce((sum, row) => sum + row.left, 0);
  const shown = rows.filter(({ entered }) => entered > 0);
  const others = rows.length - shown.length;
  return (
    <Card id="conversion" title={title} says={sentenceOf(rows, period)}>
      <BarList
        caption={title}
        head="Stage entered"
        figures={["Count", "Went on", "Share"]}
        rows={shown.map(({ stage, entered, wentOn, percent }) => ({
          name: stage,
          href: hrefOf({ stage }),
          figureHrefs: [
            hrefOf({ stage }),
            wentOn > 0 ? hrefOf({ stage, fate: "went-on" }) : undefined,
          ],
          amount: percent ?? 0,
          emphasised: true,
          figures: [
            formatCount(entered),
            formatCount(wentOn),
            formatPercent(percent === null ? null : Math.round(percent)),
          ],
        }))}
        stacks
      />
      <p class="mt-2 text-small text-ink-3">
        {`A share is told where at least ${LEAST_ENTERED} entered. The others are still there or went back; of all entries `}
        {left > 0
          ? (
            <a
              class="link inline-block py-1 -my-1"
              href={hrefOf({ fate: "left" })}
            >
              {formatCount(left)}
            </a>
          )
          : formatCount(left)}
        {" ended outside the active stages."}
        {others > 0 && ` Into ${counted(others, "other stage")} none came.`}
      </p>
    </Card>
  );
}

function sentenceOf(rows: readonly StageConversion[], period: string): string {
  const told = rows.filter(({ percent }) => percent !== null);
  const least = told.toSorted((one, other) => one.percent! - other.percent!)[0];
  const weakest = least
    ? ` Fewest went on from ${least.stage}: ${
      counted(least.wentOn, "opportunity", "opportunities")
    } of ${formatCount(least.entered)}.`
    : ` Too few entered any one stage for a share.`;
  return `Of the opportunities that entered a stage, those that went on to a later one in the same period. ${period}.${weakest}`;
}
