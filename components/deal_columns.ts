import { type Deal, type DealSums, formatMoney } from "../lib/domain/mod.ts";
import type { Column } from "./DataTable.tsx";
import { STANDING_WORDS } from "./deal_words.ts";

/** What a table says of a deal, whoever's it is. */
export const DEAL_COLUMNS: ReadonlyArray<Column<Deal>> = [
  { kind: "badge", head: "Stage", value: ({ stage }) => ({ text: stage }) },
  {
    kind: "money",
    head: "Deal size",
    value: ({ dealSizeCents }) => dealSizeCents,
  },
  { kind: "percent", head: "Likely %", value: ({ likelyPct }) => likelyPct },
  {
    kind: "money",
    head: "Weighted",
    value: ({ weightedCents }) => weightedCents,
  },
  {
    kind: "text",
    head: "Counts",
    value: ({ standing }) => STANDING_WORDS[standing],
  },
  { kind: "date", head: "Updated", value: ({ updatedAt }) => updatedAt },
];

/** The sums below {@linkcode DEAL_COLUMNS}, from the deal size on. */
export function dealTotals(
  { valueCents, weightedCents }: DealSums,
  currency: string,
): string[] {
  const money = (cents: number) => formatMoney(cents, currency);
  return [money(valueCents), "", money(weightedCents), "", ""];
}
