import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { STREAMS } from "../../../lib/domain/mod.ts";
import { LEASE_MS } from "../../../lib/store/lease.ts";
import { LeaseLostError } from "../../../lib/store/mod.ts";
import { assertSound } from "../../_checker.ts";
import { tenantRows } from "../../_dump.ts";
import { Crash, crashWhere, type KvHooks } from "../../_kv.ts";
import { expectSuccess } from "./_expect.ts";
import { SMALL, TENANT, Twins } from "./_matrix.ts";
import {
  isLastCommit,
  openProcess,
  startsRun,
  touches,
  writesRecords,
} from "./_processes.ts";
import { rawIds } from "./_raw.ts";
import { servedBy, withoutTime } from "./_served.ts";

type Where = Parameters<typeof crashWhere>[0];

/** The nth commit for which `where` holds. */
function nth(n: number, where: (keys: readonly Deno.KvKey[]) => boolean) {
  let met = 0;
  const found: Where = (_, keys) => where(keys) && ++met === n;
  return found;
}

const hasManifest = (keys: readonly Deno.KvKey[]) =>
  touches(keys, "ct_raw_snapshots") && !touches(keys, "sync_lease");

/** Where a process may die, by the order of a sync's steps. */
const POINTS: [string, Where, "before" | "after"][] = [
  ["before its run stands", nth(1, startsRun), "before"],
  ["after its run stands", nth(1, startsRun), "after"],
  [
    "after a fetch, before raw",
    nth(1, (keys) => touches(keys, "ct_raw_chunks")),
    "before",
  ],
  ["between raw and its manifest", nth(2, hasManifest), "before"],
  ["between a manifest and its records", nth(2, hasManifest), "after"],
  ["before the first records", nth(1, writesRecords), "before"],
  ["between two batches of records", nth(1, writesRecords), "after"],
  ["before later records", nth(3, writesRecords), "before"],
  ["after later records", nth(3, writesRecords), "after"],
  ["before the last commit", nth(1, isLastCommit), "before"],
  ["after the last commit", nth(1, isLastCommit), "after"],
];

async function leaseOwner({ faulted: { kv } }: Twins): Promise<unknown> {
  const key = ["t", TENANT, "sync_lease"];
  return (await kv.get<{ owner: string | null }>(key)).value?.owner;
}

/** Where a record stands, what ClientTether sent of it is kept, and a manifest names it. */
async function expectRawOfEveryRecord({ faulted }: Twins): Promise<void> {
  const rows = await tenantRows(faulted.kv, TENANT);
  const kinds = [
    ["leads", "leads", "client_id"],
    ["opportunities", "opportunities", "opportunity_id"],
    ["cycles", "sales_cycles", "sales_cycle_id"],
  ] as const;
  for (const [stream, kind, field] of kinds) {
    const raw = await rawIds(faulted, stream, field);
    const stored = rows.filter(({ key }) => key[2] === kind)
      .map(({ value }) => (value as { id: string }).id);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.filter((id) => !raw.has(id))).toEqual([]);
  }
}

