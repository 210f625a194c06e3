import { type Deal, sumDeals } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { DEAL_COLUMNS, dealTotals } from "./deal_columns.ts";
import { EmptyState } from "./EmptyState.tsx";
import { counted } from "./sentences.ts";

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
            columns={DEAL_COLUMNS}
            rows={deals}
            rowKey={({ id }) => id}
            currency={currency}
            timezone={timezone}
            empty=""
            {...(deals.length > 1 && {
              totals: ["Total", ...dealTotals(sums, currency)],
            })}
          />
        )}
    </Card>
  );
}
