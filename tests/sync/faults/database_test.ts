import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ConflictError, TransientError } from "../../../lib/domain/mod.ts";
import { LEASE_MS } from "../../../lib/store/lease.ts";
import {
  getTenant,
  LeaseLostError,
  markSyncDue,
  openStore,
  setTenantStatus,
  updateTenant,
} from "../../../lib/store/mod.ts";
import { drain } from "../../../lib/sync/mod.ts";
import { assertSound } from "../../_checker.ts";
import { tenantRows } from "../../_dump.ts";
import { hookedKv, type KvHooks } from "../../_kv.ts";
import type { SyncRig } from "../../_sync.ts";
import { expectSuccess } from "./_expect.ts";
import { SMALL, TENANT, Twins } from "./_matrix.ts";
import {
  isLastCommit,
  openProcess,
  startsRun,
  takesLease,
  touches,
  writesRecords,
} from "./_processes.ts";
import { servedBy } from "./_served.ts";

const FULL = "database or disk is full";
const never = () => new Promise<never>(() => {});

/** The sync died of this; what pages show is what they showed, and every row is whole. */
async function expectBroken(
  twins: Twins,
  sync: () => Promise<unknown>,
  message: string,
): Promise<void> {
  const { faulted: rig } = twins;
  const now = rig.clock.now();
  const before = await servedBy(rig, now);
  await expect(sync()).rejects.toThrow(message);
  const after = await servedBy(rig, now);
  expect(after.views).toEqual(before.views);
  expect(after.state.lastSyncAt).toBe(before.state.lastSyncAt);
  await assertSound(rig.kv, TENANT);
}

describe("a commit", () => {
  it("row 37: that others were faster than is made again on what they wrote, four times at most", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { faulted: rig } = twins;
    for (const rivals of [4, 5]) {
      let commits = 0;
      const { store } = await openProcess(rig, {
        beforeCommit: async () => {
          if (commits++ >= rivals) return;
          const accent = `#00000${commits}`;
          await updateTenant(rig.store, TENANT, { accent }, rig.clock);
        },
      });
      const update = updateTenant(store, TENANT, { name: "Acme" }, rig.clock);
      if (rivals === 4) {
        expect(await update).toMatchObject({ name: "Acme", accent: "#000004" });
        continue;
      }
      await expect(update).rejects.toThrow(ConflictError);
      await expect(update).rejects.toThrow(
        "somebody else changed it 5 times meanwhile; try again",
      );
    }
    expect(await getTenant(rig.store, TENANT)).toMatchObject({
      name: "Acme",
      accent: "#000005",
    });
  });

  it("row 37: of settings during a sync does not disturb it, and counts from the next one on", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    let changed = false;
    const process = await openProcess(twins.faulted, {
      beforeCommit: async (_, keys) => {
        if (changed || !writesRecords(keys)) return;
        changed = true;
        await twins.faulted.change({ hotFrom: "QR Sent" });
      },
    });
    expectSuccess(await twins.watch(() => process.sync()));
    await twins.spared.change({ hotFrom: "QR Sent" });
    for (const rig of [twins.faulted, twins.spared]) await rig.sync();
    const now = twins.faulted.clock.now();
    // One of them synced an hour earlier, and so saw its deals earlier.
    const hot = async (rig: SyncRig) =>
      (await servedBy(rig, now)).hotList.map((item) => ({
        ...item,
        since: null,
      }));
    expect(await hot(twins.faulted)).toEqual(await hot(twins.spared));
  });

  it("row 38: that was applied and then refused, since it was sent twice, is known by what it wrote", async () => {
    for (const where of [takesLease, isLastCommit]) {
      await using twins = await Twins.create({ brand: SMALL });
      let lost = 0;
      const process = await openProcess(twins.faulted, {
        heard: (_, keys, outcome) =>
          where(keys) && lost++ === 0 ? { ok: false } : outcome,
      });
      expectSuccess(await twins.watch(() => process.sync()));
      expect(lost).toBe(1);
      expect((await twins.faulted.sync()).status).toBe("success");
      await twins.heal();
    }
  });

  it("row 38: whose answer is lost ends the run, and whether it was applied or not the next one goes on", async () => {
    const points: [string, (keys: readonly Deno.KvKey[]) => boolean][] = [
      ["the lease", takesLease],
      ["the run", startsRun],
      ["raw", (keys) => touches(keys, "ct_raw_chunks")],
      ["records", writesRecords],
    ];
    const lostAt =
      (where: (keys: readonly Deno.KvKey[]) => boolean) =>
      (_: number, keys: readonly Deno.KvKey[]) => {
        if (where(keys)) throw new Error("the answer was lost");
      };
    for (const [, where] of points) {
      for (const hook of ["beforeCommit", "afterCommit"] as const) {
        await using twins = await Twins.create({ brand: SMALL });
        const hooks: KvHooks = { [hook]: lostAt(where) };
        const process = await openProcess(twins.faulted, hooks);
        await expectBroken(twins, process.sync, "the answer was lost");
        twins.faulted.clock.advance(LEASE_MS);
        expectSuccess(await twins.under([]));
        await twins.heal();
      }
    }
  });

  it("row 38: the last, applied, whose answer is lost, leaves a success that everyone can read", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { faulted: rig } = twins;
    const process = await openProcess(rig, {
      afterCommit: (_, keys) => {
        if (isLastCommit(keys)) throw new Error("the answer was lost");
      },
    });
    await expect(process.sync()).rejects.toThrow("the answer was lost");
    const { state } = await servedBy(rig, rig.clock.now());
    expect(state).toMatchObject({
      status: "success",
      lastSyncAt: new Date(rig.clock.now()).toISOString(),
    });
    // The lease was given back with it: nothing has to run out first.
    expect((await rig.sync()).status).toBe("success");
    await twins.heal();
  });
});

