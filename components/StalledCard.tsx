import {
  formatCount,
  formatMoney,
  type StalledDeal,
} from "../lib/domain/mod.ts";
import { candidateColumn } from "./candidate_column.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { pageHref, type Place } from "./links.ts";
import { QUIET, STALLED } from "./person_links.ts";
import { counted } from "./sentences.ts";

/** After how many they are. */
export const STALLED_WORDS =
  "in a stage for more than twice what is usual with this brand, and more than 14 days; the longest first.";

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
  const back = { here: pageHref("/pipeline", props.workspace) };
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
      says={
        <>
          <a class="link" href={pageHref(STALLED, props.workspace)}>
            {counted(count, "deal")}
          </a>
          {` ${STALLED_WORDS}`}
        </>
      }
    >
      <StalledDeals {...props} {...back} deals={stalled.slice(0, SHOWN)} />
      {stalled.length > SHOWN && (
        <details class="mt-3 unfolds">
          <summary class="opens inline-flex items-center min-h-target font-semibold hover:text-accent">
            {counted(stalled.length - SHOWN, "more deal")}
          </summary>
          <StalledDeals
            {...props}
            {...back}
            deals={stalled.slice(SHOWN)}
            isRest
          />
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

export interface StalledDealsProps {
  deals: readonly StalledDeal[];
  /** They stand below others. */
  isRest?: boolean;
  /** The address of the page: the way back. */
  here: string;
  workspace: Place;
  timezone: string;
  currency: string;
}

/** Stalled deals as a table, each with its person. */
export function StalledDeals(
  { deals, isRest, here, workspace, timezone, currency }: StalledDealsProps,
) {
  return (
    <DataTable
      stacks
      caption={isRest
        ? "More stalled deals"
        : "Stalled deals, longest in their stage first"}
      columns={[
        candidateColumn(workspace, here, "Deal"),
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