describe("a process that dies", () => {
  it("row 33: wherever it does, figures are old or new, every row is whole, and the next run ends the same", async () => {
    for (const [point, where, when] of POINTS) {
      await using twins = await Twins.create({ brand: SMALL });
      const { faulted: rig } = twins;
      const now = rig.clock.now();
      const before = await servedBy(rig, now);
      const dying = await openProcess(rig, crashWhere(where, when));
      await expect(dying.sync()).rejects.toThrow(Crash);
      await assertSound(rig.kv, TENANT);
      await expectRawOfEveryRecord(twins);
      const after = await servedBy(rig, now);
      const done = point === "after the last commit";
      if (done) {
        expect(after.state.status).toBe("success");
        expect(await leaseOwner(twins)).toBe(null);
        const never = await servedBy(twins.spared, now);
        expect(withoutTime(after.views.pipeline))
          .toEqual(withoutTime(never.views.pipeline));
      } else {
        expect([point, after.views]).toEqual([point, before.views]);
        expect(after.state.lastSyncAt).toBe(before.state.lastSyncAt);
        expect((await rig.sync()).status).toBe("busy");
      }
      rig.clock.advance(LEASE_MS);
      expectSuccess(await twins.under([]));
      await twins.heal();
    }
  });

  it("row 34: stopped at any request, it ends at once, says so and gives the lease back", async () => {
    // One for each stream; the leads take two pages.
    for (let n = 1; n <= STREAMS.length + 1; n++) {
      const stop = new AbortController();
      let left = Infinity;
      await using twins = await Twins.create({
        fetch: (through) => async (url, init) => {
          if (--left === 0) stop.abort(new Error("The portal is stopping"));
          return await through(url, init);
        },
      });
      left = n;
      const seen = await twins.under([], { signal: stop.signal });
      const message =
        "The sync was stopped before its end; the next one goes on";
      expect(seen.report).toMatchObject({
        status: "failed",
        errorMessage: message,
      });
      expect(seen.after.state).toMatchObject({
        errorMessage: message,
        lastSyncAt: seen.before.state.lastSyncAt,
      });
      expect(seen.after.views).toEqual(seen.before.views);
      expect(await leaseOwner(twins)).toBe(null);
      await assertSound(twins.faulted.kv, TENANT);
      expectSuccess(await twins.under([]));
      await twins.heal();
    }
  });

  it("row 34: stopped while it writes, it finishes the batch and no stream after it", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const stop = new AbortController();
    const process = await openProcess(twins.faulted, {
      afterCommit: (_, keys) => {
        if (writesRecords(keys)) {
          stop.abort(new Error("The portal is stopping"));
        }
      },
    });
    const seen = await twins.watch(() => process.sync({ signal: stop.signal }));
    expect(seen.report.status).toBe("failed");
    expect(seen.report.streams.cycles).toMatchObject({ written: 1 });
    expect(seen.report.streams.leads).toBeUndefined();
    expect(await leaseOwner(twins)).toBe(null);
    await twins.heal();
  });
});

describe("two processes on one tenant", () => {
  it("row 35: one has the lease, the other leaves without a request or a row", async () => {
    let inner: unknown;
    let asked = 0;
    let during = false;
    await using twins: Twins = await Twins.create({
      fetch: (through) => async (url, init) => {
        if (during && asked++ === 0) inner = await twins.faulted.sync();
        return await through(url, init);
      },
    });
    during = true;
    const seen = await twins.under([]);
    expectSuccess(seen);
    expect(inner).toMatchObject({
      status: "busy",
      runId: null,
      streams: {},
      errorMessage:
        "Another sync of 'test-brand' is under way, or the tenant is not active",
    });
    await twins.heal();
  });

  it("row 35: one that was paused past its lease and wakes writes nothing", async () => {
    const pauses: [string, (keys: readonly Deno.KvKey[]) => boolean][] = [
      ["at its run's start", startsRun],
      ["at raw", (keys) => touches(keys, "ct_raw_chunks")],
      ["at a manifest", hasManifest],
      ["at records", writesRecords],
      ["at its last commit", isLastCommit],
    ];
    for (const [point, where] of pauses) {
      await using twins = await Twins.create({ brand: SMALL });
      const { faulted: rig } = twins;
      let woke: unknown;
      const paused = nth(1, where);
      const zombie = await openProcess(rig, {
        beforeCommit: async (n, keys) => {
          if (woke !== undefined || !paused(n, keys)) return;
          woke = null;
          rig.clock.advance(LEASE_MS + 1);
          expect((await rig.sync()).status).toBe("success");
          woke = await tenantRows(rig.kv, TENANT);
        },
      });
      const error = await zombie.sync().catch((error) => error);
      expect([point, error]).toEqual([point, expect.any(LeaseLostError)]);
      expect(error.message).toBe("Cannot go on: another sync took the lease");
      expect(await tenantRows(rig.kv, TENANT)).toEqual(woke);
      await twins.heal();
    }
  });

  it("row 35: one whose lease ran out but was not taken goes on", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { faulted: rig } = twins;
    let slept = false;
    const hooks: KvHooks = {
      beforeCommit: (_, keys) => {
        if (slept || !writesRecords(keys)) return;
        slept = true;
        rig.clock.advance(LEASE_MS + 1);
      },
    };
    const slow = await openProcess(rig, hooks);
    expectSuccess(await twins.watch(() => slow.sync()));
    await twins.heal();
  });
});
