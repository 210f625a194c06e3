import type { FleetEntry } from "../lib/domain/mod.ts";
import { adminTenantPath, agoText, durationText } from "./admin_words.ts";
import { type Column, DataTable } from "./DataTable.tsx";
import { alertText, runText, STANDING_WORDS } from "./fleet_words.ts";

const COLUMNS: ReadonlyArray<Column<FleetEntry>> = [
  {
    kind: "text",
    head: "Brand",
    value: ({ name }) => name,
    href: adminTenantPath,
  },
  {
    kind: "badge",
    head: "State",
    value: ({ standing }) => STANDING_WORDS[standing],
  },
  {
    kind: "figure",
    head: "Updated",
    value: ({ ageSeconds }) => agoText(ageSeconds),
  },
  {
    kind: "badge",
    head: "Last run",
    value: runText,
    href: (entry) =>
      entry.run.runId === null
        ? undefined
        : `${adminTenantPath(entry)}/runs/${entry.run.runId}`,
  },
  {
    kind: "figure",
    head: "Took",
    value: ({ run: { startedAt, finishedAt, status } }) =>
      startedAt === null || status === "running"
        ? null
        : durationText(startedAt, finishedAt),
  },
  {
    kind: "count",
    head: "Records",
    value: ({ recordsUpdated }) => recordsUpdated,
  },
  {
    kind: "count",
    head: "Quarantined",
    value: ({ quarantined }) => quarantined,
  },
  { kind: "count", head: "KV writes", value: ({ kvWrites }) => kvWrites },
  { kind: "text", head: "Alert", value: ({ alert }) => alertText(alert) },
];

/** The tenants of a fleet, as they come. */
export function FleetTable({ entries }: { entries: readonly FleetEntry[] }) {
  return (
    <DataTable
      stacks
      caption="Brands, the worst first"
      columns={COLUMNS}
      rows={entries}
      rowKey={({ id }) => id}
      empty="There is no such brand."
    />
  );
}
