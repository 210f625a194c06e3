import { describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { expect } from "@std/expect";
import { NotFoundError, UsageError } from "../../lib/domain/mod.ts";
import type { SyncRun, SyncState } from "../../lib/domain/mod.ts";
import {
  getTenant,
  readRunProgress,
  setTenantStatus,
  updateTenant,
} from "../../lib/store/mod.ts";
import { syncTenant } from "../../lib/sync/mod.ts";
import { HOUR, SECOND } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig } from "../_sync.ts";

async function stored<T>({ kv, tenant }: SyncRig, kind: string): Promise<T[]> {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === kind).map(({ value }) =>
    value as T
  );
}

/** Notes every wait of the sync. */
function sleepsOf({ clock }: SyncRig): number[] {
  const sleeps: number[] = [];
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms, signal) => {
    sleeps.push(ms);
    return sleep(ms, signal);
  };
  return sleeps;
}

describe("a run", () => {
  it("exists as running before the first request", async () => {
    const seen: unknown[] = [];
    await using rig: SyncRig = await createRig({
      fetch: (through) => async (url, init) => {
        const [run] = await stored<SyncRun>(rig, "sync_runs");
        const [state] = await stored<SyncState>(rig, "sync_state");
        seen.push([run?.status, run?.finishedAt, state?.status]);
        return await through(url, init);
      },
    });
    await rig.sync();
    expect(seen[0]).toEqual(["running", null, "running"]);
  });

  it("ends as a success with its time, its count and no message", async () => {
    await using rig = await createRig();
    const report = await rig.sync();
    const [run] = await stored<SyncRun>(rig, "sync_runs");
    const counts = rig.simulator.brand("test-web-key-one").counts();
    expect(run).toMatchObject({
      id: report.runId,
      status: "success",
      startedAt: "2026-03-11T15:00:00.000Z",
      finishedAt: "2026-03-11T15:00:00.000Z",
      errorMessage: null,
    });
    expect(run!.recordsUpdated).toBe(report.recordsUpdated);
    expect(run!.streams.leads!.fetched).toBe(counts.leads);
    const written = Object.values(run!.streams).map(({ written }) => written);
    expect(run!.recordsUpdated).toBe(written.reduce((a, b) => a + b, 0));
  });

  it("ends as failed with a sentence for people", async () => {
    await using rig = await createRig();
    rig.simulator.faults.add({ kind: "http_status", stream: "leads" });
    const report = await rig.sync();
    const [run] = await stored<SyncRun>(rig, "sync_runs");
    expect(run).toMatchObject({
      status: "failed",
      errorMessage: "Leads: ClientTether answered 503 four times.",
    });
    expect(run!.finishedAt).toBe("2026-03-11T15:00:07.000Z");
    expect(report).toMatchObject({
      status: "failed",
      errorMessage: run!.errorMessage,
    });
  });

  it("puts its end into the small document of the banner", async () => {
    await using rig = await createRig();
    await rig.sync();
    const first = await (await rig.data()).syncState();
    expect(first).toMatchObject({
      status: "success",
      lastSyncAt: "2026-03-11T15:00:00.000Z",
      nextDueAt: "2026-03-11T16:00:00.000Z",
      viewDay: "2026-03-11",
    });
    rig.clock.advance(HOUR);
    rig.simulator.faults.add({ kind: "http_status", stream: "notes" });
    await rig.sync();
    const second = await (await rig.data()).syncState();
    expect(second).toMatchObject({
      status: "failed",
      lastSyncAt: "2026-03-11T15:00:00.000Z",
      errorMessage: "Notes: ClientTether answered 503 four times.",
    });
    expect(second.streams.notes!.lastSuccessAt).toBe(first.lastSyncAt);
    expect(second.streams.leads!.lastSuccessAt).toBe(second.finishedAt);
  });

  it("is listed with the others, newest first", async () => {
    await using rig = await createRig();
    const ids = [];
    for (let n = 0; n < 3; n++) {
      ids.unshift((await rig.sync()).runId);
      rig.clock.advance(HOUR);
    }
    const runs = await (await rig.data()).listRuns(2);
    expect(runs.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });

  it("reports busy while another one holds the lease", async () => {
    let inner: unknown;
    await using rig: SyncRig = await createRig({
      fetch: (through) => async (url, init) => {
        inner ??= await rig.sync();
        return await through(url, init);
      },
    });
    const outer = await rig.sync();
    expect(inner).toMatchObject({ status: "busy", runId: null, streams: {} });
    expect(outer.status).toBe("success");
    expect((await stored(rig, "sync_runs")).length).toBe(1);
  });

  it("stops at its next commit when the tenant is no longer active", async () => {
    let asked = 0;
    await using rig: SyncRig = await createRig({
      fetch: (through) => async (url, init) => {
        if (++asked === 2) {
          await setTenantStatus(rig.store, rig.tenant.id, "suspended");
        }
        return await through(url, init);
      },
    });
    await expect(rig.sync()).rejects.toThrow("the tenant's state changed");
    expect(await stored(rig, "leads")).toEqual([]);
    expect((await rig.sync()).status).toBe("busy");
  });

  it("is refused for an unknown tenant and for one without a key", async () => {
    await using rig = await createRig();
    const { deps, tenant, clock } = rig;
    await expect(syncTenant(deps, "nobody")).rejects.toThrow(NotFoundError);
    await updateTenant(
      rig.store,
      tenant.id,
      { clienttetherWebKey: null },
      clock,
    );
    await expect(rig.sync()).rejects.toThrow(UsageError);
    await expect(rig.sync()).rejects.toThrow(
      "Cannot sync tenant 'test-brand': it has no web key",
    );
  });

  it("leaves the lease free when the keys cannot be opened", async () => {
    await using rig = await createRig();
    const openKeys = () => Promise.reject(new Error("another PORTAL_SECRET"));
    const broken = syncTenant({ ...rig.deps, openKeys }, rig.tenant.id);
    await expect(broken).rejects.toThrow("another PORTAL_SECRET");
    expect((await rig.sync()).status).toBe("success");
    expect((await getTenant(rig.store, rig.tenant.id)).webKeyLast4)
      .toBe("-one");
  });

  it("tells of each stream as it is read, page by page, and written", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    const told: string[] = [];
    await rig.sync({
      onProgress: ({ stream, phase, records, of }) => {
        told.push(`${stream} ${phase} ${records}${of ? ` of ${of}` : ""}`);
      },
    });
    expect(told.filter((line) => line.startsWith("leads"))).toEqual([
      "leads reading 0",
      "leads reading 100",
      "leads reading 200",
      "leads reading 250",
      "leads writing 0 of 250",
      "leads done 250",
    ]);
    const done = told.filter((line) => line.includes("done"))
      .map((line) => line.split(" ")[0]);
    expect(done)
      .toEqual(["cycles", "leads", "opportunities", "notes", "activities"]);
  });

  it("lets its lease carry how far it has come, from one renewal to the next", async () => {
    using time = new FakeTime();
    const seen: unknown[] = [];
    await using rig: SyncRig = await createRig({
      brand: { leads: 50, opportunities: 0 },
      fetch: (through) => async (url, init) => {
        if (seen.length === 0 && url.pathname.includes("opportunit")) {
          const { store, clock, tenant } = rig;
          const { runId } = await (await rig.data()).syncState();
          const progress = () =>
            readRunProgress(store, tenant.id, runId!, clock.now());
          seen.push(await progress());
          time.tick(5_000);
          let renewed = await progress();
          // The renewal is a commit of its own, which nobody here can wait for.
          for (let n = 0; n < 100 && !renewed?.leads; n++) {
            renewed = await progress();
          }
          seen.push(renewed);
        }
        return await through(url, init);
      },
    });
    await rig.sync();
    expect(seen).toEqual([{}, {
      cycles: { phase: "done", records: expect.any(Number) },
      leads: { phase: "done", records: 50 },
      opportunities: { phase: "reading", records: 0 },
    }]);
  });
});

