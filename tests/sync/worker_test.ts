import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { createSimulator } from "../../lib/clienttether/simulator/mod.ts";
import {
  createTenant,
  listSyncDue,
  markSyncDue,
  setTenantStatus,
  type Tenant,
} from "../../lib/store/mod.ts";
import {
  createSyncWorker,
  drain,
  markAllDue,
  type SyncDeps,
} from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import {
  createRig,
  giveKeys,
  type SyncRig,
  TEST_ACCESS_TOKEN,
} from "../_sync.ts";

/** Another brand of the rig's portal; its own simulator answers as the rig's does. */
async function addTenant(rig: SyncRig, name: string): Promise<Tenant> {
  const tenant = await createTenant(rig.store, {
    name,
    timezone: "America/Chicago",
  }, rig.clock);
  return await giveKeys(rig.store, tenant, `test-web-key-${name}`, rig.clock);
}

const BRANDS = ["alder", "birch", "cedar"];

async function createFleet() {
  const rig = await createRig({ brand: { leads: 5 } });
  const simulator = createSimulator({
    seed: 3,
    clock: rig.clock,
    brands: BRANDS.map((name) => ({
      name,
      webKey: `test-web-key-${name}`,
      accessToken: TEST_ACCESS_TOKEN,
      timezone: "America/Chicago",
      leads: 12,
    })),
  });
  await setTenantStatus(rig.store, rig.tenant.id, "inactive");
  const tenants: Tenant[] = [];
  for (const name of BRANDS) tenants.push(await addTenant(rig, name));
  const deps: SyncDeps = {
    ...rig.deps,
    fetch: (url, init) => simulator.fetch(url, init),
  };
  return { rig, deps, tenants };
}

describe("markAllDue()", () => {
  it("marks only active tenants that have a web key", async () => {
    const { rig, deps, tenants } = await createFleet();
    await createTenant(rig.store, {
      name: "Keyless",
      timezone: "America/Chicago",
    }, rig.clock);
    expect(await markAllDue(deps)).toBe(3);
    expect((await listSyncDue(rig.store)).sort()).toEqual(
      tenants.map(({ id }) => id).sort(),
    );
    rig.dispose();
  });
});

describe("drain()", () => {
  it("never touches a tenant without a web key, and takes its mark away", async () => {
    const { rig, deps } = await createFleet();
    const keyless = await createTenant(rig.store, {
      name: "Keyless",
      timezone: "America/Chicago",
    }, rig.clock);
    await markSyncDue(rig.store, keyless.id, rig.clock);
    rig.operations.length = 0;
    expect(await drain(deps)).toEqual([]);
    const written = rig.operations.filter(({ kind }) => kind === "commit")
      .flatMap(({ keys }) => keys);
    expect(written).toEqual([["sync_due", keyless.id]]);
    expect(await listSyncDue(rig.store)).toEqual([]);
    rig.dispose();
  });

  it("syncs the least recently synced first", async () => {
    const { rig, deps, tenants: [alder, birch, cedar] } = await createFleet();
    for (const tenant of [birch!, alder!]) {
      await markSyncDue(rig.store, tenant.id, rig.clock);
      await drain(deps);
      rig.clock.advance(HOUR);
    }
    await markAllDue(deps);
    const order = (await drain(deps, { concurrency: 1 })).map(({ tenant }) =>
      tenant
    );
    expect(order).toEqual([cedar!.slug, birch!.slug, alder!.slug]);
    rig.dispose();
  });

  it("lets one slow brand delay no other", async () => {
    const { rig, deps, tenants } = await createFleet();
    const slow = Promise.withResolvers<void>();
    const finished: string[] = [];
    const held: SyncDeps = {
      ...deps,
      fetch: async (url, init) => {
        const key = new Headers(init.headers).get("x-web-key");
        if (key === "test-web-key-alder") await slow.promise;
        return await deps.fetch(url, init);
      },
    };
    await markAllDue(held);
    const drained = drain(held, { concurrency: 2 }).then((reports) =>
      finished.push(...reports.map(({ tenant }) => tenant))
    );
    const others = tenants.slice(1).map(({ id }) => id);
    while ((await listSyncDue(rig.store)).some((id) => others.includes(id))) {
      await Promise.resolve();
    }
    expect(finished).toEqual([]);
    expect(await listSyncDue(rig.store)).toEqual([tenants[0]!.id]);
    slow.resolve();
    await drained;
    expect(finished.sort()).toEqual(BRANDS);
    rig.dispose();
  });

  it("goes on with the others when one tenant's sync throws", async () => {
    const { rig, deps, tenants } = await createFleet();
    const broken: SyncDeps = {
      ...deps,
      openKeys: (tenant) =>
        tenant.id === tenants[1]!.id
          ? Promise.reject(new Error("sealed with another key"))
          : deps.openKeys(tenant),
    };
    await markAllDue(broken);
    const reports = await drain(broken, { concurrency: 1 });
    expect(
      reports.filter(({ status }) => status === "success")
        .map(({ tenant }) => tenant).sort(),
    ).toEqual(["alder", "cedar"]);
    rig.dispose();
  });
});

describe("createSyncWorker()", () => {
  it("drains again when it is woken during a drain", async () => {
    const { rig, deps, tenants } = await createFleet();
    let later: Promise<void> | undefined;
    const worker = createSyncWorker({
      ...deps,
      fetch: async (url, init) => {
        if (!later) {
          await markSyncDue(rig.store, tenants[2]!.id, rig.clock);
          later = worker.wake();
        }
        return await deps.fetch(url, init);
      },
    });
    await markSyncDue(rig.store, tenants[0]!.id, rig.clock);
    await worker.wake();
    await later;
    expect(await listSyncDue(rig.store)).toEqual([]);
    await worker.stop();
    rig.dispose();
  });

  it("stops in the middle and leaves the mark, so that a later drain finishes", async () => {
    const { rig, deps, tenants } = await createFleet();
    const asked = Promise.withResolvers<void>();
    const worker = createSyncWorker({
      ...deps,
      fetch: (_url, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener(
            "abort",
            () => reject(init.signal?.reason),
          );
          asked.resolve();
        }),
    });
    await markSyncDue(rig.store, tenants[0]!.id, rig.clock);
    const woken = worker.wake();
    await asked.promise;
    await worker.stop();
    await woken;
    expect(await listSyncDue(rig.store)).toEqual([tenants[0]!.id]);
    const [report] = await drain(deps);
    expect(report?.status).toBe("success");
    expect(await listSyncDue(rig.store)).toEqual([]);
    rig.dispose();
  });
});
