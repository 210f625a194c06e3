import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { alter, check, expectSame, hour, replay } from "./_replay.ts";

describe("replayTenant() of earlier days", () => {
  async function lived(rig: SyncRig, days: number): Promise<void> {
    await rig.sync();
    for (let n = 0; n < days * 4; n++) await hour(rig, 6);
  }

  it("gives every number of the days that raw covers", async () => {
    await using rig = await createRig({ brand: { leads: 120 } });
    await lived(rig, 6);
    const { days } = await expectSame(rig, { from: "2026-01-01" });
    expect(days.map(({ day }) => day)).toEqual([
      "2026-03-11",
      "2026-03-12",
      "2026-03-13",
      "2026-03-14",
      "2026-03-15",
      "2026-03-16",
    ]);
    const some = await expectSame(rig, {
      from: "2026-03-12",
      to: "2026-03-13",
    });
    expect(some.days).toEqual([
      { day: "2026-03-12", status: "same" },
      { day: "2026-03-13", status: "same" },
    ]);
  });

  it("finds what was altered of an earlier day, and writes it anew", async () => {
    await using rig = await createRig();
    await lived(rig, 4);
    const right = await dump(rig.kv, rig.tenant.id);
    await alter(rig, ["lead_metrics", "2026-03-13"], {
      totalLeads: 4711,
    });
    await expectSame(rig);
    const range = { from: "2026-03-12" };
    const found = await check(rig, range);
    expect(found.differences).toMatchObject([
      { stream: "views", id: "2026-03-13", field: "leads.totalLeads" },
    ]);
    expect(found.days.filter(({ status }) => status === "different"))
      .toEqual([{ day: "2026-03-13", status: "different" }]);
    const report = await replay(rig, range);
    expect(report.days).toContainEqual({
      day: "2026-03-13",
      status: "rewritten",
    });
    await expectSame(rig, range);
    expect(differences(await dump(rig.kv, rig.tenant.id), right)).toEqual([]);
  });

  it("leaves the figures of a day as they are whose raw is gone", async () => {
    await using rig = await createRig();
    await lived(rig, 3);
    await alter(rig, ["kpis", "2026-03-11"], { totalLeads: 4711 });
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    for (const { key, value } of rows) {
      const old = key[2] === "ct_raw_snapshots" &&
        (value as { day: string }).day === "2026-03-11";
      if (old) await rig.kv.delete(key);
    }
    const { days } = await replay(rig, { from: "2026-03-01" });
    expect(days[0]).toEqual({ day: "2026-03-11", status: "beyond" });
    const key = ["t", rig.tenant.id, "kpis", "2026-03-11"];
    expect((await rig.kv.get(key)).value).toMatchObject({ totalLeads: 4711 });
  });

  it("leaves out of a day what could not be read until the day after", async () => {
    await using rig = await createRig({ brand: { leads: 120 } });
    rig.simulator.faults.add({ kind: "type_drift", stream: "cycles" });
    await rig.sync();
    rig.simulator.faults.clear();
    const lacking = await rig.kv.get([
      "t",
      rig.tenant.id,
      "sync_state",
    ]);
    expect(lacking.value).toMatchObject({
      streams: { cycles: { quarantined: 1 } },
    });
    await hour(rig, 24);
    const { days } = await expectSame(rig, { from: "2026-03-01" });
    expect(days).toEqual([{ day: "2026-03-11", status: "same" }]);
  });

  it("counts on a day what its lists left out without saying that it is gone", async () => {
    await using rig = await createRig({ brand: { leads: 120 } });
    await rig.sync();
    rig.simulator.faults.add({ kind: "missing_id", stream: "cycles" });
    for (let n = 0; n < 3; n++) {
      rig.clock.advance(HOUR);
      await rig.sync({ full: true });
    }
    rig.simulator.faults.clear();
    await hour(rig, 24);
    const { days } = await expectSame(rig, { from: "2026-03-01" });
    expect(days).toEqual([{ day: "2026-03-11", status: "same" }]);
  });

  it("knows a day on which nothing could be read", async () => {
    await using rig = await createRig();
    await lived(rig, 1);
    rig.simulator.faults.add({ kind: "http_status" });
    await hour(rig, 24);
    rig.simulator.faults.clear();
    await hour(rig, 24);
    const { days } = await expectSame(rig, { from: "2026-03-01" });
    expect(days.length).toBe(3);
  });
});
