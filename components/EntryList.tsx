import type { Fate, StageEntry } from "../lib/domain/mod.ts";
import { candidateColumn } from "./candidate_column.ts";
import { DataTable } from "./DataTable.tsx";
import type { Place } from "./links.ts";
import { SeenCard } from "./SeenCard.tsx";
import { counted } from "./sentences.ts";

const FATE_WORDS: Record<Fate, string> = {
  "went-on": "Went on",
  left: "Left the active stages",
  stayed: "Still there, or went back",
};
/** After "entered …": "2 opportunities entered QR Returned and went on". */
const AND: Record<Fate, string> = {
  "went-on": "and went on",
  left: "and left the active stages",
  stayed: "and stayed or went back",
};

/** An entry with the opportunity that made it. */
export interface EntryRow extends StageEntry {
  /** Of the candidate; null where ClientTether no longer lists the opportunity. */
  name: string | null;
  clientId: string | null;
  dealSizeCents: number | null;
}

export interface EntryListProps {
  /** The newest first. */
  rows: readonly EntryRow[];
  /** How many there are, where not all are shown. */
  total: number;
  /** What the list is narrowed to. */
  stage: string | undefined;
  fate: Fate | undefined;
  /** The period in words. */
  period: string;
  /** The address of this list. */
  here: string;
  workspace: Place;
  currency: string;
  timezone: string;
}

/** Who entered a stage in a period, and what became of them: what conversion counts. */
export function EntryList(props: EntryListProps) {
  const { rows, total, stage, fate, timezone } = props;
  const words = [stage ?? "a stage of the pipeline", fate && AND[fate]]
    .filter(Boolean).join(" ");
  return (
    <SeenCard
      title={`${
        stage === undefined
          ? counted(total, "time an opportunity", "times an opportunity")
          : counted(total, "opportunity", "opportunities")
      } entered ${words}`}
      span={props.period}
      shown={rows.length}
      total={total}
      timezone={timezone}
    >
      <DataTable
        stacks
        caption="Entries into stages, the newest first"
        columns={[
          candidateColumn(props.workspace, props.here),
          {
            kind: "badge",
            head: "Entered",
            value: ({ stage }) => ({ text: stage }),
          },
          { kind: "datetime", head: "Seen", value: ({ at }) => at },
          { kind: "text", head: "Then", value: ({ fate }) => FATE_WORDS[fate] },
          {
            kind: "money",
            head: "Deal size",
            value: ({ dealSizeCents }) => dealSizeCents,
          },
        ]}
        rows={rows}
        rowKey={({ id, stage }) => `${id} ${stage}`}
        currency={props.currency}
        timezone={timezone}
        empty="Nobody entered like this in the period."
      />
    </SeenCard>
  );
}
