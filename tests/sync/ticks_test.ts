import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  listSyncDue,
  markSyncDue,
  setTenantStatus,
} from "../../lib/store/mod.ts";
import { createSyncWorker } from "../../lib/sync/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { openKeys, TEST_WEB_KEY } from "../_sync.ts";
import { createScheduleRig, cronTable, logged } from "./_schedule.ts";

const SMALL = { leads: 3 };

describe("a tick's outcome", () => {
  it("is one document and one log entry that say the same", async () => {
    await using rig = await createScheduleRig({
      brand: SMALL,
      more: { other: SMALL },
    });
    await rig.addTenant("Other", "other");
    rig.simulator.faults.add({ kind: "connection", brand: "other" });
    const entries = await logged(rig.hourly);
    const [tick, ...more] = await rig.ticks();
    expect(more).toEqual([]);
    expect(tick).toMatchObject({
      kind: "hourly",
      startedAt: "2026-03-11T15:00:00.000Z",
      marked: 2,
      synced: 1,
      failed: 1,
      busy: 0,
      cut: 0,
      missedHours: 0,
      failures: [{ tenant: "other" }],
      slowest: { tenant: "other" },
    });
    expect(tick!.failures[0]!.message).toContain("ClientTether");
    expect(tick!.recordsUpdated).toBeGreaterThan(3);
    expect(tick!.finishedAt > tick!.startedAt).toBe(true);
    const ticks = entries.filter(({ properties }) => "kind" in properties);
    expect(ticks.map(({ level, properties }) => ({ level, properties })))
      .toEqual([{ level: "warning", properties: tick }]);
  });

  it("is written for an hour in which there was nothing to do", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await setTenantStatus(rig.store, rig.tenant.id, "inactive");
    await rig.hourly();
    expect(await rig.ticks()).toMatchObject([
      { kind: "hourly", marked: 0, synced: 0, failures: [], slowest: null },
    ]);
  });

  it("is not written for a five-minute tick that had nothing to do", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    rig.operations.length = 0;
    const entries = await logged(rig.fiveMinutes);
    expect(entries).toEqual([]);
    const written = rig.operations.filter(({ kind }) => kind === "commit");
    expect(written).toEqual([]);
  });

  it("is written for a five-minute tick that finished something", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    await rig.fiveMinutes();
    expect(await rig.ticks()).toMatchObject([{ kind: "catch_up", synced: 1 }]);
  });

  it("is written for a sync that somebody asked for", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    await rig.worker.wake();
    expect(await rig.ticks()).toMatchObject([{ kind: "asked", synced: 1 }]);
  });

  it("says which tenants are busy in another process", async () => {
    await using rig = await createScheduleRig({
      brand: SMALL,
      fetch: (through) => async (url, init) => {
        if ((await rig.ticks()).length === 0) {
          await rig.fiveMinutes();
        }
        return await through(url, init);
      },
    });
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    await rig.sync();
    expect(await rig.ticks()).toMatchObject([
      { kind: "catch_up", synced: 0, failed: 0, busy: 1 },
    ]);
  });

  it("names twenty failures at most, each with a short message", async () => {
    const deps = {
      openKeys: () => Promise.reject(new Error("x".repeat(100_000))),
    };
    await using rig = await createScheduleRig({ brand: SMALL, deps });
    for (let n = 0; n < 24; n++) {
      await rig.addTenant(`Other ${n}`, TEST_WEB_KEY);
    }
    await rig.hourly();
    const [tick] = await rig.ticks();
    expect(tick).toMatchObject({ failed: 25, synced: 0 });
    expect(tick?.failures.length).toBe(20);
    expect(tick?.failures[0]?.message).toBe("x".repeat(300));
  });

  it("is dropped after seven days, when a new one is written", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.advance(HOUR);
    await rig.hourly();
    rig.clock.set("2026-03-18T15:00:00.001Z");
    await rig.hourly();
    expect((await rig.ticks()).map(({ startedAt }) => startedAt.slice(0, 13)))
      .toEqual(["2026-03-18T15", "2026-03-11T16"]);
  });

  it("is written also where the portal is stopped before the end", async () => {
    await using rig = await createScheduleRig({
      brand: SMALL,
      fetch: (through) => (url, init) => {
        rig.worker.stop();
        return through(url, init);
      },
    });
    const other = await rig.addTenant("Other", TEST_WEB_KEY);
    await rig.hourly();
    expect(await rig.ticks()).toMatchObject([
      { kind: "hourly", marked: 2, synced: 0, failed: 1, cut: 1 },
    ]);
    const marked = [rig.tenant.id, other.id].sort();
    expect(await listSyncDue(rig.store)).toEqual(marked);
  });
});