describe("a database", () => {
  it("row 39: that does not answer meets a deadline, at a read, a list and a commit", async () => {
    const hangs: [KvHooks, string][] = [
      [{ beforeGet: never }, "read from the database"],
      [{ beforeList: never }, "list rows of the database"],
      [{
        beforeCommit: (_, keys) => writesRecords(keys) ? never() : undefined,
      }, "write to the database"],
    ];
    for (const [hang, what] of hangs) {
      await using twins = await Twins.create({ brand: SMALL });
      let hangs = false;
      const hooks: KvHooks = {
        beforeGet: () => hangs ? hang.beforeGet?.() : undefined,
        beforeList: () => hangs ? hang.beforeList?.() : undefined,
        beforeCommit: (n, keys) => hang.beforeCommit?.(n, keys),
      };
      const process = await openProcess(twins.faulted, hooks, 150);
      hangs = true;
      const error = await process.sync().catch((error) => error);
      expect(error).toBeInstanceOf(TransientError);
      expect(error.message).toBe(
        `Cannot ${what}: the database did not answer within 0.15 s`,
      );
      await assertSound(twins.faulted.kv, TENANT);
      twins.faulted.clock.advance(LEASE_MS);
      await twins.heal();
    }
  });

  it("row 40: that is locked for a moment is tried again after a growing wait with jitter", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    let locked = 0;
    const process = await openProcess(twins.faulted, {
      beforeCommit: (_, keys) => {
        if (!writesRecords(keys) || locked >= 3) return;
        locked++;
        throw new Error("database is locked");
      },
    });
    const seen = await twins.watch(() => process.sync());
    expectSuccess(seen);
    // 10 ms and, here, no jitter; each time longer.
    expect(seen.waits).toEqual([10, 20, 30]);
    await twins.heal();
  });

  it("row 40: that stays locked ends the run in a sentence", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const process = await openProcess(twins.faulted, {
      beforeCommit: async (_, keys) => {
        if (!writesRecords(keys)) return;
        // Lets real time pass, on which the deadline runs.
        await new Promise((resolve) => setTimeout(resolve));
        throw new Error("database is locked");
      },
    }, 100);
    await expectBroken(
      twins,
      process.sync,
      "Cannot write to the database: another process kept the database locked for 0.1 s",
    );
    twins.faulted.clock.advance(LEASE_MS);
    await twins.heal();
  });

  it("row 41: whose disk is full still serves, starts again, and goes on where there is room", async () => {
    for (const from of [takesLease, startsRun, writesRecords, isLastCommit]) {
      await using twins = await Twins.create({ brand: SMALL });
      const { faulted: rig } = twins;
      let full = false;
      const hooks: KvHooks = {
        beforeCommit: (_, keys) => {
          full ||= from(keys);
          if (full) throw new Error(FULL);
        },
      };
      const process = await openProcess(rig, hooks);
      await expectBroken(twins, process.sync, "disk is full");
      full = true;
      const again = await openStore({ kv: hookedKv(rig.kv, hooks) });
      expect(await again.health()).toBe(true);
      rig.clock.advance(LEASE_MS);
      await twins.heal();
    }
  });

  it("row 41: whose disk is full never stops the drain of other tenants", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { faulted: rig } = twins;
    await markSyncDue(rig.store, TENANT, rig.clock);
    const { store } = await openProcess(rig, {
      beforeCommit: (_, keys) => {
        if (writesRecords(keys)) throw new Error(FULL);
      },
    });
    expect(await drain({ ...rig.deps, store })).toEqual([]);
    rig.clock.advance(LEASE_MS);
    const [report] = await drain(rig.deps);
    expect(report).toMatchObject({ status: "success" });
    await twins.heal();
  });
});

