/**
 * `deno task cost`: measures what `deno task capacity` computes with, by real syncs of two brands of different sizes,
 * and prints the constants for cli/_capacity_measured.ts.
 */
import process from "node:process";
import { print } from "../cli/_io.ts";
import { systemClock } from "../lib/domain/mod.ts";
import { markAllDue, type SyncDeps, syncTenant } from "../lib/sync/mod.ts";
import { createTestApp } from "../tests/_app.ts";
import {
  createTenant,
  openStore,
  type SealedSecret,
} from "../lib/store/mod.ts";
import { TestClock } from "../tests/_clock.ts";
import { Brand, type SimulatorChild, sizeOf, slugOf } from "./_brand.ts";
import {
  BENCH_TOKEN,
  BENCH_ZONE,
  START,
  startChild,
  temporaryDatabase,
} from "./_children.ts";
import { meteredKv, rowBytes, type Units } from "./_metered_kv.ts";

const SIZES = [500, 2_000];
/** Measured before the others, and not printed: a process that has just begun is slow. */
const WARM_UP = 100;
const HOUR = 3_600_000;
/** A key that no one opens. */
const UNUSED: SealedSecret = {
  keyId: "cost",
  iv: new Uint8Array(12),
  data: new Uint8Array(16),
};
/** Pages that a person opens in one visit. */
const PAGES = [
  "dashboard",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];

/** What one sync, or one page, cost. */
interface Cost extends Units {
  requests: number;
  cpuMs: number;
  ms: number;
  updated: number;
}

async function measure(simulator: SimulatorChild, leads: number) {
  await using database = await temporaryDatabase();
  const raw = await Deno.openKv(database.path);
  const { kv, take } = meteredKv(raw);
  const clock = new TestClock(START);
  const store = await openStore({ kv, clock });
  const slug = slugOf(leads);
  const tenant = await createTenant(store, {
    name: slug,
    slug,
    timezone: BENCH_ZONE,
    clienttetherWebKey: UNUSED,
  }, clock);
  let requests = 0;
  const deps: SyncDeps = {
    store,
    clock: { now: () => clock.now(), sleep: systemClock.sleep },
    fetch: (url, init) => {
      requests++;
      return fetch(url, init);
    },
    openKeys: () => Promise.resolve({ webKey: slug, accessToken: BENCH_TOKEN }),
    baseUrl: simulator.hello.url,
    maxRps: 0,
  };
  const cost = async (work: () => Promise<number>): Promise<Cost> => {
    take();
    requests = 0;
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const updated = await work();
    const { user, system } = process.cpuUsage(cpu);
    return {
      ...take(),
      requests,
      cpuMs: (user + system) / 1000,
      ms: performance.now() - began,
      updated,
    };
  };
  const sync = (hours: number) =>
    cost(async () => {
      clock.advance(hours * HOUR);
      const report = await syncTenant(deps, tenant.id);
      if (report.status !== "success") throw new Error(report.errorMessage!);
      return report.recordsUpdated;
    });
  const first = await sync(0);
  const stored = await storedBytes(raw);
  await sync(1);
  const quiet = await sync(1);
  const day = await sync(24);
  await simulator.ask({ edit: slug, share: 0.01 });
  const before = await storedBytes(raw, "ct_raw_chunks");
  const changed = await sync(1);
  const rawGrown = await storedBytes(raw, "ct_raw_chunks") - before;
  const test = await createTestApp({ store, clock });
  const browser = await test.signedIn(
    await test.createUser("tenant_viewer", tenant.id),
  );
  for (const page of PAGES) {
    await (await browser.getIn(slug, `/${page}`)).text();
  }
  const pages = await cost(async () => {
    for (const page of PAGES) {
      await (await browser.getIn(slug, `/${page}`)).text();
    }
    return 0;
  });
  const { leads: l, opportunities, notes } = sizeOf(leads);
  store.close();
  return {
    records: l + opportunities + notes,
    first,
    stored,
    quiet,
    day,
    changed,
    rawGrown,
    page: each(pages, PAGES.length),
  };
}

function each(cost: Cost, n: number): Cost {
  return Object.fromEntries(
    Object.entries(cost).map(([name, value]) => [name, value / n]),
  ) as unknown as Cost;
}

/** Bytes of every row, or of those whose key has this part. */
async function storedBytes(kv: Deno.Kv, part?: string): Promise<number> {
  let bytes = 0;
  for await (const { key, value } of kv.list({ prefix: [] })) {
    if (part === undefined || key.includes(part)) bytes += rowBytes(key, value);
  }
  return bytes;
}

/** What the hourly tick costs for each tenant, before any is synced: all are looked at and marked. */
async function measureTick(tenants: number): Promise<Units> {
  const raw = await Deno.openKv(":memory:");
  const { kv, take } = meteredKv(raw);
  const clock = new TestClock(START);
  const store = await openStore({ kv, clock });
  for (let n = 0; n < tenants; n++) {
    await createTenant(store, {
      name: `Brand ${n}`,
      slug: `brand-${n}`,
      timezone: BENCH_ZONE,
      clienttetherWebKey: UNUSED,
    }, clock);
  }
  take();
  await markAllDue({ store, clock });
  const { reads, writes } = take();
  store.close();
  // The worker looks at all of them again.
  return { reads: 2 * reads / tenants, writes: writes / tenants };
}

if (import.meta.main) {
  print(JSON.stringify({ tick: await measureTick(500) }));
  const all = [WARM_UP, ...SIZES];
  await using simulator: SimulatorChild = await startChild(
    "./_simulator.ts",
    Object.fromEntries(all.map((leads) => [slugOf(leads), sizeOf(leads)])),
  );
  for (const leads of all) {
    const measured = await measure(simulator, leads);
    if (leads !== WARM_UP) print(JSON.stringify(measured));
  }
  for (const leads of SIZES) {
    await using brand = new Brand(simulator, leads);
    const { peakMemory } = await brand.firstSync();
    print(JSON.stringify({ leads, peakMemory }));
  }
  Deno.exit();
}
