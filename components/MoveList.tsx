import type { StageChange } from "../lib/domain/mod.ts";
import { candidateColumn } from "./candidate_column.ts";
import { DataTable } from "./DataTable.tsx";
import type { Place } from "./links.ts";
import { SeenCard } from "./SeenCard.tsx";
import { counted } from "./sentences.ts";

/** A move with the opportunity that made it. */
export interface MoveRow extends StageChange {
  /** Of the candidate; null where ClientTether no longer lists the opportunity. */
  name: string | null;
  clientId: string | null;
  dealSizeCents: number | null;
}

export interface MoveListProps {
  /** The newest first. */
  rows: readonly MoveRow[];
  /** How many there are, where not all are shown. */
  total: number;
  /** What the list is narrowed to, in words. */
  words: string;
  /** The period in words. */
  period: string;
  /** Whether a move that a sync of this time saw came since the reader's last visit. */
  isNew: (at: string) => boolean;
  /** The address of this list. */
  here: string;
  workspace: Place;
  currency: string;
  timezone: string;
}

/** The moves between stages that a figure counts. */
export function MoveList(props: MoveListProps) {
  const { rows, total, words, period, timezone } = props;
  return (
    <SeenCard
      title={`${counted(total, "move")} ${words}`.trim()}
      span={period}
      shown={rows.length}
      total={total}
      timezone={timezone}
    >
      <DataTable
        stacks
        caption="Moves between stages, the newest first"
        columns={[
          candidateColumn(props.workspace, props.here),
          {
            kind: "badge",
            head: "From",
            value: ({ from }) => ({ text: from }),
          },
          { kind: "badge", head: "To", value: ({ to }) => ({ text: to }) },
          { kind: "datetime", head: "Seen", value: ({ at }) => at },
          {
            kind: "money",
            head: "Deal size",
            value: ({ dealSizeCents }) => dealSizeCents,
          },
        ]}
        rows={rows}
        rowKey={({ at, opportunityId }) => `${at} ${opportunityId}`}
        isNew={({ at }) => props.isNew(at)}
        currency={props.currency}
        timezone={timezone}
        empty="Nothing moved like this in the period."
      />
    </SeenCard>
  );
}
