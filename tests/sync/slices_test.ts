import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { listSyncDue, type Tenant } from "../../lib/store/mod.ts";
import { drain, markAllDue, type SyncDeps } from "../../lib/sync/mod.ts";
import { MINUTE } from "../_clock.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { createScheduleRig, keyOf } from "./_schedule.ts";

const SMALL = { leads: 3 };
const OTHERS = ["key-b", "key-c"];
const BRANDS = {
  brand: SMALL,
  more: Object.fromEntries(OTHERS.map((key) => [key, SMALL])),
};

/** Each request of these keys takes so many minutes; `asked` notes whose turn it was. */
function slow(minutes: Record<string, number>) {
  const asked: string[] = [];
  let advance = (_ms: number) => {};
  const fetch = (through: SyncDeps["fetch"]): SyncDeps["fetch"] => {
    return async (url, init) => {
      const key = keyOf(init)!;
      if (asked.at(-1) !== key) asked.push(key);
      advance((minutes[key] ?? 0) * MINUTE);
      return await through(url, init);
    };
  };
  return {
    asked,
    fetch,
    on: ({ clock }: SyncRig) => {
      advance = (ms) => clock.advance(ms);
    },
  };
}

/** The rig's own tenant is the last by name, hence in line. */
async function addOthers(rig: SyncRig): Promise<Tenant[]> {
  const others: Tenant[] = [];
  for (const key of OTHERS) others.push(await rig.addTenant(key, key));
  return others;
}

async function messages(rig: SyncRig, tenantId: string) {
  const prefix = ["t", tenantId, "sync_runs"];
  const rows = rig.kv.list<{ errorMessage: string | null }>({ prefix });
  return (await Array.fromAsync(rows)).map(({ value }) => value.errorMessage);
}

describe("the time slice of a tenant", () => {
  it("ends its sync at the next request while others wait, and lets it go on after them", async () => {
    const brand = slow({ "key-b": 11 });
    await using rig = await createRig({ ...BRANDS, fetch: brand.fetch });
    brand.on(rig);
    const [slowest] = await addOthers(rig);
    await markAllDue(rig.deps);
    const reports = await drain(rig.deps, { concurrency: 1 });
    expect(brand.asked).toEqual(["key-b", "key-c", TEST_WEB_KEY, "key-b"]);
    expect(reports.map(({ tenant }) => tenant)).toEqual([
      "key-c",
      "test-brand",
      "key-b",
    ]);
    expect(reports.every(({ status }) => status === "success")).toBe(true);
    expect(await messages(rig, slowest!.id)).toEqual([
      "The sync gave way to others after 11 minutes; it goes on when they have had their turn",
      null,
    ]);
  });

  it("is not ended where nobody waits", async () => {
    const brand = slow({ [TEST_WEB_KEY]: 8 });
    await using rig = await createRig({ brand: SMALL, fetch: brand.fetch });
    brand.on(rig);
    await markAllDue(rig.deps);
    const before = rig.clock.now();
    const reports = await drain(rig.deps, { concurrency: 1 });
    expect(reports).toMatchObject([{ status: "success" }]);
    expect(rig.clock.now() - before).toBeGreaterThan(20 * MINUTE);
    expect(await messages(rig, rig.tenant.id)).toEqual([null]);
  });

  it("is doubled by each cut in a row, so that a large tenant comes to its end", async () => {
    const brand = slow({ "key-b": 6, "key-c": 6 });
    await using rig = await createScheduleRig({
      ...BRANDS,
      fetch: brand.fetch,
    });
    brand.on(rig);
    await addOthers(rig);
    await rig.hourly();
    const [tick] = await rig.ticks();
    expect(tick).toMatchObject({ synced: 3, failed: 0, cut: 4 });
    expect(brand.asked).toEqual([
      ...["key-b", "key-c", TEST_WEB_KEY],
      ...["key-b", "key-c", "key-b", "key-c"],
    ]);
    expect(await listSyncDue(rig.store)).toEqual([]);
  });

  it("delays no other where a request hangs to its end", async () => {
    let hung = 0;
    await using rig = await createScheduleRig({
      ...BRANDS,
      fetch: (through) => (url, init) => {
        if (keyOf(init) !== "key-b" || hung > 0) return through(url, init);
        hung++;
        rig.clock.advance(10 * MINUTE);
        return Promise.reject(new TypeError("connection closed"));
      },
    });
    await addOthers(rig);
    await rig.hourly();
    const [tick] = await rig.ticks();
    expect(tick).toMatchObject({ synced: 3, failed: 0, cut: 1 });
    expect(tick?.slowest).toMatchObject({ tenant: "key-b" });
  });
});

describe("the deadline of a run", () => {
  it("ends a sync below the hour even where nobody waits, and leaves the rest to the next tick", async () => {
    const brand = slow({ [TEST_WEB_KEY]: 14 });
    await using rig = await createScheduleRig({
      brand: SMALL,
      fetch: brand.fetch,
    });
    brand.on(rig);
    await rig.hourly();
    const message =
      "The sync was ended after 56 minutes, before it was complete; the next one goes on";
    const [tick] = await rig.ticks();
    expect(tick).toMatchObject({
      synced: 0,
      failed: 1,
      cut: 1,
      failures: [{ tenant: "test-brand", message }],
    });
    expect(await messages(rig, rig.tenant.id)).toEqual([message]);
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
  });
});
