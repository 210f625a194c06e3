import type { Place } from "./links.ts";
import type { Deal, DealSums } from "../lib/domain/mod.ts";
import { candidateColumn } from "./candidate_column.ts";
import { Card } from "./Card.tsx";
import { type Column, DataTable } from "./DataTable.tsx";
import { DEAL_COLUMNS, dealTotals } from "./deal_columns.ts";
import { Pagination } from "./Pagination.tsx";
import { counted } from "./sentences.ts";

export interface DealListProps {
  /** The largest first. */
  rows: readonly Deal[];
  /** Of the whole list, this page's rows among them. */
  sums: DealSums;
  /** What the list is narrowed to, in words: "in the pipeline". */
  words: string;
  /** The list of all of them; null where it is the one. */
  allHref: string | null;
  /** The address of this page of the list. */
  here: string;
  first: string | null;
  next: string | null;
  workspace: Place;
  currency: string;
  timezone: string;
}

/** The opportunities behind a figure of the pipeline, with the sums that the figure says. */
export function DealList(props: DealListProps) {
  const { rows, sums, words, allHref, currency, timezone } = props;
  const count = counted(sums.count, "opportunity", "opportunities");
  return (
    <Card
      id="list"
      title={`${count} ${words}`}
      says={
        <>
          The largest deal size first.{" "}
          {allHref && (
            <a class="link" href={allHref}>
              Show the whole pipeline
            </a>
          )}
        </>
      }
    >
      <DataTable
        stacks
        caption="Opportunities, the largest first"
        columns={columnsOf(props)}
        rows={rows}
        rowKey={({ id }) => id}
        currency={currency}
        timezone={timezone}
        empty={`There is no opportunity ${words}.`}
        totals={[`Total of ${count}`, "", ...dealTotals(sums, currency)]}
      />
      {(props.first || props.next) && (
        <Pagination
          says={`${
            counted(rows.length, "opportunity", "opportunities")
          } on this page, ${sums.count.toLocaleString("en-US")} in all.`}
          first={props.first}
          next={props.next}
          nextLabel="Smaller ones"
        />
      )}
    </Card>
  );
}

function columnsOf(
  { workspace, here }: DealListProps,
): ReadonlyArray<Column<Deal>> {
  return [
    candidateColumn(workspace, here),
    ...DEAL_COLUMNS,
  ];
}
