import { formatCount, formatMoney, type HotItem } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { type Column, DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { pageHref } from "./links.ts";
import { personHref } from "./person_links.ts";
import { counted } from "./sentences.ts";

export interface HotListCardProps {
  /** Highest weighted IFF first; those without one last. */
  rows: readonly HotItem[];
  /** Why there is no hot list, where a boundary is unknown. */
  reason: string | null;
  /** The stages between which the list lies. */
  from: string;
  to: string;
  currency: string;
  workspace: string;
}

const columns = (workspace: string): ReadonlyArray<Column<HotItem>> => [
  {
    kind: "text",
    head: "Candidate Name",
    value: ({ candidateName }) => candidateName,
    href: ({ clientId }) =>
      clientId
        ? personHref(workspace, clientId, pageHref("/hot-list", workspace))
        : undefined,
  },
  {
    kind: "text",
    head: "Market",
    value: ({ market }) => market,
    missing: "Not recorded",
  },
  { kind: "count", head: "Units", value: ({ units }) => units },
  {
    kind: "money",
    head: "Weighted IFF",
    value: ({ weightedIffCents }) => weightedIffCents,
  },
  {
    kind: "badge",
    head: "Stage",
    value: ({ stage }) => ({ text: stage, tone: "accent" }),
  },
  { kind: "percent", head: "Likely %", value: ({ likelyPct }) => likelyPct },
];

/** The candidates closest to signing, with their totals; those without a weighted IFF are folded, never lost. */
export function HotListCard(props: HotListCardProps) {
  const { rows, reason, from, to, currency, workspace } = props;
  const weighted = rows.filter((row) => row.weightedIffCents !== null);
  const others = rows.filter((row) => row.weightedIffCents === null);
  if (rows.length === 0) {
    return (
      <EmptyState title="There is no candidate on the hot list.">
        {reason ??
          `Opportunities appear here when they reach a stage from ${from} to ${to}.`}
      </EmptyState>
    );
  }
  return (
    <Card
      title={counted(rows.length, "candidate")}
      says={`In active stages from ${from} to ${to}, highest weighted IFF first.`}
    >
      <DataTable
        stacks
        caption="Hot list, highest weighted IFF first"
        columns={columns(workspace)}
        rows={weighted}
        rowKey={({ id }) => id}
        currency={currency}
        empty="No candidate has both a deal size and a likelihood."
        totals={totalsOf(weighted, currency)}
      />
      {others.length > 0 && (
        <details class="mt-3">
          <summary class="opens inline-flex items-center min-h-target font-semibold hover:text-accent">
            {counted(others.length, "candidate")}{" "}
            without a deal size or a likelihood
          </summary>
          <DataTable
            stacks
            caption="Hot list, candidates without a weighted IFF"
            columns={columns(workspace)}
            rows={others}
            rowKey={({ id }) => id}
            currency={currency}
            empty=""
          />
        </details>
      )}
    </Card>
  );
}

/** The sums of the rows above; candidates whose units are not recorded add nothing to theirs. */
function totalsOf(rows: readonly HotItem[], currency: string): string[] {
  const iff = rows.reduce((sum, row) => sum + (row.weightedIffCents ?? 0), 0);
  const known = rows.flatMap(({ units }) => units ?? []);
  const units = known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  return [
    `Total of ${counted(rows.length, "candidate")}`,
    "",
    formatCount(units),
    formatMoney(iff, currency),
    "",
    "",
  ];
}
