import {
  formatCount,
  formatMoney,
  type StalledDeal,
} from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { pageHref, type Place } from "./links.ts";
import { personHref, QUIET } from "./person_links.ts";
import { counted } from "./sentences.ts";

/** Deals that are seen at once; the others are folded. */
const SHOWN = 10;

export interface StalledCardProps {
  /** Null: the day's figures do not tell. */
  stalled: readonly StalledDeal[] | null;
  /** All of them, named or not. */
  count: number;
  workspace: Place;
  timezone: string;
  currency: string;
}

/** Deals that have been in their stage for longer than is usual with this brand. */
export function StalledCard(props: StalledCardProps) {
  const { stalled, count } = props;
  const title = "Stalled deals";
  const aside = <QuietLink workspace={props.workspace} />;
  if (!stalled || stalled.length === 0) {
    return (
      <Card id="stalled" title={title} aside={aside}>
        <EmptyState
          title={stalled ? "No deal is stalled." : "Not told by these figures."}
        >
          {stalled
            ? "Deals appear here that have been in their stage for more than twice the brand's own median, and more than 14 days."
            : "Times in stages are part of the figures from the next update on."}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card
      id="stalled"
      title={title}
      aside={aside}
      says={`${
        counted(count, "deal")
      } in a stage for more than twice what is usual with this brand, and more than 14 days; the longest first.`}
    >
      <Deals {...props} deals={stalled.slice(0, SHOWN)} />
      {stalled.length > SHOWN && (
        <details class="mt-3 unfolds">
          <summary class="opens inline-flex items-center min-h-target font-semibold hover:text-accent">
            {counted(stalled.length - SHOWN, "more deal")}
          </summary>
          <Deals {...props} deals={stalled.slice(SHOWN)} isRest />
        </details>
      )}
      {count > stalled.length && (
        <p class="mt-2 text-small text-ink-3">
          {`Named are those with the longest stays in each stage, ${
            formatCount(stalled.length)
          } of ${formatCount(count)}.`}
        </p>
      )}
    </Card>
  );
}

function QuietLink({ workspace }: { workspace: Place }) {
  return (
    <a
      class="link text-small inline-flex items-center min-h-target lg:min-h-[1.5rem]"
      href={pageHref(QUIET, workspace)}
    >
      Deals without activity
    </a>
  );
}

function Deals(
  { deals, isRest, workspace, timezone, currency }: StalledCardProps & {
    deals: readonly StalledDeal[];
    isRest?: boolean;
  },
) {
  return (
    <DataTable
      stacks
      caption={isRest
        ? "More stalled deals"
        : "Stalled deals, longest in their stage first"}
      columns={[
        {
          kind: "text",
          head: "Deal",
          value: ({ name }) => name,
          href: ({ clientId }) =>
            clientId === null ? undefined : personHref(
              workspace,
              clientId,
              pageHref("/pipeline", workspace),
            ),
        },
        {
          kind: "badge",
          head: "Stage",
          value: ({ stage }) => ({ text: stage }),
        },
        {
          kind: "figure",
          head: "Days in stage",
          value: ({ days, atLeast }) =>
            `${atLeast ? "at least " : ""}${formatCount(days)}`,
        },
        {
          kind: "figure",
          head: "Usual (median)",
          value: ({ medianDays }) =>
            medianDays === null ? null : String(medianDays),
        },
        {
          kind: "figure",
          head: "Size",
          value: ({ dealSizeCents }) => formatMoney(dealSizeCents, currency),
        },
        {
          kind: "date",
          head: "Last note",
          value: ({ lastNoteAt }) => lastNoteAt,
        },
      ]}
      rows={deals}
      rowKey={({ id }) => id}
      timezone={timezone}
      empty=""
    />
  );
}
