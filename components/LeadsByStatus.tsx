import { FedChart } from "./FedChart.tsx";
import { formatCount, type StatusRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { withOther } from "./chart_items.ts";
import { cx } from "./cx.ts";
import { OtherLink } from "./OtherLink.tsx";
import { shareOf } from "./LeadsBySource.tsx";
import { ScrollBox } from "./ScrollBox.tsx";
import { EmptyState } from "./EmptyState.tsx";

export interface LeadsByStatusProps {
  /** In CRM order, then those that the cycles do not know. */
  rows: readonly StatusRow[];
  totalLeads: number;
  /** The list of the leads of one status, or of several. */
  hrefOf: (...stages: string[]) => string;
}

const MOST_PARTS = 6;

const SERIES = [
  cx("fill-series-1"),
  cx("fill-series-2"),
  cx("fill-series-3"),
  cx("fill-series-4"),
  cx("fill-series-5"),
];
const OTHER = cx("fill-series-6");

/** Where leads stand: a doughnut of the largest, and every status in a table that is its key. */
export function LeadsByStatus(props: LeadsByStatusProps) {
  const { rows, totalLeads, hrefOf } = props;
  if (rows.length === 0) {
    return (
      <Card id="status" title="Leads by status">
        <EmptyState title="There are no leads yet.">
          They appear here with the first update that brings some.
        </EmptyState>
      </Card>
    );
  }
  const bySize = rows.toSorted((one, other) => other.leads - one.leads);
  const items = withOther(
    bySize.map(({ name, leads }) => ({
      name,
      count: leads,
      href: hrefOf(name),
    })),
    MOST_PARTS,
    (stages) => hrefOf(...stages),
  );
  return (
    <Card
      id="status"
      title="Leads by status"
      says={sentenceOf(bySize, totalLeads)}
    >
      <figure class="grid gap-4">
        <FedChart
          kind="doughnut"
          label={`Doughnut chart of leads by status. ${
            sentenceOf(bySize, totalLeads)
          }`}
          items={items}
        />
        <ScrollBox label="Leads by status">
          <table>
            <caption class="sr-only">Leads by status</caption>
            <thead>
              <tr class="border-b border-line text-xs text-ink-3">
                <th scope="col" class="py-2 px-3">Status</th>
                <th scope="col" class="py-2 px-3 text-right">Leads</th>
                <th scope="col" class="py-2 px-3 text-right">Share</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <StatusLine
                  key={`${row.kind} ${row.name}`}
                  row={row}
                  place={placeOf(row, bySize)}
                  totalLeads={totalLeads}
                  href={hrefOf(row.name)}
                />
              ))}
            </tbody>
          </table>
        </ScrollBox>
        <OtherLink items={items} of="statuses" />
      </figure>
    </Card>
  );
}

function StatusLine(
  { row, place, totalLeads, href }: {
    row: StatusRow;
    place: number | null;
    totalLeads: number;
    href: string;
  },
) {
  const share = shareOf(row.leads, totalLeads);
  return (
    <tr class="border-b border-line last:border-b-0">
      <th scope="row" class="py-2 px-3 font-semibold">
        <span class="inline-flex items-center gap-2">
          <svg
            class="flex-none w-3 h-3 no-print"
            viewBox="0 0 10 10"
            aria-hidden="true"
          >
            <rect
              width="10"
              height="10"
              rx="2"
              class={place === null ? OTHER : SERIES[place]}
            />
          </svg>
          <span>
            <a class="link inline-block py-2 -my-2" href={href}>{row.name}</a>
            {row.kind !== "active" && (
              <span class="ml-1 font-normal text-ink-3">· {row.kind}</span>
            )}
          </span>
        </span>
      </th>
      <td class="py-2 px-3 text-right">{formatCount(row.leads)}</td>
      <td class="py-2 px-3 text-right">{share === null ? "–" : `${share}%`}</td>
    </tr>
  );
}

/** The series of a row in the doughnut; null where it is part of "Other". */
function placeOf(
  row: StatusRow,
  bySize: readonly StatusRow[],
): number | null {
  const place = bySize.indexOf(row);
  if (bySize.length > MOST_PARTS && place >= MOST_PARTS - 1) return null;
  return place < SERIES.length ? place : null;
}

function sentenceOf(
  [largest]: readonly StatusRow[],
  totalLeads: number,
): string {
  if (!largest) return "";
  return `Most leads stand at ${largest.name}: ${
    formatCount(largest.leads)
  } of ${formatCount(totalLeads)}.`;
}
