import { systemClock } from "../lib/domain/mod.ts";
import {
  createTenant,
  type KvOperation,
  listTenants,
  openStore,
  type SealedSecret,
} from "../lib/store/mod.ts";
import { drain, markAllDue, type SyncDeps } from "../lib/sync/mod.ts";
import { BENCH_TOKEN, BENCH_ZONE, peakMemory, say } from "./_children.ts";

/** What a child that syncs is told. */
export interface SyncJob {
  /** The database. */
  path: string;
  /** Origin of the simulated API. */
  url: string;
  /** Web keys; each is also the slug of a tenant, which is made where it is missing. */
  brands: string[];
  /** When the rounds take place, epoch milliseconds. In each, every tenant is synced. */
  rounds: number[];
  /** Tenants synced side by side. */
  concurrency: number;
}

/** What one round cost. */
export interface SyncCost {
  ms: number;
  /** Sets and deletes, renewals of a lease left out. */
  writes: number;
  /** Records that came over the wire. */
  fetched: number;
  /** Records that were written or removed. */
  updated: number;
  /** Tenants whose sync did not succeed. */
  failed: number;
  /** Most tenants that waited for an answer of the API at a time. */
  mostInFlight: number;
}

export interface SyncResult {
  rounds: SyncCost[];
  /** Most bytes resident. */
  peakMemory: number;
}

async function round(job: SyncJob, at: number): Promise<SyncCost> {
  const began = Date.now();
  const clock = { ...systemClock, now: () => at + Date.now() - began };
  const count = countWrites();
  const store = await openStore({ path: job.path, observe: count.observe });
  const flight = countFlight();
  const deps: SyncDeps = {
    store,
    clock,
    fetch: flight.fetch,
    openKeys: ({ slug }) =>
      Promise.resolve({ webKey: slug, accessToken: BENCH_TOKEN }),
    baseUrl: job.url,
    maxRps: 0,
  };
  await makeTenants(deps, job.brands);
  await markAllDue(deps);
  count.reset();
  const start = performance.now();
  const reports = await drain(deps, { concurrency: job.concurrency });
  const ms = performance.now() - start;
  store.close();
  const streams = reports.flatMap((report) => Object.values(report.streams));
  return {
    ms,
    writes: count.writes(job.brands.length),
    fetched: streams.reduce((sum, { fetched }) => sum + fetched, 0),
    updated: reports.reduce((sum, one) => sum + one.recordsUpdated, 0),
    failed: job.brands.length -
      reports.filter(({ status }) => status === "success").length,
    mostInFlight: flight.most(),
  };
}

/** A key that no one opens: these tenants' keys are their slugs. */
const UNUSED: SealedSecret = {
  keyId: "bench",
  iv: new Uint8Array(12),
  data: new Uint8Array(16),
};

async function makeTenants(
  { store, clock }: SyncDeps,
  brands: readonly string[],
): Promise<void> {
  const tenants = await listTenants(store);
  const known = new Set(tenants.map(({ tenant }) => tenant.slug));
  for (const slug of brands) {
    if (known.has(slug)) continue;
    await createTenant(store, {
      name: slug,
      slug,
      timezone: BENCH_ZONE,
      clienttetherWebKey: UNUSED,
    }, clock);
  }
}

function countWrites() {
  let writes = 0;
  let leases = 0;
  return {
    observe: ({ keys, mutations }: KvOperation) => {
      // Alone, a lease is taken or renewed.
      if (mutations === 1 && keys[0]!.at(-1) === "sync_lease") leases++;
      else writes += mutations;
    },
    reset: () => {
      writes = leases = 0;
    },
    writes: (tenants: number) => writes + Math.min(leases, tenants),
  };
}

function countFlight() {
  const under = new Map<string, number>();
  let most = 0;
  return {
    most: () => most,
    fetch: async (url: URL, init: RequestInit) => {
      const key = new Headers(init.headers).get("x-web-key") ?? "";
      under.set(key, (under.get(key) ?? 0) + 1);
      most = Math.max(most, under.size);
      try {
        return await fetch(url, init);
      } finally {
        const left = under.get(key)! - 1;
        if (left > 0) under.set(key, left);
        else under.delete(key);
      }
    },
  };
}

/** Syncs in a process of its own and prints a {@linkcode SyncResult}. */
if (import.meta.main) {
  const job: SyncJob = JSON.parse(Deno.args[0]!);
  const rounds: SyncCost[] = [];
  for (const at of job.rounds) rounds.push(await round(job, at));
  say({ rounds, peakMemory: await peakMemory() } satisfies SyncResult);
}
