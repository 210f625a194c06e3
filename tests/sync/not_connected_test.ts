import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const state = async (rig: SyncRig) => await (await rig.data()).syncState();

const timesAsked = ({ simulator }: SyncRig) =>
  simulator.requests.count({ endpoint: "activities" });

/** The two ways of saying that there is no list of activities. */
const WAYS = {
  "HTTP 404": { kind: "http_status", status: 404 },
  CT404: { kind: "result_code", code: "CT404" },
} as const;

/** ClientTether stops serving activities; `remove()` ends it. */
function disconnect(
  { simulator }: SyncRig,
  way: keyof typeof WAYS = "HTTP 404",
) {
  return simulator.faults.add({ ...WAYS[way], endpoint: "activities" });
}

async function activities({ kv, tenant }: SyncRig): Promise<unknown[]> {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === "ct_scheduled_activities")
    .map(({ value }) => value);
}

describe("activities that are not connected", () => {
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    it(`are stored as such by a run that is a success (${way})`, async () => {
      await using rig = await createRig();
      disconnect(rig, way);
      const report = await rig.sync();
      expect(report).toMatchObject({ status: "success", errorMessage: null });
      const { lastSyncAt, finishedAt, streams, cursor, counts } = await state(
        rig,
      );
      expect(lastSyncAt).toBe(finishedAt);
      expect(streams.activities).toEqual({
        status: "not_connected",
        fetched: 0,
        written: 0,
        unchanged: 0,
        removed: 0,
        quarantined: 0,
        lastSuccessAt: null,
        error:
          "ClientTether offers no list of scheduled activities for this account",
      });
      expect(cursor.activitiesAskedDay).toBe("2026-03-11");
      expect(counts.activities).toBeUndefined();
      const [run] = await (await rig.data()).listRuns(1);
      expect(run!.streams.activities!.status).toBe("not_connected");
    });

    it(`keep what was stored while they were connected (${way})`, async () => {
      await using rig = await createRig();
      await rig.sync();
      const before = await activities(rig);
      expect(before.length).toBeGreaterThan(3);
      const { streams: { activities: connected } } = await state(rig);
      disconnect(rig, way);
      for (let hour = 0; hour < 30; hour++) {
        rig.clock.advance(HOUR);
        expect((await rig.sync()).status).toBe("success");
      }
      expect(await activities(rig)).toEqual(before);
      const { streams, counts, lastSyncAt, finishedAt } = await state(rig);
      expect(streams.activities).toMatchObject({
        status: "not_connected",
        lastSuccessAt: connected!.lastSuccessAt,
      });
      expect(counts.activities).toBe(before.length);
      expect(lastSyncAt).toBe(finishedAt);
    });
  }

  it("are asked for once on each local day, and become connected by themselves", async () => {
    await using rig = await createRig({ now: "2026-03-11T15:30:00Z" });
    const missing = disconnect(rig);
    const asked: string[] = [];
    for (let hour = 0; hour < 48; hour++) {
      const before = timesAsked(rig);
      await rig.sync();
      if (timesAsked(rig) > before) {
        asked.push(new Date(rig.clock.now()).toISOString());
      }
      rig.clock.advance(HOUR);
    }
    // Midnight in New York.
    expect(asked).toEqual([
      "2026-03-11T15:30:00.000Z",
      "2026-03-12T04:30:00.000Z",
      "2026-03-13T04:30:00.000Z",
    ]);
    missing.remove();
    rig.clock.set("2026-03-14T04:30:00Z");
    const report = await rig.sync();
    expect(report.streams.activities).toMatchObject({
      status: "success",
      error: null,
    });
    expect(report.streams.activities!.written).toBeGreaterThan(3);
    expect((await state(rig)).cursor.activitiesAskedDay).toBeNull();
    const before = timesAsked(rig);
    rig.clock.advance(HOUR);
    await rig.sync();
    expect(timesAsked(rig)).toBe(before + 1);
  });

  it("go on from what was kept when they are connected again", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const at = "2026-03-20 09:00:00";
    brand.putActivity({ id: "stays", type: "Call", scheduled_at: at });
    brand.putActivity({ id: "goes", type: "Call", scheduled_at: at });
    await rig.sync();
    const missing = disconnect(rig);
    rig.clock.advance(HOUR);
    await rig.sync();
    brand.removeActivity("goes");
    brand.putActivity({ id: "comes", type: "Call", scheduled_at: at });
    missing.remove();
    rig.clock.advance(24 * HOUR);
    const { streams } = await rig.sync();
    expect(streams.activities).toMatchObject({ written: 1, removed: 1 });
    const ids = (await activities(rig)).map((row) =>
      (row as { id: string }).id
    );
    expect(ids).toContain("stays");
    expect(ids).toContain("comes");
    expect(ids).not.toContain("goes");
    await assertSound(rig.kv, rig.tenant.id);
  });

  it("cost an hour at most 12 writes", async () => {
    await using rig = await createRig();
    disconnect(rig);
    await rig.sync();
    for (const hours of [1, 24]) {
      rig.clock.advance(hours * HOUR);
      rig.operations.length = 0;
      await rig.sync();
      const writes = rig.operations.reduce(
        (sum, one) => sum + one.mutations,
        0,
      );
      expect(Math.max(writes, 12)).toBe(12);
    }
  });

  it("stay so in a run that could not ask, since the key was refused", async () => {
    await using rig = await createRig();
    disconnect(rig);
    await rig.sync();
    const revoked = rig.simulator.faults.add({ kind: "key_revoked" });
    rig.clock.advance(HOUR);
    const report = await rig.sync();
    expect(report.streams.leads!.status).toBe("not_asked");
    expect((await state(rig)).streams.activities!.status).toBe("not_connected");
    revoked.remove();
    const before = timesAsked(rig);
    rig.clock.advance(HOUR);
    expect((await rig.sync()).status).toBe("success");
    expect(timesAsked(rig)).toBe(before);
  });

  it("are a failure where the answer is another one: that is no missing list", async () => {
    await using rig = await createRig();
    const fault = { kind: "http_status", endpoint: "activities" } as const;
    for (const status of [400, 410, 500]) {
      const handle = rig.simulator.faults.add({ ...fault, status });
      const { streams } = await rig.sync();
      expect([status, streams.activities!.status]).toEqual([status, "failed"]);
      handle.remove();
    }
  });
});
