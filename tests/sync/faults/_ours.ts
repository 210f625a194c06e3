import { expect } from "@std/expect";
import { tenantRows } from "../../_dump.ts";
import { TENANT, Twins } from "./_matrix.ts";

/** The stored rows of a kind. */
export async function stored<R>(
  { faulted }: Twins,
  kind: string,
): Promise<R[]> {
  const rows = await tenantRows(faulted.kv, TENANT);
  return rows.filter(({ key }) => key[2] === kind).map(({ value }) =>
    value as R
  );
}

/** One stored record by its upstream id. */
export async function one<R extends { id: string }>(
  twins: Twins,
  kind: string,
  id: string,
): Promise<R> {
  const found = (await stored<R>(twins, kind)).filter((row) => row.id === id);
  expect(found.length).toBe(1);
  return found[0]!;
}

const OURS = {
  lead: { client_id: "L", firstName: "Robin", created: "2026-03-09 10:00:00" },
  deal: {
    opportunity_id: "O",
    client_id: "L",
    contact_sales_cycle: "QR Sent",
    deal_size: "1000",
  },
  note: { id: "N", date: "2026-03-11 09:00:00", content: "Called" },
  activity: {
    id: "A",
    type: "Call",
    scheduled_at: "2026-03-20 10:00:00",
    description: "First call",
    status: "Scheduled",
  },
};

/** Twins whose brands have one record more in each stream, for the faults to spoil. */
export function createTwins(): Promise<Twins> {
  return Twins.create({
    prepare: (brand) => {
      brand.putLead(OURS.lead);
      brand.putOpportunity(OURS.deal);
      brand.putNote(OURS.note);
      brand.putActivity(OURS.activity);
    },
  });
}

export const ours = {
  lead: { stream: "leads", id: "L" },
  deal: { stream: "opportunities", id: "O" },
  note: { stream: "notes", id: "N" },
  activity: { stream: "activities", id: "A" },
} as const;
