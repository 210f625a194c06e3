import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { listQuarantine, type Quarantined } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** Leads of which one record is less than 1%. */
const BRAND = { leads: 250, activities: 10 };

function quarantine({ store, tenant }: SyncRig): Promise<Quarantined[]> {
  return Array.fromAsync(listQuarantine(store, tenant.id));
}

const leads = async (rig: SyncRig) =>
  (await (await rig.data()).listLeads({ limit: 1 })).total;

describe("a record that cannot be read", () => {
  it("never fails the others, and is counted", async () => {
    await using rig = await createRig({ brand: BRAND });
    rig.simulator.faults.add({ kind: "missing_id", stream: "leads" });
    const { status, streams } = await rig.sync();
    expect(status).toBe("success");
    expect(streams.leads).toMatchObject({
      fetched: 250,
      written: 249,
      quarantined: 1,
    });
    const [row] = await quarantine(rig);
    expect(row).toMatchObject({
      stream: "leads",
      reason: "id is missing",
      firstSeenAt: "2026-03-11T15:00:00.000Z",
    });
    expect(row!.id).toMatch(/^no id, [0-9a-f]{16}$/);
    expect(JSON.parse(row!.raw)).toHaveProperty("clients_sales_cycle");
  });

  it("leaves its older version in place", async () => {
    await using rig = await createRig({ brand: BRAND });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const cycle = { sales_cycle_id: "77", sales_cycle_name: "Odd stage" };
    brand.putCycle(cycle);
    await rig.sync();
    brand.putCycle({ ...cycle, sales_cycle_name: { text: "Odd" } });
    const { streams } = await rig.sync();
    expect(streams.cycles).toMatchObject({
      status: "success",
      quarantined: 1,
      removed: 0,
    });
    const key = ["t", rig.tenant.id, "sales_cycles", "77"];
    expect((await rig.kv.get(key)).value).toMatchObject({ name: "Odd stage" });
  });

  it("is released when it is good again", async () => {
    await using rig = await createRig({ brand: BRAND });
    const fault = rig.simulator.faults.add({
      kind: "missing_id",
      stream: "leads",
    });
    await rig.sync();
    const before = await leads(rig);
    fault.remove();
    const { streams } = await rig.sync();
    expect(await quarantine(rig)).toEqual([]);
    expect(streams.leads).toMatchObject({ written: 1, quarantined: 0 });
    expect(await leads(rig)).toBe(before + 1);
  });

  it("is released when it is gone upstream", async () => {
    await using rig = await createRig({ brand: BRAND });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putCycle({ sales_cycle_id: "77", sales_cycle_name: "" });
    brand.putActivity({ type: "Call", scheduled_at: "2026-03-20 10:00:00" });
    await rig.sync();
    expect((await quarantine(rig)).length).toBe(2);
    brand.removeCycle("77");
    brand.clear("activities");
    await rig.sync({ acceptRemovals: true });
    expect(await quarantine(rig)).toEqual([]);
  });

  it("stays in quarantine while notes are read only in part", async () => {
    await using rig = await createRig({ brand: BRAND });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putNote({ content: "no id", date: "2026-01-01 10:00:00" });
    await rig.sync();
    expect((await quarantine(rig)).length).toBe(1);
    rig.clock.advance(HOUR);
    await rig.sync();
    expect((await quarantine(rig)).length).toBe(1);
    brand.clear("notes");
    await rig.sync({ full: true, acceptRemovals: true });
    expect(await quarantine(rig)).toEqual([]);
  });

  it("is written once, however often it is seen, and keeps when it was first", async () => {
    await using rig = await createRig({ brand: BRAND });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putCycle({ sales_cycle_id: "77", sales_cycle_name: "" });
    await rig.sync();
    rig.clock.advance(HOUR);
    rig.operations.length = 0;
    await rig.sync();
    const keys = rig.operations.flatMap(({ kind, keys }) =>
      kind === "commit" ? keys : []
    );
    expect(keys.filter((key) => key[2] === "quarantine")).toEqual([]);
    brand.putCycle({ sales_cycle_id: "77", sales_cycle_name: null });
    await rig.sync();
    expect(await quarantine(rig)).toMatchObject([{
      firstSeenAt: "2026-03-11T15:00:00.000Z",
      lastSeenAt: "2026-03-11T16:00:00.000Z",
    }]);
  });

  it("fails its stream where more than one in a hundred is like it", async () => {
    await using rig = await createRig({ brand: BRAND });
    await rig.sync();
    const before = await leads(rig);
    rig.simulator.faults.add({
      kind: "missing_id",
      stream: "leads",
      every: 50,
    });
    const { status, streams } = await rig.sync();
    expect(status).toBe("failed");
    expect(streams.leads!.error).toBe(
      "5 of 250 records could not be read, more than 1%; the data stays as it was. The first: id is missing",
    );
    expect(streams.opportunities!.status).toBe("success");
    expect(await leads(rig)).toBe(before);
    expect(await quarantine(rig)).toEqual([]);
  });

  it("says once a day when it was last seen", async () => {
    await using rig = await createRig({ brand: BRAND });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putCycle({ sales_cycle_id: "77", sales_cycle_name: "" });
    await rig.sync();
    const seen: string[] = [];
    for (let hour = 0; hour < 30; hour++) {
      rig.clock.advance(HOUR);
      await rig.sync();
      const [row] = await quarantine(rig);
      if (seen.at(-1) !== row!.lastSeenAt) seen.push(row!.lastSeenAt);
    }
    // 04:00 UTC is midnight in New York.
    expect(seen).toEqual([
      "2026-03-11T15:00:00.000Z",
      "2026-03-12T04:00:00.000Z",
    ]);
    expect((await quarantine(rig))[0]!.firstSeenAt).toBe(
      "2026-03-11T15:00:00.000Z",
    );
  });

  it("keeps long raw texts whole, within what the database takes", async () => {
    await using rig = await createRig({ brand: { leads: 8_000, notes: 1 } });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let n = 0; n < 79; n++) {
      const whiteboard = "plain ".repeat(2_500) + "😀";
      brand.putLead(JSON.stringify({ whiteboard, n }));
    }
    const { streams } = await rig.sync();
    expect(streams.leads).toMatchObject({ status: "success", quarantined: 79 });
    const rows = await quarantine(rig);
    const raws = rows.map(({ raw }) => JSON.parse(raw).n).sort((a, b) => a - b);
    expect(raws).toEqual(Array.from({ length: 79 }, (_, n) => n));
    expect(rows.every(({ truncated }) => truncated === false)).toBe(true);
  });
});

describe("a value that cannot be taken as it came", () => {
  it("is remarked on the record, which is kept", async () => {
    await using rig = await createRig({ brand: BRAND });
    const add = rig.simulator.faults.add.bind(rig.simulator.faults);
    add({ kind: "bad_date", stream: "leads", record: 0 });
    add({ kind: "type_drift", stream: "leads", record: 1 });
    add({ kind: "odd_money", stream: "opportunities", record: 0 });
    add({ kind: "invalid_utf8", stream: "notes", record: 0 });
    const { status, streams } = await rig.sync();
    expect(status).toBe("success");
    expect(streams.leads!.quarantined).toBe(0);
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    for (const kind of ["leads", "opportunities", "ct_notes"]) {
      const remarked = rows.filter(({ key, value }) =>
        key[2] === kind && (value as { remarks: string[] }).remarks.length > 0
      );
      expect(remarked.length).toBeGreaterThan(0);
    }
    expect((await rig.sync({ full: true })).recordsUpdated).toBe(0);
  });
});
