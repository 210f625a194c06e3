import type { RecentChange, RecentKind } from "../lib/domain/mod.ts";
import { type Column, DataTable } from "./DataTable.tsx";
import { pageHref } from "./links.ts";
import { noteHref, personHref } from "./person_links.ts";
import { RECENT_TITLES } from "./recent_words.ts";

export interface RecentTableProps {
  kind: RecentKind;
  /** Newest first. */
  rows: readonly RecentChange[];
  workspace: string;
  timezone: string;
}

/** What a change is about, the thing itself, and its time, as headings. */
const HEADS: Record<RecentKind, [who: string, what: string, when?: string]> = {
  leads: ["Name", "Source", "Created"],
  moves: ["Candidate", "Move"],
  notes: ["Author", "Note", "Date"],
  planned: ["Contact", "Type", "Takes place"],
  cancelled: ["Contact", "Type", "Would have taken place"],
};

/** Changes of one kind, each with the thing that it is about. */
export function RecentTable(
  { kind, rows, workspace, timezone }: RecentTableProps,
) {
  const [who, what, when] = HEADS[kind];
  const list = pageHref("/changes", workspace, { kind });
  const isNote = kind === "notes";
  const columns: Column<RecentChange>[] = [
    {
      kind: "text",
      head: who,
      value: (change) => change.who,
      missing: isNote ? "Not recorded" : "Unnamed",
      href: ({ leadId }) =>
        isNote || leadId === null
          ? undefined
          : personHref(workspace, leadId, list),
    },
    {
      kind: "text",
      head: what,
      wide: true,
      value: (change) => change.what,
      missing: isNote ? "A note without text" : "Not recorded",
      href: ({ id }) => isNote ? noteHref(workspace, id, { list }) : undefined,
    },
    ...when
      ? [
        {
          kind: "datetime",
          head: when,
          value: (change: RecentChange) => change.when,
        } as const,
      ]
      : [],
    { kind: "datetime", head: "Seen first", value: ({ at }) => at },
  ];
  return (
    <DataTable
      stacks
      caption={RECENT_TITLES[kind]}
      columns={columns}
      rows={rows}
      rowKey={({ id, at }) => `${at} ${id}`}
      timezone={timezone}
      empty="Nothing of this kind since then."
    />
  );
}