describe("a tenant that is switched off during its sync", () => {
  const points: [string, (keys: readonly Deno.KvKey[]) => boolean][] = [
    ["at the run's start", startsRun],
    ["at raw", (keys) => touches(keys, "ct_raw_chunks")],
    ["at records", writesRecords],
    ["at the last commit", isLastCommit],
  ];
  const SWITCHED = "Cannot go on: the tenant's state changed during the sync";

  it("row 43: ends it at its next commit, and goes on when it is active again", async () => {
    for (const status of ["inactive", "suspended"] as const) {
      for (const [point, where] of points) {
        await using twins = await Twins.create({ brand: SMALL });
        const { faulted: rig } = twins;
        let rows: unknown;
        const process = await openProcess(rig, {
          beforeCommit: async (_, keys) => {
            if (rows || !where(keys)) return;
            await setTenantStatus(rig.store, TENANT, status);
            rows = await tenantRows(rig.kv, TENANT);
          },
        });
        const error = await process.sync().catch((error) => error);
        expect([point, error]).toEqual([point, expect.any(LeaseLostError)]);
        expect(error.message).toBe(SWITCHED);
        expect(await tenantRows(rig.kv, TENANT)).toEqual(rows);
        rig.clock.advance(LEASE_MS);
        expect((await rig.sync()).status).toBe("busy");
        await setTenantStatus(rig.store, TENANT, "active");
        await twins.heal();
      }
    }
  });

  it("row 44: and purged, gets no late write: nothing of it comes back", async () => {
    for (const [point, where] of points) {
      await using twins = await Twins.create({ brand: SMALL });
      const { faulted: rig } = twins;
      let purged = false;
      const process = await openProcess(rig, {
        beforeCommit: async (_, keys) => {
          if (purged || !where(keys)) return;
          purged = true;
          await setTenantStatus(rig.store, TENANT, "purged");
          for (const { key } of await tenantRows(rig.kv, TENANT)) {
            if (key[2] !== "state") await rig.kv.delete(key);
          }
        },
      });
      const error = await process.sync().catch((error) => error);
      expect([point, error]).toEqual([point, expect.any(LeaseLostError)]);
      const left = await tenantRows(rig.kv, TENANT);
      expect(left.map(({ key, value }) => [key[2], value])).toEqual([
        ["state", "purged"],
      ]);
      expect((await rig.sync()).status).toBe("busy");
      expect((await tenantRows(rig.kv, TENANT)).length).toBe(1);
      await twins.expectOthersUntouched();
    }
  });
});