describe("an hourly tick that is missed", () => {
  it("is counted by the next one, in its document and its log entry", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.set("2026-03-11T19:00:00.000Z");
    const entries = await logged(rig.hourly);
    const [tick] = await rig.ticks();
    expect(tick).toMatchObject({ synced: 1, missedHours: 3 });
    const [entry] = entries.filter(({ properties }) => "kind" in properties);
    expect(entry).toMatchObject({
      level: "warning",
      properties: { missedHours: 3 },
    });
  });

  it("is none where the ticks come on the hour, a little early or late", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    const times = ["15:00:00.000", "15:59:59.900", "17:00:40.000"];
    for (const time of times) {
      rig.clock.set(`2026-03-11T${time}Z`);
      await rig.hourly();
    }
    expect((await rig.ticks()).map(({ missedHours }) => missedHours))
      .toEqual([0, 0, 0]);
    expect(await rig.runs(rig.tenant.id)).toBe(3);
  });
});

describe("an hourly tick that comes twice", () => {
  it("syncs nobody again who was synced in that hour", async () => {
    await using rig = await createScheduleRig({
      brand: SMALL,
      more: { other: SMALL },
    });
    const other = await rig.addTenant("Other", "other");
    rig.simulator.faults.add({ kind: "connection", brand: "other" });
    await rig.hourly();
    rig.simulator.faults.clear();
    rig.clock.advance(MINUTE);
    await rig.hourly();
    expect(await rig.runs(rig.tenant.id)).toBe(1);
    expect(await rig.runs(other.id)).toBe(2);
    expect((await rig.ticks()).map(({ marked, synced }) => [marked, synced]))
      .toEqual([[1, 1], [2, 1]]);
  });

  it("leaves a document for each, also in the same millisecond", async () => {
    await using rig = await createScheduleRig({ brand: { leads: 0 } });
    await Promise.all([rig.hourly(), rig.hourly()]);
    const ticks = await rig.ticks();
    expect(ticks.length).toBe(2);
    expect(await rig.runs(rig.tenant.id)).toBe(1);
  });
});

describe("a database that fails during a tick", () => {
  it("fails the tick, so that the platform tries it again", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    let down = false;
    const { deps } = await rig.another({
      beforeCommit() {
        if (down) throw new Error("the database is gone");
      },
    });
    const [hourly] = cronTable(deps, createSyncWorker(deps));
    down = true;
    await expect(hourly.tick()).rejects.toThrow("the database is gone");
    down = false;
    await hourly.tick();
    expect(await rig.runs(rig.tenant.id)).toBe(1);
    expect(await rig.ticks()).toMatchObject([{ kind: "hourly", synced: 1 }]);
  });

  it("fails it also where only the outcome cannot be written", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    let full = false;
    const { deps } = await rig.another({
      beforeCommit() {
        if (full) throw new Error("database or disk is full");
      },
    });
    const worker = createSyncWorker({
      ...deps,
      openKeys: (tenant) => {
        full = true;
        return openKeys(tenant);
      },
    });
    const [hourly] = cronTable(deps, worker);
    await expect(hourly.tick()).rejects.toThrow("disk is full");
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
  });

  it("does not fail it for one tenant's sake", async () => {
    await using rig = await createScheduleRig({
      brand: SMALL,
      deps: { openKeys: () => Promise.reject(new Error("it is sealed")) },
    });
    await rig.hourly();
    expect(await rig.ticks()).toMatchObject([{
      failed: 1,
      failures: [{ tenant: "test-brand", message: "it is sealed" }],
    }]);
  });
});
