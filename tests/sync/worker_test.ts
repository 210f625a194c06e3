import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  isSyncDue,
  listSyncDue,
  listSyncTicks,
  markSyncDue,
} from "../../lib/store/mod.ts";
import { createSyncWorker, drain, markAllDue } from "../../lib/sync/mod.ts";
import { assertSound } from "../_checker.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";
import { until } from "./_schedule.ts";

const SMALL = { leads: 3 };

/** Two tenants; the gate holds back the first's requests until it is opened. */
async function gated(options: RigOptions = {}) {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const rig = await createRig({
    brand: SMALL,
    more: { other: SMALL },
    fetch: (through) => async (url, init) => {
      if (new Headers(init.headers).get("x-web-key") !== "other") {
        reached.resolve();
        await gate.promise;
      }
      return await through(url, init);
    },
    ...options,
  });
  const other = await rig.addTenant("Other", "other");
  return { rig, other, open: gate.resolve, reached: reached.promise };
}

const mark = ({ store, clock }: SyncRig, id: string) =>
  markSyncDue(store, id, clock);

async function runs(rig: SyncRig, tenantId: string): Promise<number> {
  const prefix = ["t", tenantId, "sync_runs"];
  return (await Array.fromAsync(rig.kv.list({ prefix }))).length;
}

