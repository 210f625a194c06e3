import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createTenant,
  listSyncDue,
  markSyncDue,
  setTenantStatus,
} from "../../lib/store/mod.ts";
import { drain, markAllDue, syncTenant } from "../../lib/sync/mod.ts";
import { MINUTE } from "../_clock.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";

const SMALL = { leads: 3 };
const KEYS = ["key-b", "key-c", "key-d", "key-e", "key-f"];

/** Six tenants, each with a brand of its own; the first is the rig's. */
async function sixTenants(options: RigOptions = {}) {
  const rig = await createRig({
    brand: SMALL,
    more: Object.fromEntries(KEYS.map((key) => [key, SMALL])),
    ...options,
  });
  const tenants = [rig.tenant];
  for (const key of KEYS) tenants.push(await rig.addTenant(key, key));
  return { rig, tenants };
}

const keyOf = (init: RequestInit) => new Headers(init.headers).get("x-web-key");
const slugs = (reports: { tenant: string }[]) =>
  reports.map(({ tenant }) => tenant);

describe("markAllDue()", () => {
  it("marks active tenants with a web key, and no others", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await setTenantStatus(rig.store, tenants[1]!.id, "inactive");
    await setTenantStatus(rig.store, tenants[2]!.id, "suspended");
    const keyless = { name: "Keyless", timezone: "UTC" };
    await createTenant(rig.store, keyless, rig.clock);
    expect(await markAllDue(rig.deps)).toBe(4);
    const expected = [0, 3, 4, 5].map((n) => tenants[n]!.id).sort();
    expect(await listSyncDue(rig.store)).toEqual(expected);
  });
});

describe("markAllDue() within an hour", () => {
  it("leaves out who was synced since it began", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await syncTenant(rig.deps, tenants[2]!.id);
    rig.clock.advance(MINUTE);
    const unlessSince = new Date(rig.clock.now()).toISOString();
    await syncTenant(rig.deps, tenants[4]!.id);
    expect(await markAllDue(rig.deps, { unlessSince })).toBe(5);
    expect(await listSyncDue(rig.store)).not.toContain(tenants[4]!.id);
  });

  it("leaves marks that stand as they are", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await markSyncDue(rig.store, tenants[1]!.id, rig.clock);
    const mark = ["sync_due", tenants[1]!.id];
    const before = await rig.kv.get(mark);
    rig.clock.advance(MINUTE);
    await markAllDue(rig.deps);
    expect(await rig.kv.get(mark)).toEqual(before);
  });
});

