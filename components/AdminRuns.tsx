import type { SyncRun } from "../lib/domain/mod.ts";
import { durationText, runWord } from "./admin_words.ts";
import { type Column, DataTable } from "./DataTable.tsx";

/** A run in a list; where runs of several brands stand together, whose it is. */
export interface AdminRun {
  run: SyncRun;
  href: string;
  brand?: string;
}

/** Runs, newest first. */
export function AdminRuns(
  { runs, empty }: { runs: readonly AdminRun[]; empty: string },
) {
  const brand: Column<AdminRun> = {
    kind: "text",
    head: "Brand",
    value: ({ brand }) => brand ?? null,
  };
  return (
    <DataTable
      stacks
      caption="Sync runs"
      columns={[
        {
          kind: "datetime",
          head: "Started",
          value: ({ run }) => run.startedAt,
          href: ({ href }) => href,
        },
        ...runs.some((row) => row.brand !== undefined) ? [brand] : [],
        {
          kind: "text",
          head: "Took",
          value: ({ run }) => durationText(run.startedAt, run.finishedAt),
        },
        {
          kind: "badge",
          head: "Status",
          value: ({ run }) => runWord(run.status),
        },
        {
          kind: "count",
          head: "Records updated",
          value: ({ run }) => run.recordsUpdated,
        },
        {
          kind: "text",
          head: "Message",
          wide: true,
          value: ({ run }) => run.errorMessage,
        },
      ]}
      rows={runs}
      rowKey={({ run }) => run.id}
      timezone="UTC"
      empty={empty}
    />
  );
}
