import {
  type Delta,
  formatCount,
  formatPercent,
  formatSigned,
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
  const rounded = percent === null ? null : Math.round(percent);
  const share = rounded === null
    ? ""
    : ` (${formatSigned(rounded, formatPercent)})`;
  return {
    text: `${formatSigned(difference, format)}${share}`,
    tone: difference > 0 ? "up" : difference < 0 ? "down" : "neither",
  };
}
