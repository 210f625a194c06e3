import {
  type Delta,
  delta,
  formatCount,
  formatDayShort,
  formatPercent,
  formatSigned,
  type KeptFigure,
  type Kpis,
} from "../lib/domain/mod.ts";
import type { CardDelta } from "./KPICard.tsx";

/**
 * How a figure has changed, with its sign and, from a base that bears one, its percentage: "+6 (+19%)". Null where
 * either figure is unknown.
 *
 * @param format of the figure itself
 */
export function deltaText(
  { difference, percent }: Delta,
  format: (value: number | null) => string = formatCount,
): Pick<CardDelta, "text" | "tone"> | null {
  if (difference === null) return null;
  const rounded = percent === null
    ? null
    : Math.sign(percent) * Math.round(Math.abs(percent));
  const share = rounded === null
    ? ""
    : ` (${formatSigned(rounded, formatPercent)})`;
  return {
    text: `${formatSigned(difference, format)}${share}`,
    tone: difference > 0 ? "up" : difference < 0 ? "down" : "neither",
  };
}

/** How a figure has changed since a day before; nothing where either is unknown. */
export function since(
  before: Kpis | null,
  name: KeptFigure,
  value: number | null,
  format: (value: number | null) => string = formatCount,
): { delta?: CardDelta } {
  const earlier = before?.[name] ?? null;
  const change = deltaText(delta(value, earlier), format);
  if (!before || change === null) return {};
  const against = `on ${formatDayShort(before.day)} (${format(earlier)})`;
  return { delta: { ...change, against } };
}
