import { expect } from "@std/expect";
import type { SimulatedBrand } from "../../../lib/clienttether/simulator/mod.ts";
import type { Lead, LeadMetrics } from "../../../lib/domain/mod.ts";
import { HOUR } from "../../_clock.ts";
import { type Dump, dump, tenantRows } from "../../_dump.ts";
import type { SyncRig } from "../../_sync.ts";

/** Longer than any window over single times. */
const RECENT = 21 * 24 * HOUR;

/**
 * A tenant's rows, comparable with another store's: see `dump`, and neither the order of fields counts nor which of the
 * oldest single times figures still keep. They keep them some days longer than they need, by the hour in which they
 * were computed.
 */
export async function stateOf(
  { kv, clock, tenant }: SyncRig,
  leaveOut: readonly string[],
): Promise<Dump> {
  const rows = await dump(kv, tenant.id, leaveOut);
  const from = (clock.now() - RECENT) / 1000;
  const entries = Object.entries(rows).map(([key, row]) => {
    if (!key.startsWith("lead_metrics /")) return [key, inOrder(row)];
    const view = row as Pick<
      LeadMetrics,
      "createdRecently" | "createdRecentlyFrom"
    >;
    const createdRecently = view.createdRecently.filter((at) => at >= from);
    // They ascend, and both are as long.
    const createdRecentlyFrom = view.createdRecentlyFrom.slice(
      view.createdRecently.length - createdRecently.length,
    );
    return [key, inOrder({ ...view, createdRecently, createdRecentlyFrom })];
  });
  return Object.fromEntries(entries);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, inOrder(field)]),
  );
}

/** The store has the records that are upstream and no others, with the change of a name that the tests make. */
export async function expectUpstream(
  { kv, tenant }: SyncRig,
  brand: SimulatedBrand,
): Promise<void> {
  const stored = (await tenantRows(kv, tenant.id))
    .filter(({ key }) => key[2] === "leads")
    .map(({ value }) => value as Pick<Lead, "id" | "firstName">);
  const upstream = brand.rows("leads");
  const ids = upstream.map(({ client_id }) => String(client_id));
  expect(stored.map(({ id }) => id).sort()).toEqual(ids.sort());
  for (const { client_id, firstName } of upstream) {
    if (firstName !== "Edited") continue;
    expect(stored).toContainEqual(
      expect.objectContaining({ id: String(client_id), firstName }),
    );
  }
}