describe("a request that can pass", () => {
  it("is tried again after 1, 2 and 4 seconds", async () => {
    await using rig = await createRig();
    const sleeps = sleepsOf(rig);
    const fault = { kind: "http_status", stream: "leads" } as const;
    const { hits } = rig.simulator.faults.add({ ...fault, call: { to: 3 } });
    expect(hits).toBe(0);
    const report = await rig.sync();
    expect(report.status).toBe("success");
    expect(sleeps).toEqual([1 * SECOND, 2 * SECOND, 4 * SECOND]);
  });

  it("fails its stream after the fourth answer, and no request more", async () => {
    await using rig = await createRig();
    const sleeps = sleepsOf(rig);
    rig.simulator.faults.add({ kind: "connection", stream: "leads" });
    const report = await rig.sync();
    expect(report.streams.leads!.status).toBe("failed");
    expect(rig.simulator.requests.count({ stream: "leads" })).toBe(4);
    expect(sleeps).toEqual([1 * SECOND, 2 * SECOND, 4 * SECOND]);
  });

  it("waits as long as ClientTether asks", async () => {
    await using rig = await createRig();
    const sleeps = sleepsOf(rig);
    rig.simulator.faults.add({
      kind: "rate_limited",
      seconds: 42,
      stream: "notes",
      call: 1,
    });
    expect((await rig.sync()).status).toBe("success");
    expect(sleeps).toEqual([42 * SECOND]);
  });

  it("is not tried again where it cannot pass", async () => {
    await using rig = await createRig();
    const sleeps = sleepsOf(rig);
    rig.simulator.faults.add({
      kind: "http_status",
      status: 400,
      stream: "leads",
    });
    await rig.sync();
    expect(rig.simulator.requests.count({ stream: "leads" })).toBe(1);
    expect(sleeps).toEqual([]);
  });
});
