import { FedChart } from "./FedChart.tsx";
import { formatCount, type SourceRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { withOther } from "./chart_items.ts";
import { DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { OtherLink } from "./OtherLink.tsx";

export interface LeadsBySourceProps {
  /** Most leads first. */
  rows: readonly SourceRow[];
  /** New leads of the period by source; null where they are unknown. */
  fresh: readonly SourceRow[] | null;
  /** The period in words. */
  freshWords: string;
  totalLeads: number;
  /** Distinct recorded sources. */
  leadSources: number;
  /** The source that the list below is narrowed to. */
  chosen?: string | undefined;
  /** The list of one source's leads: all of them, the qualified ones, or the new ones of the period. */
  hrefOf: (
    source: string | readonly string[],
    which?: "qualified" | "new",
  ) => string;
}

const MOST_BARS = 10;

/** Where leads come from: bars, and every source in a table. */
export function LeadsBySource(props: LeadsBySourceProps) {
  const { rows, fresh, totalLeads, chosen, hrefOf } = props;
  const newLeads = new Map(fresh?.map(({ name, leads }) => [name, leads]));
  if (rows.length === 0) {
    return (
      <Card id="sources" title="Leads by source">
        <EmptyState title="There are no leads yet.">
          They appear here with the first update that brings some.
        </EmptyState>
      </Card>
    );
  }
  const items = withOther(
    rows.map(({ name, leads }) => ({
      name,
      count: leads,
      href: hrefOf(name),
      chosen: name === chosen,
    })),
    MOST_BARS,
    hrefOf,
  );
  return (
    <Card id="sources" title="Leads by source" says={sentenceOf(props)}>
      <figure class="grid gap-4">
        <FedChart
          kind="bar"
          label={`Bar chart of leads by source. ${sentenceOf(props)}`}
          items={items}
        />
        <DataTable
          caption="Leads by source"
          columns={[
            {
              kind: "text",
              head: "Source",
              value: ({ name }) => name,
              href: ({ name }) => hrefOf(name),
            },
            { kind: "count", head: "Leads", value: ({ leads }) => leads },
            {
              kind: "percent",
              head: "Share",
              value: ({ leads }) => shareOf(leads, totalLeads),
            },
            {
              kind: "count",
              head: "Qualified",
              value: ({ qualified }) => qualified,
              href: ({ name, qualified }) =>
                qualified ? hrefOf(name, "qualified") : undefined,
            },
            {
              kind: "count",
              head: "New",
              value: ({ name }) => fresh && (newLeads.get(name) ?? 0),
              href: ({ name }) =>
                newLeads.has(name) ? hrefOf(name, "new") : undefined,
            },
          ]}
          rows={rows}
          rowKey={({ name }) => name}
          isChosen={({ name }) => name === chosen}
          empty="There are no leads yet."
        />
        <OtherLink items={items} of="sources" />
        <p class="text-small text-ink-3">New: created {props.freshWords}.</p>
      </figure>
    </Card>
  );
}

function sentenceOf(
  { rows, totalLeads, leadSources }: LeadsBySourceProps,
): string {
  const [first] = rows;
  if (!first) return "";
  const share = shareOf(first.leads, totalLeads);
  const sources = `${formatCount(leadSources)} recorded source${
    leadSources === 1 ? "" : "s"
  }`;
  return `${sources}. Most leads: ${first.name}, ${
    formatCount(first.leads)
  } of ${formatCount(totalLeads)}${share === null ? "" : ` (${share}%)`}.`;
}

/** Whole per cent of the total. */
export function shareOf(count: number, total: number): number | null {
  return total > 0 ? Math.round(count / total * 100) : null;
}
