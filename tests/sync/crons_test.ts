import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { listSyncDue } from "../../lib/store/mod.ts";
import {
  createSyncWorker,
  type SyncWorker,
  type TickStart,
} from "../../lib/sync/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { createRig } from "../_sync.ts";
import { createScheduleRig, cronTable } from "./_schedule.ts";

const SMALL = { leads: 3 };

/** Crons with a worker that only notes its ticks. */
async function register(timeline?: string) {
  const rig = await createRig({ brand: SMALL });
  const ticks: TickStart[] = [];
  const worker: SyncWorker = {
    tick: (start) => {
      ticks.push(start);
      return Promise.resolve();
    },
    wake: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const [hourly, fiveMinutes] = cronTable(rig.deps, worker, timeline);
  return { rig, hourly, fiveMinutes, ticks };
}

const kinds = (ticks: { kind: string }[]) => ticks.map(({ kind }) => kind);

describe("registerCrons()", () => {
  it("ticks every hour and every five minutes, with a backoff of its own", async () => {
    const { rig, hourly, fiveMinutes } = await register();
    await using _ = rig;
    expect([hourly.schedule, fiveMinutes.schedule]).toEqual([
      "0 * * * *",
      "*/5 * * * *",
    ]);
    for (const { backoff } of [hourly, fiveMinutes]) {
      expect(backoff?.length).toBeGreaterThan(0);
    }
  });

  it("marks every tenant at the hour and has the worker sync them", async () => {
    const { rig, hourly, ticks } = await register("production");
    await using _ = rig;
    await hourly.tick();
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    expect(ticks).toEqual([{
      kind: "hourly",
      startedAt: "2026-03-11T15:00:00.000Z",
      marked: 1,
      missedHours: 0,
    }]);
  });

  it("has the worker finish what is left every five minutes, without a mark", async () => {
    const { rig, fiveMinutes, ticks } = await register();
    await using _ = rig;
    await fiveMinutes.tick();
    expect(await listSyncDue(rig.store)).toEqual([]);
    expect(kinds(ticks)).toEqual(["catch_up"]);
  });

  it("marks, syncs and writes nothing on a branch's timeline", async () => {
    for (const timeline of ["preview/branch", "git-branch/main", ""]) {
      await using rig = await createScheduleRig({ brand: SMALL, timeline });
      rig.clock.advance(5 * MINUTE);
      rig.operations.length = 0;
      await rig.hourly();
      await rig.fiveMinutes();
      expect([timeline, rig.operations]).toEqual([timeline, []]);
    }
  });
});

describe("crons over a database that is refused", () => {
  it("do nothing: the reason has been said", async () => {
    const { rig, ticks } = await register();
    await using _ = rig;
    const store = { ...rig.store, refusal: () => new Error("another one") };
    const worker = createSyncWorker(rig.deps);
    const watch = () => Promise.reject(new Error("nothing can be read"));
    const deps = { ...rig.deps, store };
    const table = cronTable(deps, worker, "production", watch);
    expect(table.length).toBe(3);
    for (const cron of table) await cron.tick();
    expect(ticks).toEqual([]);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });
});

describe("the five-minute tick", () => {
  it("does the hour's work where the hourly tick did not come", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.advance(HOUR + 5 * MINUTE);
    await rig.fiveMinutes();
    const [late] = await rig.ticks();
    expect(late).toMatchObject({ kind: "hourly", synced: 1, missedHours: 0 });
    expect(await rig.runs(rig.tenant.id)).toBe(2);
    rig.clock.advance(5 * MINUTE);
    await rig.fiveMinutes();
    expect(await rig.runs(rig.tenant.id)).toBe(2);
  });

  it("leaves the hour to the hourly tick while that is due or under way", async () => {
    const { rig, hourly, fiveMinutes, ticks } = await register();
    await using _ = rig;
    await fiveMinutes.tick();
    await hourly.tick();
    rig.clock.advance(5 * MINUTE);
    // The worker has not ended the hourly tick: no document of it stands.
    await fiveMinutes.tick();
    expect(kinds(ticks)).toEqual(["catch_up", "hourly", "catch_up"]);
  });

  it("does the hour's work after the hourly tick failed for good", async () => {
    await using rig = await createRig({ brand: SMALL });
    let down = false;
    const { deps } = await rig.another({
      beforeGet() {
        if (down) throw new Error("the database is gone");
      },
    });
    const ticks: TickStart[] = [];
    const [hourly, fiveMinutes] = cronTable(deps, {
      tick: (start) => Promise.resolve(void ticks.push(start)),
      wake: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    });
    down = true;
    await expect(hourly.tick()).rejects.toThrow("the database is gone");
    down = false;
    rig.clock.advance(5 * MINUTE);
    await fiveMinutes.tick();
    expect(kinds(ticks)).toEqual(["hourly"]);
  });
});
