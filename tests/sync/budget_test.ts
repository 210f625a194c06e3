import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { markSyncDue } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, mutations, type SyncRig } from "../_sync.ts";

/** What an hour without changes may cost, deletes and lease included; a slow machine's renewals of it are not. */
const BUDGET = 12;

/** How often the lease was renewed: after it was taken, each commit of it alone. */
function renewals({ operations }: SyncRig): number {
  const ofLease = operations.filter(({ kind, keys }) =>
    kind === "commit" && keys.every((key) => key[2] === "sync_lease")
  );
  return Math.max(0, ofLease.length - 1);
}

async function cost(rig: SyncRig, at: string): Promise<number> {
  rig.clock.set(at);
  await markSyncDue(rig.store, rig.tenant.id, rig.clock);
  rig.operations.length = 0;
  const report = await rig.sync();
  expect(report).toMatchObject({ status: "success", recordsUpdated: 0 });
  return mutations(rig.operations) - renewals(rig);
}

/** Keys of records and indexes that the operations wrote. */
function recordsWritten({ operations }: SyncRig): Deno.KvKey[] {
  const others = new Set([
    "sync_lease",
    "sync_runs",
    "sync_state",
    "ct_raw_snapshots",
    "ct_raw_chunks",
  ]);
  return operations.filter(({ kind }) => kind === "commit")
    .flatMap(({ keys }) => keys)
    .filter((key) => key[0] === "t" && !others.has(String(key[2])));
}

describe("a sync without changes", () => {
  it("of 10,000 leads makes at most 12 writes, in any hour of the day", async () => {
    await using rig = await createRig({ brand: { leads: 10_000 } });
    await rig.sync();
    const costs = {
      "the next hour": await cost(rig, "2026-03-11T16:00:00.000Z"),
      "the first hour of a day": await cost(rig, "2026-03-12T04:30:00.000Z"),
      "the hour after": await cost(rig, "2026-03-12T05:30:00.000Z"),
      "the notes' full pass": await cost(rig, "2026-03-12T07:30:00.000Z"),
    };
    for (const [hour, writes] of Object.entries(costs)) {
      expect([hour, Math.max(writes, BUDGET)]).toEqual([hour, BUDGET]);
    }
  });

  it("makes at most 12 writes, in any hour of days in which old raw expires", async () => {
    await using rig = await createRig({ brand: { leads: 30 } });
    rig.deps.snapshotRetentionDays = 1;
    await rig.sync();
    const from = Date.parse("2026-03-11T16:00:00.000Z");
    for (let hour = 0; hour < 72; hour++) {
      const at = new Date(from + hour * HOUR).toISOString();
      const writes = await cost(rig, at);
      expect([at, Math.max(writes, BUDGET)]).toEqual([at, BUDGET]);
    }
    const prefix = ["t", rig.tenant.id, "ct_raw_snapshots"];
    const kept = await Array.fromAsync(rig.kv.list({ prefix }));
    expect(kept.length).toBeLessThan(60);
  });

  it("leaves behind how many writes it made, as did the first one", async () => {
    await using rig = await createRig();
    const counted = async () =>
      (await (await rig.data()).syncState()).lastRun?.kvWrites;
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    rig.operations.length = 0;
    await rig.sync();
    const first = mutations(rig.operations);
    expect(await counted()).toBe(first);
    expect(first).toBeGreaterThan(100);
    const second = await cost(rig, "2026-03-11T16:00:00.000Z");
    expect(await counted()).toBe(second);
  });

  it("writes no record and no index", async () => {
    await using rig = await createRig();
    await rig.sync();
    for (const full of [false, true]) {
      rig.operations.length = 0;
      const report = await rig.sync({ full });
      expect(report.recordsUpdated).toBe(0);
      expect(recordsWritten(rig)).toEqual([]);
    }
  });

  it("reads no record either, only the index of activities in their window and whether raw has expired", async () => {
    await using rig = await createRig();
    await rig.sync();
    rig.operations.length = 0;
    await rig.sync();
    const listed = rig.operations.filter(({ kind }) => kind === "list")
      .flatMap(({ keys }) => keys.map((key) => key[2]));
    expect([...new Set(listed)].sort()).toEqual([
      "ct_raw_snapshots",
      "ct_scheduled_activities_by_date",
      "erased",
      "quarantine",
      "sync_index",
    ]);
  });
});

describe("a sync with one change", () => {
  it("writes the record, its indexes and its bucket, and no more of the others", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand("test-web-key-one");
    await rig.sync();
    brand.putNote({
      id: "N",
      contact_id: "7",
      date: "2026-03-11 10:00:00",
      content: "x",
    });
    rig.operations.length = 0;
    await rig.sync();
    const kinds = recordsWritten(rig).map((key) => key[2]);
    expect(kinds).toEqual([
      "ct_notes",
      "ct_notes_by_date",
      "ct_notes_by_contact",
      "arrivals",
      "sync_index",
      "recent",
    ]);
  });

  it("stores the raw text of that record alone", async () => {
    await using rig = await createRig({ brand: { leads: 500 } });
    await rig.sync();
    rig.simulator.brand("test-web-key-one").putLead({
      client_id: "new",
      firstName: "Robin",
    });
    const { runId } = await rig.sync();
    const rows = await Array.fromAsync(
      rig.kv.list({ prefix: ["t", rig.tenant.id, "ct_raw_snapshots"] }),
    );
    const { value } = rows.find(({ key }) => key.at(-1) === runId)!;
    expect(value).toMatchObject({
      streams: { leads: { kind: "changes", count: 1, removed: [] } },
    });
  });
});
