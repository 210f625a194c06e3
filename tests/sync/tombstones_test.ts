import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Tombstone } from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

async function tombstones(rig: SyncRig): Promise<Tombstone[]> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  return rows.filter(({ key }) => key[2] === "tombstones")
    .map(({ value }) => value as Tombstone);
}

async function leads(rig: SyncRig): Promise<number> {
  const data = await rig.data();
  const { viewDay } = await data.syncState();
  return (await data.views(viewDay!)).leads!.totalLeads;
}

const LEAD = { client_id: "leaves", firstName: "Robin", contact_type: "1" };

describe("a record that leaves", () => {
  it("is gone from lists and figures, and kept as a tombstone with the time", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead(LEAD);
    await rig.sync();
    const before = await leads(rig);
    brand.removeLead("leaves");
    rig.clock.advance(HOUR);
    const removedAt = new Date(rig.clock.now()).toISOString();
    const { runId } = await rig.sync();
    expect(await tombstones(rig)).toMatchObject([
      { id: "leaves", stream: "leads", removedAt, run: runId },
    ]);
    expect(await leads(rig)).toBe(before - 1);
    const list = await (await rig.data()).listLeads({ limit: 200 });
    expect(list.rows.map(({ id }) => id)).not.toContain("leaves");
  });

  it("loses its tombstone when it returns, and counts again", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead(LEAD);
    await rig.sync();
    const before = await leads(rig);
    brand.removeLead("leaves");
    await rig.sync();
    brand.putLead(LEAD);
    await rig.sync();
    expect(await tombstones(rig)).toEqual([]);
    expect(await leads(rig)).toBe(before);
  });

  it("leaves the tombstones of others alone", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead(LEAD);
    brand.putNote({ id: "N", contact_id: "7", content: "x" });
    await rig.sync();
    brand.removeLead("leaves");
    brand.removeNote("N");
    await rig.sync({ full: true });
    brand.putNote({ id: "N", contact_id: "7", content: "x" });
    await rig.sync({ full: true });
    expect((await tombstones(rig)).map(({ id }) => id)).toEqual(["leaves"]);
  });

  it("has no tombstone of a large note's parts: they go with it", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putNote({ id: "L", content: "A long word – ".repeat(9_000) });
    await rig.sync();
    brand.removeNote("L");
    await rig.sync({ full: true });
    const kinds = (await tenantRows(rig.kv, rig.tenant.id))
      .map(({ key }) => key[2]);
    expect(kinds).not.toContain("ct_note_bodies");
    expect(kinds).toContain("tombstones");
  });
});
