import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { replayTenant } from "../../lib/sync/mod.ts";
import { differences, dump } from "../_dump.ts";
import { Crash, crashAt } from "../_kv.ts";
import { createRig } from "../_sync.ts";
import { alter, anId, check, expectSame, replay, stateOf } from "./_replay.ts";

describe("replayTenant() where something was altered by hand", () => {
  it("finds the field of a record that differs, and puts it right", async () => {
    await using rig = await createRig();
    await rig.sync();
    const right = await dump(rig.kv, rig.tenant.id);
    const id = await anId(rig, "leads");
    await alter(rig, ["leads", id], { market: "Nowhere" });
    const found = await check(rig);
    expect(found).toMatchObject({
      status: "different",
      differenceCount: 1,
      differences: [{
        stream: "leads",
        id,
        field: "market",
        stored: "Nowhere",
      }],
    });
    const before = await stateOf(rig);
    const report = await replay(rig);
    expect(report).toMatchObject({ status: "rebuilt", written: 1, removed: 0 });
    await expectSame(rig);
    const state = await stateOf(rig);
    const { cursor, dataVersion } = before;
    expect(state).toEqual({
      ...before,
      dataVersion: dataVersion + 1,
      cursor: { ...cursor, rewrittenBy: expect.any(String) },
    });
    const now = await dump(rig.kv, rig.tenant.id);
    expect(differences(now, right)).toEqual([]);
  });

  for (
    const [kind, field, value] of [
      ["sales_cycles", "likelihoodPct", 3],
      ["opportunities", "dealSizeCents", 17],
      ["ct_notes", "content", "something else"],
      ["ct_scheduled_activities", "status", "Lost"],
    ] as const
  ) {
    it(`finds it in ${kind}, and puts it right with all that follows from it`, async () => {
      await using rig = await createRig();
      await rig.sync();
      const right = await dump(rig.kv, rig.tenant.id, ["stage_changes"]);
      await alter(rig, [kind, await anId(rig, kind, 1)], { [field]: value });
      const { differences: found } = await check(rig);
      expect(found.map(({ field }) => field)).toContain(field);
      await replay(rig);
      await expectSame(rig);
      const now = await dump(rig.kv, rig.tenant.id, ["stage_changes"]);
      expect(differences(now, right)).toEqual([]);
    });
  }

  it("brings back a record that is missing, and removes one that raw does not know", async () => {
    await using rig = await createRig();
    await rig.sync();
    const id = await anId(rig, "leads");
    const at = ["t", rig.tenant.id, "leads"];
    const { value } = await rig.kv.get<{ createdAt: string }>([...at, id]);
    const left = ["tombstones", "lead_stage_changes"];
    const right = await dump(rig.kv, rig.tenant.id, left);
    await rig.kv.delete([...at, id]);
    const alien = { ...value, id: "alien" };
    await rig.kv.set([...at, "alien"], alien);
    const row = ["t", rig.tenant.id, "leads_by_created", value!.createdAt];
    await rig.kv.set([...row, "alien"], {});
    const { differences: found } = await check(rig);
    const records = found.filter(({ stream }) => stream === "leads");
    expect(records).toMatchObject([
      { id, field: null, stored: null },
      { id: "alien", field: null, raw: null },
    ]);
    const report = await replay(rig);
    expect(report).toMatchObject({ written: 1, removed: 1 });
    await expectSame(rig);
    const now = await dump(rig.kv, rig.tenant.id, left);
    expect(differences(now, right)).toEqual([]);
    const tombstone = ["t", rig.tenant.id, "tombstones", "leads", "alien"];
    expect((await rig.kv.get(tombstone)).value).not.toBeNull();
  });

  it("finds today's figures that differ, and puts them right", async () => {
    await using rig = await createRig();
    await rig.sync();
    const right = await dump(rig.kv, rig.tenant.id);
    await alter(rig, ["kpis", "2026-03-11"], { totalLeads: 4711 });
    const views = rig.kv.get([
      "t",
      rig.tenant.id,
      "lead_metrics",
      "2026-03-11",
    ]);
    expect((await views).value).not.toBeNull();
    expect((await check(rig)).differences).toMatchObject([{
      stream: "views",
      id: "2026-03-11",
      field: "kpis.totalLeads",
      stored: 4711,
    }]);
    expect(await replay(rig)).toMatchObject({ written: 0, removed: 0 });
    await expectSame(rig);
    expect(differences(await dump(rig.kv, rig.tenant.id), right)).toEqual([]);
  });

  it("keeps the first 50 differences and counts the others", async () => {
    await using rig = await createRig({ brand: { leads: 80 } });
    await rig.sync();
    await rig.change({ fieldAliases: { market: ["firstName"] } });
    const report = await check(rig);
    expect(report.differences.length).toBe(50);
    expect(report.differenceCount).toBeGreaterThan(70);
  });

  it("ends in the same place wherever it was killed, and the next sync makes its figures right", async () => {
    const prepare = async () => {
      const rig = await createRig({ brand: { leads: 15 } });
      await rig.sync();
      const altered = [
        ["leads", { stage: "FA Sent" }],
        ["opportunities", { dealSizeCents: 5 }],
        ["ct_notes", { author: "Somebody" }],
      ] as const;
      for (const [kind, change] of altered) {
        await alter(rig, [kind, await anId(rig, kind)], change);
      }
      return rig;
    };
    const whole = await prepare();
    await replay(whole);
    const expected = await dump(whole.kv, whole.tenant.id, ["stage_changes"]);
    whole.dispose();
    for (let n = 1;; n++) {
      const rig = await prepare();
      const dying = await rig.another(crashAt(n, n % 2 ? "before" : "after"));
      const error = await replayTenant(dying.deps, rig.tenant.id)
        .catch((error) => error);
      if (!(error instanceof Crash)) {
        rig.dispose();
        expect(n).toBeGreaterThan(4);
        return;
      }
      rig.clock.advance(LEASE_MS);
      await replay(rig);
      await expectSame(rig);
      const now = await dump(rig.kv, rig.tenant.id, ["stage_changes"]);
      expect(differences(now, expected)).toEqual([]);
      await rig.sync();
      await expectSame(rig);
      rig.dispose();
    }
  });
});
