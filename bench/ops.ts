import { createTestApp } from "../tests/_app.ts";
import { streamSuccess } from "../tests/_data.ts";
import { SECOND, TestClock } from "../tests/_clock.ts";
import { emptySyncState, isoNow } from "../lib/domain/mod.ts";
import { createTenant, openStore, SyncWriter } from "../lib/store/mod.ts";
import { temporaryDatabase } from "./_children.ts";
import { type Bench, time } from "./_figures.ts";

const PATH = "/admin/operations";
const ROUNDS = 40;
const WARM = 5;

/**
 * What the Operations page costs at 1,000 tenants: as it is asked for, and when nothing of it is kept in memory; and
 * what a page of one brand costs the agency beside them.
 */
export const benchOps: Bench = async (report) => {
  await using small = await openFleet(10);
  await using large = await openFleet(1_000);
  const warm = { small: [] as number[], large: [] as number[] };
  const cold = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, fleet] of [["small", small], ["large", large]] as const) {
      fleet.clock.advance(11 * SECOND);
      cold[name].push(await time(fleet.open));
    }
    // What the first request has read, these find.
    for (let n = 0; n < WARM; n++) {
      warm.small.push(await time(small.open));
      warm.large.push(await time(large.open));
    }
  }
  const pages = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < ROUNDS * WARM; round++) {
    pages.small.push(await time(small.openPage));
    pages.large.push(await time(large.openPage));
  }
  report({
    name: "ops.page_of_a_brand.1000_tenants_to_10.p50",
    value: p50(pages.large) / p50(pages.small),
    unit: `ratio, ${p50(pages.large).toFixed(1)} ms to ${
      p50(pages.small).toFixed(1)
    } ms`,
    goal: { atMost: 1.2 },
  });
  report({
    name: "ops.1000_tenants_to_10.p50",
    value: p50(warm.large) / p50(warm.small),
    unit: "times",
    goal: { atMost: 3 },
  });
  report({
    name: "ops.1000_tenants.nothing_kept.p50",
    value: p50(cold.large),
    unit: "ms",
    goal: { atMost: 500 },
  });
  report({
    name: "ops.10_tenants.nothing_kept.p50",
    value: p50(cold.small),
    unit: "ms",
    goal: { atMost: 500 },
  });
};

async function openFleet(tenants: number) {
  const database = await temporaryDatabase();
  const clock = new TestClock();
  const store = await openStore({ path: database.path, clock });
  for (let n = 0; n < tenants; n++) await addTenant(store, n, clock);
  const app = await createTestApp({ store, clock });
  const browser = await app.signedIn(await app.createUser("agency_admin"));
  const open = async (path: string) => {
    const answer = await browser.get(path);
    if (answer.status !== 200) throw new Error(`Status ${answer.status}`);
    await answer.text();
  };
  return {
    clock,
    open: () => open(PATH),
    openPage: () => open("/dashboard?w=brand-7"),
    [Symbol.asyncDispose]: async () => {
      store.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A tenant as syncs leave it, a row of its own for each of the states. */
async function addTenant(
  store: Awaited<ReturnType<typeof openStore>>,
  n: number,
  clock: TestClock,
): Promise<void> {
  const tenant = await createTenant(store, {
    name: `Brand ${n}`,
    timezone: "America/New_York",
    clienttetherWebKey: {
      keyId: "bench",
      iv: new Uint8Array(12),
      data: new Uint8Array(32),
    },
  }, clock);
  const runId = `run-${n}`;
  const writer = await SyncWriter.open(store, tenant.id, clock, {
    owner: runId,
    runId,
  });
  const at = isoNow(clock);
  const streams = Object.fromEntries(
    ["cycles", "leads", "opportunities", "notes", "activities"].map((name) => [
      name,
      streamSuccess(200, at),
    ]),
  );
  const run = {
    id: runId,
    startedAt: at,
    finishedAt: at,
    status: "success" as const,
    recordsUpdated: n % 7,
    errorMessage: null,
    streams,
  };
  await writer!.finish({
    run,
    state: {
      ...emptySyncState(),
      lastSyncAt: new Date(clock.now() - (n % 200) * 60_000).toISOString(),
      runId,
      status: run.status,
      startedAt: at,
      finishedAt: at,
      streams,
      lastRun: { failuresInRow: n % 5, recordsUpdated: n % 7, kvWrites: 8 },
    },
    views: null,
    manifest: null,
    keepDue: false,
  });
}

function p50(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
