import {
  type ActivitySign,
  type DealSums,
  formatCount,
  formatDay,
  formatMoney,
  localDay,
  QUIET_DAYS,
  type QuietDeal,
} from "../lib/domain/mod.ts";
import { candidateColumn } from "./candidate_column.ts";
import { Card } from "./Card.tsx";
import { type Column, DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import type { Place } from "./links.ts";
import { Pagination } from "./Pagination.tsx";
import { counted } from "./sentences.ts";

const SIGN_WORDS: Record<ActivitySign, string> = {
  created: "Created",
  moved: "Moved here",
  note: "Note",
  scheduled: "Scheduled",
};

export interface QuietListProps {
  /** The longest without activity first. */
  rows: readonly QuietDeal[];
  /** Of the whole list, this page's rows among them. */
  sums: DealSums;
  /** Whether the account serves activities. */
  connected: boolean;
  /** The address of this page of the list. */
  here: string;
  first: string | null;
  next: string | null;
  workspace: Place;
  currency: string;
  timezone: string;
}

/** Deals of the pipeline about which nobody has done anything for long, and for which nothing is planned. */
export function QuietList(props: QuietListProps) {
  const { rows, sums, connected } = props;
  const what = connected
    ? "no note, no activity with the person and no move"
    : "no note and no move (this account serves no activities)";
  const title = `${counted(sums.count, "deal")} without activity`;
  return (
    <Card
      id="list"
      title={title}
      says={`In the pipeline with ${what} for more than ${QUIET_DAYS} days, and nothing scheduled; the longest first.`}
    >
      {sums.count === 0
        ? (
          <EmptyState title="Every deal of the pipeline has some activity.">
            {`A deal appears here when more than ${QUIET_DAYS} days have passed since the last, and nothing is scheduled with its person.`}
          </EmptyState>
        )
        : <Deals {...props} />}
      {(props.first || props.next) && (
        <Pagination
          says={`${counted(rows.length, "deal")} on this page, ${
            formatCount(sums.count)
          } in all.`}
          first={props.first}
          next={props.next}
          nextLabel="Shorter ones"
        />
      )}
    </Card>
  );
}

function Deals(props: QuietListProps) {
  const { rows, sums, currency, timezone } = props;
  return (
    <DataTable
      stacks
      caption="Deals without activity, the longest first"
      columns={columnsOf(props)}
      rows={rows}
      rowKey={({ id }) => id}
      currency={currency}
      timezone={timezone}
      empty="There are no more."
      totals={[
        `Total of ${counted(sums.count, "deal")}`,
        ...["", "", "", formatMoney(sums.valueCents, currency), ""],
      ]}
    />
  );
}

function columnsOf(
  { workspace, here, timezone }: QuietListProps,
): ReadonlyArray<Column<QuietDeal>> {
  return [
    candidateColumn(workspace, here),
    { kind: "badge", head: "Stage", value: ({ stage }) => ({ text: stage }) },
    {
      kind: "figure",
      head: "Days without",
      value: ({ days }) => days === null ? null : formatCount(days),
    },
    {
      kind: "text",
      head: "Last activity",
      value: ({ last }) =>
        last &&
        `${SIGN_WORDS[last.sign]}, ${
          formatDay(localDay(Date.parse(last.at), timezone))
        }`,
      missing: "None is known",
    },
    {
      kind: "money",
      head: "Deal size",
      value: ({ dealSizeCents }) => dealSizeCents,
    },
    {
      kind: "text",
      head: "Assigned to",
      value: ({ assignedTo }) => assignedTo,
      missing: "Not recorded",
    },
  ];
}
