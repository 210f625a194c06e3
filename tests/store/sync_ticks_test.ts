import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  lastHourlyTick,
  listSyncTicks,
  openStore,
  putSyncTick,
  type SyncTick,
} from "../../lib/store/mod.ts";
import { hookedKv } from "../_kv.ts";

const tickAt = (
  startedAt: string,
  kind: SyncTick["kind"] = "hourly",
): SyncTick => ({
  kind,
  startedAt,
  finishedAt: startedAt,
  marked: 0,
  synced: 0,
  failed: 0,
  busy: 0,
  cut: 0,
  recordsUpdated: 0,
  missedHours: 0,
  failures: [],
  slowest: null,
});

async function open() {
  const kv = await Deno.openKv(":memory:");
  const store = await openStore({ kv });
  return { kv, store, [Symbol.dispose]: () => store.close() };
}

const AT = "2026-03-11T15:00:00.000Z";

describe("putSyncTick()", () => {
  it("keeps a tick as it is, under the time of its start", async () => {
    using db = await open();
    const tick: SyncTick = {
      ...tickAt(AT),
      failures: [{ tenant: "acme", message: "It failed" }],
      slowest: { tenant: "acme", ms: 12 },
    };
    await putSyncTick(db.store, tick);
    expect((await db.kv.get(["sync_ticks", AT])).value).toEqual(tick);
  });

  it("moves to the next free millisecond where another tick stands", async () => {
    using db = await open();
    await putSyncTick(db.store, tickAt(AT));
    await putSyncTick(db.store, tickAt(AT, "asked"));
    await putSyncTick(db.store, tickAt(AT, "catch_up"));
    const ticks = await listSyncTicks(db.store, 9);
    expect(ticks.map(({ kind, startedAt }) => [kind, startedAt.slice(-5)]))
      .toEqual([["catch_up", ".002Z"], ["asked", ".001Z"], [
        "hourly",
        ".000Z",
      ]]);
  });

  it("is not written twice where the answer of its commit was lost", async () => {
    using db = await open();
    // A remote database applies the commit, loses its answer, and refuses what is done already.
    let lost = true;
    const kv = hookedKv(db.kv, {
      beforeCommit: async () => {
        if (!lost) return;
        lost = false;
        await db.kv.set(["sync_ticks", AT], tickAt(AT));
      },
    });
    const store = await openStore({ kv });
    await putSyncTick(store, tickAt(AT));
    expect(await listSyncTicks(db.store, 9)).toEqual([tickAt(AT)]);
  });

  it("removes what is older than seven days, and nothing else", async () => {
    using db = await open();
    const days = ["03", "04", "05", "11"].map((day) =>
      AT.replace("11T", `${day}T`)
    );
    for (const at of days.slice(0, 3)) await putSyncTick(db.store, tickAt(at));
    await putSyncTick(db.store, tickAt(AT));
    const left = await listSyncTicks(db.store, 9);
    expect(left.map(({ startedAt }) => startedAt)).toEqual([
      AT,
      days[2],
      days[1],
    ]);
  });
});

describe("listSyncTicks()", () => {
  it("answers the newest first, as many as asked for", async () => {
    using db = await open();
    const hours = ["10", "12", "11"].map((hour) => AT.replace("15", hour));
    for (const at of hours) await putSyncTick(db.store, tickAt(at));
    const ticks = await listSyncTicks(db.store, 2);
    expect(ticks.map(({ startedAt }) => startedAt)).toEqual([
      hours[1],
      hours[2],
    ]);
  });
});

describe("lastHourlyTick()", () => {
  it("finds the newest of its kind behind many others", async () => {
    using db = await open();
    expect(await lastHourlyTick(db.store)).toBeNull();
    await putSyncTick(db.store, tickAt(AT.replace("15", "13")));
    await putSyncTick(db.store, tickAt(AT.replace("15", "14")));
    for (let n = 0; n < 120; n++) {
      await putSyncTick(db.store, tickAt(AT, "catch_up"));
    }
    expect((await lastHourlyTick(db.store))?.startedAt)
      .toBe(AT.replace("15", "14"));
  });
});
