import {
  formatCount,
  formatPercent,
  type SourceRow,
} from "../lib/domain/mod.ts";
import { BarList } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { shareOf } from "./LeadsBySource.tsx";

export interface NewLeadSourcesProps {
  /** Most leads first; null where they are unknown. */
  rows: readonly SourceRow[] | null;
  /** The period in words. */
  period: string;
  /** The list of the new leads of one source, or of all. */
  hrefOf: (source?: string) => string;
  /** The list of all of them. */
  href: string;
}

const MOST = 6;

/** Where the new leads of the period came from, as bars with the share that is qualified by now. */
export function NewLeadSources(
  { rows, period, hrefOf, href }: NewLeadSourcesProps,
) {
  const total = rows?.reduce((sum, { leads }) => sum + leads, 0) ?? 0;
  const title = "Where new leads came from";
  if (!rows || rows.length === 0) {
    return (
      <Card title={title}>
        <EmptyState title={rows ? "No new leads." : "Unknown for these days."}>
          {rows
            ? `Nobody was created in ClientTether in this period, ${period}.`
            : "The portal does not keep the figures of these days any more, or not yet."}
        </EmptyState>
      </Card>
    );
  }
  const [first] = rows;
  const more = rows.length - MOST;
  return (
    <Card
      title={title}
      says={`${first!.name} brought most: ${formatCount(first!.leads)} of ${
        formatCount(total)
      }. ${period}.`}
    >
      <BarList
        caption="New leads by source"
        head="Source"
        figures={["New leads", "Qualified"]}
        rows={rows.slice(0, MOST).map(({ name, leads, qualified }) => ({
          name,
          href: hrefOf(name),
          amount: leads,
          figures: [formatCount(leads), shareText(qualified, leads)],
        }))}
        totalHref={hrefOf()}
        totals={[
          formatCount(total),
          shareText(qualifiedOf(rows), total),
        ]}
      />
      {more > 0 && (
        <p class="mt-2 text-small">
          <a class="link" href={href}>
            {more} more {more === 1 ? "source" : "sources"}
          </a>
        </p>
      )}
    </Card>
  );
}

function qualifiedOf(rows: readonly SourceRow[]): number | null {
  let sum = 0;
  for (const { qualified } of rows) {
    if (qualified === null) return null;
    sum += qualified;
  }
  return sum;
}

function shareText(qualified: number | null, leads: number): string {
  return formatPercent(qualified === null ? null : shareOf(qualified, leads));
}