describe("drain()", () => {
  it("syncs every marked tenant and takes its mark away", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await markSyncDue(rig.store, tenants[1]!.id, rig.clock);
    await markSyncDue(rig.store, tenants[4]!.id, rig.clock);
    const reports = await drain(rig.deps);
    expect(slugs(reports).sort()).toEqual(["key-b", "key-e"]);
    expect(reports.map(({ status }) => status)).toEqual(["success", "success"]);
    expect(await listSyncDue(rig.store)).toEqual([]);
    expect(await drain(rig.deps)).toEqual([]);
  });

  it("takes the marks away of tenants that must not be synced", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await markAllDue(rig.deps);
    await markSyncDue(rig.store, "nobody", rig.clock);
    await setTenantStatus(rig.store, tenants[2]!.id, "purged");
    const reports = await drain(rig.deps);
    expect(slugs(reports)).not.toContain("key-c");
    expect(reports.length).toBe(5);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("writes nothing for a tenant without a web key but the end of its mark", async () => {
    const { rig } = await sixTenants();
    await using _ = rig;
    const input = { name: "Keyless", timezone: "UTC" };
    const keyless = await createTenant(rig.store, input, rig.clock);
    await markSyncDue(rig.store, keyless.id, rig.clock);
    rig.operations.length = 0;
    expect(await drain(rig.deps)).toEqual([]);
    const written = rig.operations.filter(({ kind }) => kind === "commit")
      .flatMap(({ keys }) => keys);
    expect(written).toEqual([["sync_due", keyless.id]]);
  });

  it("takes the least recently synced first", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    for (const n of [3, 0, 5, 1]) {
      await syncTenant(rig.deps, tenants[n]!.id);
      rig.clock.advance(MINUTE);
    }
    await markAllDue(rig.deps);
    const reports = await drain(rig.deps, { concurrency: 1 });
    const order = slugs(reports);
    expect(order.slice(0, 2).sort()).toEqual(["key-c", "key-e"]);
    expect(order.slice(2)).toEqual(["key-d", "test-brand", "key-f", "key-b"]);
  });

  it("lets one slow brand delay no other", async () => {
    const gate = Promise.withResolvers<void>();
    let waiting = false;
    const { rig } = await sixTenants({
      fetch: (through) => async (url, init) => {
        if (keyOf(init) === "key-b") {
          waiting = true;
          await gate.promise;
        }
        return await through(url, init);
      },
    });
    await using _ = rig;
    await markAllDue(rig.deps);
    const done: string[] = [];
    const draining = drain(rig.deps, { concurrency: 4 });
    // The others' marks go one by one while the slow one is still under way.
    while ((await listSyncDue(rig.store)).length > 1) {
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(waiting).toBe(true);
    done.push("the others");
    gate.resolve();
    const reports = await draining;
    done.push(reports.at(-1)!.tenant);
    expect(done).toEqual(["the others", "key-b"]);
    expect(reports.length).toBe(6);
  });

  it("syncs as many side by side as it is told, and no more", async () => {
    for (const concurrency of [1, 3]) {
      const underWay = new Map<string, number>();
      let most = 0;
      const { rig } = await sixTenants({
        fetch: (through) => async (url, init) => {
          const key = keyOf(init)!;
          underWay.set(key, (underWay.get(key) ?? 0) + 1);
          most = Math.max(most, underWay.size);
          expect(underWay.get(key)).toBe(1);
          await new Promise((resolve) => setTimeout(resolve));
          underWay.delete(key);
          return await through(url, init);
        },
      });
      await using _ = rig;
      await markAllDue(rig.deps);
      await drain(rig.deps, { concurrency });
      expect(most).toBe(concurrency);
    }
  });

  it("syncs 500 brands in one go, holding a few at a time", async () => {
    let underWay = 0;
    let most = 0;
    const rig = await createRig({
      brand: { leads: 2, opportunities: 1, notes: 1, activities: 0 },
      fetch: (through) => async (url, init) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve));
        underWay--;
        return await through(url, init);
      },
    });
    await using _ = rig;
    for (let n = 1; n < 500; n++) {
      await rig.addTenant(`Brand ${n}`, TEST_WEB_KEY);
    }
    expect(await markAllDue(rig.deps)).toBe(500);
    const reports = await drain(rig.deps, { concurrency: 4 });
    expect(new Set(slugs(reports)).size).toBe(500);
    expect(reports.every(({ status }) => status === "success")).toBe(true);
    expect(most).toBe(4);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("goes on with the others when one tenant throws", async () => {
    const { rig, tenants } = await sixTenants();
    await using _ = rig;
    await markAllDue(rig.deps);
    const deps = {
      ...rig.deps,
      openKeys: (tenant: SyncRig["tenant"]) =>
        tenant.id === tenants[0]!.id
          ? Promise.reject(new Error("the key cannot be opened"))
          : rig.deps.openKeys(tenant),
    };
    const reports = await drain(deps, { concurrency: 1 });
    expect(slugs(reports).sort()).toEqual(KEYS);
    expect(await listSyncDue(rig.store)).toEqual([tenants[0]!.id]);
  });

  it("goes on with the others when one brand's API is down", async () => {
    const { rig } = await sixTenants();
    await using _ = rig;
    rig.simulator.faults.add({ kind: "connection", brand: "key-c" });
    await markAllDue(rig.deps);
    const reports = await drain(rig.deps);
    const failed = reports.filter(({ status }) => status === "failed");
    expect(slugs(failed)).toEqual(["key-c"]);
    expect(reports.length).toBe(6);
    // It has had its turn; the next hour asks again.
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("leaves the mark of a tenant that another process is syncing", async () => {
    let inner: unknown;
    const { rig, tenants } = await sixTenants({
      fetch: (through) => async (url, init) => {
        inner ??= await drain(rig.deps);
        return await through(url, init);
      },
    });
    await using _ = rig;
    await markSyncDue(rig.store, tenants[0]!.id, rig.clock);
    const outer = await drain(rig.deps);
    expect(inner).toMatchObject([{ status: "busy" }]);
    expect(outer).toMatchObject([{ status: "success" }]);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });
});
