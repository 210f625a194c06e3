import {
  delta,
  formatCount,
  type Period,
  type PeriodCount,
} from "../lib/domain/mod.ts";
import { deltaText } from "./delta_text.ts";
import { type CardDelta, KPICard } from "./KPICard.tsx";
import { comparisonWords, periodWords } from "./period_words.ts";

export interface NewLeadsCardProps {
  figures: PeriodCount;
  period: Period;
  timezone: string;
  href: string;
  /** New leads by week, oldest first. */
  trend?: readonly number[];
}

/** New leads of the period, beside the same span before it. */
export function NewLeadsCard(
  { figures, period, timezone, href, trend }: NewLeadsCardProps,
) {
  const change = deltaOf(figures, period, timezone);
  return (
    <KPICard
      label="New leads"
      value={formatCount(figures.count)}
      href={href}
      {...(trend ? { trend } : {})}
      subtitle={figures.count === null
        ? "Unknown: the portal does not keep the figures of these days any more, or not yet."
        : periodWords(period, timezone)}
      {...(change ? { delta: change } : {})}
    />
  );
}

function deltaOf(
  { count, comparison }: PeriodCount,
  period: Period,
  timezone: string,
): CardDelta | null {
  const change = deltaText(delta(count, comparison));
  if (change === null) return null;
  const against = comparisonWords(period, timezone);
  return { ...change, against: `on ${against} (${formatCount(comparison)})` };
}
