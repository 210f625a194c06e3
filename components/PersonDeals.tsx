import { type Deal, formatMoney, sumDeals } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { type Column, DataTable } from "./DataTable.tsx";
import { STANDING_WORDS } from "./deal_words.ts";
import { EmptyState } from "./EmptyState.tsx";
import { counted } from "./sentences.ts";

const COLUMNS: ReadonlyArray<Column<Deal>> = [
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

export interface PersonDealsProps {
  deals: readonly Deal[];
  currency: string;
  timezone: string;
}

/** A person's opportunities with what they are worth. */
export function PersonDeals({ deals, currency, timezone }: PersonDealsProps) {
  const sums = sumDeals(deals);
  return (
    <Card
      id="opportunities"
      title={counted(deals.length, "opportunity", "opportunities")}
      says={deals.length > 0
        ? "Weighted value is deal size times the likelihood of the stage."
        : null}
    >
      {deals.length === 0
        ? (
          <EmptyState title="There is no opportunity.">
            ClientTether lists none for this person.
          </EmptyState>
        )
        : (
          <DataTable
            stacks
            caption="Opportunities"
            columns={COLUMNS}
            rows={deals}
            rowKey={({ id }) => id}
            currency={currency}
            timezone={timezone}
            empty=""
            {...(deals.length > 1 && {
              totals: [
                "Total",
                formatMoney(sums.valueCents, currency),
                "",
                formatMoney(sums.weightedCents, currency),
                "",
                "",
              ],
            })}
          />
        )}
    </Card>
  );
}
