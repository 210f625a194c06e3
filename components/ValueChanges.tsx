import {
  type BridgePart,
  formatMoney,
  formatSigned,
} from "../lib/domain/mod.ts";
import { BRIDGE_WORDS } from "./bridge_words.ts";
import { candidateColumn } from "./candidate_column.ts";
import { DataTable } from "./DataTable.tsx";
import type { Place } from "./links.ts";
import { SeenCard } from "./SeenCard.tsx";
import { counted } from "./sentences.ts";

/** A change of the pipeline's value with the opportunity that made it. */
export interface ValueChange {
  id: string;
  /** Of the candidate; null where ClientTether no longer lists the opportunity. */
  name: string | null;
  clientId: string | null;
  part: BridgePart;
  /** Stages; null where there was, or is, none. */
  from: string | null;
  to: string | null;
  /** By how much, integer cents. */
  cents: number;
  /** Start of the sync that saw it, ISO 8601 UTC. */
  at: string;
}

export interface ValueChangesProps {
  /** The newest first. */
  rows: readonly ValueChange[];
  /** Of all that there are, where not all are shown. */
  count: number;
  cents: number;
  /** The step that the list is narrowed to. */
  part: BridgePart | null;
  /** Between which days, in words. */
  span: string;
  /** The address of this list. */
  here: string;
  workspace: Place;
  currency: string;
  timezone: string;
}

/** The changes that a step of the bridge sums up, with the sum that it says. */
export function ValueChanges(props: ValueChangesProps) {
  const { rows, count, part, timezone, currency } = props;
  const signed = (cents: number) =>
    formatSigned(cents, (value) => formatMoney(value, currency));
  const words = part ? `: ${BRIDGE_WORDS[part].toLowerCase()}` : "";
  return (
    <SeenCard
      title={`${counted(count, "change")} of the value${words}`}
      span={props.span}
      shown={rows.length}
      total={count}
      timezone={timezone}
    >
      <DataTable
        stacks
        caption="Changes of the pipeline's value, the newest first"
        columns={[
          candidateColumn(props.workspace, props.here),
          {
            kind: "text",
            head: "What",
            value: ({ part }) => BRIDGE_WORDS[part],
          },
          { kind: "badge", head: "From", value: ({ from }) => badge(from) },
          { kind: "badge", head: "To", value: ({ to }) => badge(to) },
          { kind: "datetime", head: "Seen", value: ({ at }) => at },
          {
            kind: "figure",
            head: "Value",
            value: ({ cents }) => signed(cents),
          },
        ]}
        rows={rows}
        rowKey={({ at, id }) => `${at} ${id}`}
        timezone={timezone}
        empty="Nothing changed the value like this in the period."
        totals={[
          `Total of ${counted(count, "change")}`,
          ...["", "", "", "", signed(props.cents)],
        ]}
      />
    </SeenCard>
  );
}

function badge(stage: string | null) {
  return stage === null ? null : { text: stage };
}
