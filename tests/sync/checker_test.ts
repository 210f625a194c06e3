import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findFlaws } from "../_checker.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

async function synced(): Promise<SyncRig> {
  const rig = await createRig();
  const content = "A long word about a market – 😀 ".repeat(3_000);
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  brand.putNote({ id: "large", contact_id: "7", content });
  brand.putOpportunity({
    opportunity_id: "hot",
    client_id: "7",
    contact_sales_cycle: "Deal Structure",
    deal_size: "50000",
  });
  await rig.sync();
  return rig;
}

const KINDS = [
  "sales_cycles",
  "leads",
  "leads_by_created",
  "opportunities",
  "opportunities_by_client",
  "hot_list_items",
  "ct_notes",
  "ct_notes_by_date",
  "ct_notes_by_contact",
  "ct_note_bodies",
  "ct_scheduled_activities",
  "ct_scheduled_activities_by_date",
  "ct_scheduled_activities_by_contact",
  "sync_index",
  "ct_raw_chunks",
];

describe("the checker that ends every test of the sync", () => {
  it("finds nothing wrong after a sync", async () => {
    const rig = await synced();
    expect(await findFlaws(rig.kv, rig.tenant.id)).toEqual([]);
    rig.dispose();
  });

  it("notices one row that is missing, of whatever kind", async () => {
    const rig = await synced();
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    for (const kind of KINDS) {
      const row = rows.find(({ key }) => key[2] === kind)!;
      await rig.kv.delete(row.key);
      const flaws = await findFlaws(rig.kv, rig.tenant.id);
      expect([kind, flaws.length > 0]).toEqual([kind, true]);
      await rig.kv.set(row.key, row.value);
    }
    expect(await findFlaws(rig.kv, rig.tenant.id)).toEqual([]);
    rig.dispose();
  });

  it("notices one row too many, of whatever kind of index", async () => {
    const rig = await synced();
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const indexes = KINDS.filter((kind) =>
      /_by_|hot|bodies|^leads$|^ct_notes$/.test(kind)
    );
    for (const kind of indexes) {
      const row = rows.find(({ key }) => key[2] === kind)!;
      const orphan = row.key.with(-1, "no such id");
      await rig.kv.set(orphan, row.value);
      const flaws = await findFlaws(rig.kv, rig.tenant.id);
      expect([kind, flaws.length > 0]).toEqual([kind, true]);
      await rig.kv.delete(orphan);
    }
    rig.dispose();
  });

  it("notices an index row that holds something else than its record", async () => {
    const rig = await synced();
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const changes = {
      leads_by_created: { stage: "Elsewhere" },
      ct_notes_by_date: { author: "Somebody else" },
      ct_notes_by_contact: { author: "Somebody else" },
      ct_scheduled_activities_by_date: { status: "Elsewhere" },
      ct_scheduled_activities_by_contact: { status: "Elsewhere" },
      hot_list_items: { stage: "Elsewhere" },
    };
    for (const [kind, change] of Object.entries(changes)) {
      const row = rows.find(({ key }) => key[2] === kind)!;
      await rig.kv.set(row.key, { ...row.value as object, ...change });
      const flaws = await findFlaws(rig.kv, rig.tenant.id);
      expect([kind, flaws.length > 0]).toEqual([kind, true]);
      await rig.kv.set(row.key, row.value);
    }
    rig.dispose();
  });
});
