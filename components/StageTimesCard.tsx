import {
  formatCount,
  LEAST_STAYS,
  type ShownStageTimes,
  type StageTimesShown,
} from "../lib/domain/mod.ts";
import { BarList } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { counted } from "./sentences.ts";

/** How long opportunities stay in each stage of the pipeline, by the stays that have ended. */
export function StageTimesCard(
  { times }: { times: Pick<StageTimesShown, "stages" | "medianDays"> | null },
) {
  const stages = times?.stages;
  const title = "Time in stage";
  const ended = (stages ?? []).reduce((sum, row) => sum + row.ended, 0);
  if (!times || !stages || ended === 0) {
    return (
      <Card id="times" title={title}>
        <EmptyState title="No opportunity has left a stage yet.">
          How long a stay lasts is known once an update has seen it begin and
          another has seen it end.
        </EmptyState>
      </Card>
    );
  }
  const known = stages.filter((row) => row.ended > 0);
  const others = stages.length - known.length;
  return (
    <Card id="times" title={title} says={sentenceOf(stages, ended)}>
      <BarList
        caption="Time in stage, in days"
        head="Stage"
        figures={["Median", "Half between", "Ended"]}
        rows={known.map(({ stage, medianDays, middleDays, ended }) => ({
          name: stage,
          amount: medianDays ?? 0,
          emphasised: true,
          figures: [
            daysOf(medianDays),
            middleDays ? `${middleDays[0]} and ${middleDays[1]} days` : "–",
            formatCount(ended),
          ],
        }))}
        totals={[daysOf(times.medianDays), "", formatCount(ended)]}
        stacks
      />
      <p class="mt-2 text-small text-ink-3">
        {`A median is told where at least ${LEAST_STAYS} stays have ended whose beginning an update saw.`}
        {others > 0 && ` In ${counted(others, "other stage")} none has.`}
      </p>
    </Card>
  );
}

function sentenceOf(stages: readonly ShownStageTimes[], ended: number): string {
  const told = stages.filter(({ medianDays }) => medianDays !== null);
  const slowest = told.toSorted((a, b) => b.medianDays! - a.medianDays!)[0];
  const most = slowest
    ? ` Slowest: ${slowest.stage}, ${
      daysOf(slowest.medianDays)
    } days in the middle of all.`
    : "";
  return `Days from entering a stage to leaving it, of ${
    counted(ended, "stay")
  } that ended.${most}`;
}

/** Half a day between two in the middle. */
function daysOf(days: number | null): string {
  return days === null ? "–" : String(days);
}
