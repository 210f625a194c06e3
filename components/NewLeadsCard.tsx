import {
  delta,
  formatCount,
  formatPercent,
  formatSigned,
  formatSpan,
  type NewLeads,
} from "../lib/domain/mod.ts";
import { type CardDelta, KPICard } from "./KPICard.tsx";

export interface NewLeadsCardProps {
  figures: NewLeads;
  timezone: string;
  href: string;
  /** New leads by week, oldest first. */
  trend: readonly number[];
}

/** New leads of the window, beside the same span one week before. */
export function NewLeadsCard(
  { figures, timezone, href, trend }: NewLeadsCardProps,
) {
  const change = deltaOf(figures, timezone);
  const span = formatSpan(figures.from, figures.to, timezone);
  return (
    <KPICard
      label="New leads"
      value={formatCount(figures.count)}
      href={href}
      trend={trend}
      subtitle={figures.count === null
        ? "Unknown until the next complete update: the figures are too old for this span."
        : span}
      {...(change ? { delta: change } : {})}
    />
  );
}

function deltaOf(figures: NewLeads, timezone: string): CardDelta | null {
  const { count, comparison, comparisonFrom, comparisonTo } = figures;
  const { difference, percent } = delta(count, comparison);
  if (difference === null) return null;
  const rounded = percent === null ? null : Math.round(percent);
  const share = rounded === null
    ? ""
    : ` (${formatSigned(rounded, formatPercent)})`;
  return {
    text: `${formatSigned(difference)}${share}`,
    tone: difference > 0 ? "up" : difference < 0 ? "down" : "neither",
    against: `on ${formatSpan(comparisonFrom, comparisonTo, timezone)} (${
      formatCount(comparison)
    })`,
  };
}