describe("createSyncWorker()", () => {
  it("drains when it is woken", async () => {
    await using rig = await createRig({ brand: SMALL });
    const worker = createSyncWorker(rig.deps);
    await mark(rig, rig.tenant.id);
    await worker.wake();
    expect(await listSyncDue(rig.store)).toEqual([]);
    expect(await runs(rig, rig.tenant.id)).toBe(1);
  });

  it("takes what is marked during a drain in another one", async () => {
    const { rig, other, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps);
    await mark(rig, rig.tenant.id);
    const first = worker.wake();
    await reached;
    await mark(rig, other.id);
    const second = worker.wake();
    open();
    await Promise.all([first, second]);
    expect(await runs(rig, other.id)).toBe(1);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("does one drain at a time, however often it is woken", async () => {
    const { rig, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps);
    await mark(rig, rig.tenant.id);
    const wakes = [worker.wake()];
    await reached;
    for (let n = 0; n < 5; n++) wakes.push(worker.wake());
    open();
    await Promise.all(wakes);
    expect(await runs(rig, rig.tenant.id)).toBe(1);
  });

  it("hears a wake in whichever turn it comes while a drain ends", async () => {
    for (let turns = 0; turns < 50; turns++) {
      await using rig = await createRig({ brand: { leads: 0 } });
      const other = await rig.addTenant("Other", TEST_WEB_KEY);
      const woken = Promise.withResolvers<void>();
      const wakeAfter = async (turns: number) => {
        for (let n = 0; n < turns; n++) await null;
        woken.resolve(worker.wake());
      };
      const lease = ["t", rig.tenant.id, "sync_lease"];
      const { deps } = await rig.another({
        afterCommit: async () => {
          const { value } = await rig.kv.get<{ owner: unknown }>(lease);
          if (value?.owner === null) wakeAfter(turns);
        },
      });
      const worker = createSyncWorker({
        ...deps,
        // Marked when the drain has chosen its tenants already.
        fetch: async (url, init) => {
          await mark(rig, other.id);
          return await deps.fetch(url, init);
        },
      });
      await mark(rig, rig.tenant.id);
      await worker.wake();
      await woken.promise;
      expect([turns, await runs(rig, other.id)]).toEqual([turns, 1]);
      await worker.stop();
    }
  });

  it("gives a tenant that is marked meanwhile a free place at once", async () => {
    const { rig, other, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps, { concurrency: 2 });
    await mark(rig, rig.tenant.id);
    const slow = worker.wake();
    await reached;
    await mark(rig, other.id);
    const woken = worker.wake();
    // The first tenant's request is still unanswered.
    await until(async () => !(await isSyncDue(rig.store, other.id)));
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    open();
    await Promise.all([slow, woken]);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("ends a tick when what it began is done, whatever an earlier tick began", async () => {
    const { rig, other, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps, { concurrency: 2 });
    const start = (kind: "hourly" | "catch_up") => ({
      kind,
      startedAt: new Date(rig.clock.now()).toISOString(),
      marked: 0,
      missedHours: 0,
    });
    await mark(rig, rig.tenant.id);
    const slow = worker.tick(start("hourly"));
    await reached;
    await mark(rig, other.id);
    await worker.tick(start("catch_up"));
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    const [tick] = await listSyncTicks(rig.store, 9);
    expect(tick).toMatchObject({ kind: "catch_up", synced: 1 });
    open();
    await slow;
    expect(await runs(rig, rig.tenant.id)).toBe(1);
  });

  it("hears a tenant that is marked again while its own sync ends", async () => {
    await using rig = await createRig({ brand: { leads: 0 } });
    const lease = ["t", rig.tenant.id, "sync_lease"];
    let woken: Promise<void> | undefined;
    const { deps } = await rig.another({
      afterCommit: async () => {
        const { value } = await rig.kv.get<{ owner: unknown }>(lease);
        if (value?.owner !== null || woken) return;
        // The sync has taken its mark away, but its turn is not over.
        await mark(rig, rig.tenant.id);
        woken = worker.wake();
        for (let n = 0; n < 5; n++) await new Promise((go) => setTimeout(go));
      },
    });
    const worker = createSyncWorker(deps);
    await mark(rig, rig.tenant.id);
    await worker.wake();
    await woken;
    expect(await runs(rig, rig.tenant.id)).toBe(2);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("does not sync a tenant that another runner synced since the list was read", async () => {
    const { rig, other, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps, { concurrency: 1 });
    await mark(rig, rig.tenant.id);
    const first = worker.wake();
    await reached;
    await mark(rig, other.id);
    const second = worker.wake();
    await drain(rig.deps);
    open();
    await Promise.all([first, second]);
    expect(await runs(rig, other.id)).toBe(1);
  });

  it("passes a database's failure on to whoever woke it, and drains when it is woken again", async () => {
    await using rig = await createRig({ brand: SMALL });
    let down = false;
    const { deps } = await rig.another({
      beforeGet() {
        if (down) throw new Error("the database is gone");
      },
    });
    const worker = createSyncWorker(deps);
    await mark(rig, rig.tenant.id);
    down = true;
    await expect(worker.wake()).rejects.toThrow("the database is gone");
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    down = false;
    await worker.wake();
    expect(await listSyncDue(rig.store)).toEqual([]);
  });
});

describe("stopping a worker", () => {
  it("ends what is under way and leaves its mark, so that a later drain finishes it", async () => {
    const { rig, other, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps, { concurrency: 1 });
    await markAllDue(rig.deps);
    const draining = worker.wake();
    await reached;
    // The request never answers: stopping does not wait for it.
    await worker.stop();
    await draining;
    expect(await listSyncDue(rig.store)).toContain(rig.tenant.id);
    const [run] = await (await rig.data()).listRuns(1);
    expect(run).toMatchObject({
      status: "failed",
      errorMessage: "The sync was stopped before its end; the next one goes on",
    });
    open();
    const reports = await drain(rig.deps);
    expect(reports.every(({ status }) => status === "success")).toBe(true);
    expect(await listSyncDue(rig.store)).toEqual([]);
    await assertSound(rig.kv, other.id);
  });

  it("gives the lease back, so that nobody waits for it", async () => {
    const { rig, open, reached } = await gated();
    await using _ = rig;
    const worker = createSyncWorker(rig.deps);
    await mark(rig, rig.tenant.id);
    const draining = worker.wake();
    await reached;
    await worker.stop();
    await draining;
    open();
    expect((await rig.sync()).status).toBe("success");
  });

  it("leaves later wakes without effect", async () => {
    await using rig = await createRig({ brand: SMALL });
    const worker = createSyncWorker(rig.deps);
    await worker.stop();
    await mark(rig, rig.tenant.id);
    await worker.wake();
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    expect(await runs(rig, rig.tenant.id)).toBe(0);
  });
});
