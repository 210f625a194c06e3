import { isoNow } from "../domain/mod.ts";
import {
  clearSyncDue,
  listSyncDue,
  listTenants,
  markAllSyncDue,
  type Store,
  type TenantListing,
} from "../store/mod.ts";
import { type DueTenant, SyncPool } from "./_pool.ts";
import { TickCount, type TickStart } from "./_tick.ts";
import type { SyncDeps, SyncReport } from "./sync_deps.ts";

/** Tenants synced side by side unless told. */
export const DEFAULT_CONCURRENCY = 4;

export interface WorkerOptions {
  /** Tenants synced side by side. */
  concurrency?: number;
  /** Ends what is under way; it is finished by a later drain. */
  signal?: AbortSignal;
}

/**
 * Marks every active tenant that has a web key. Answers how many are due.
 *
 * @param options.unlessSince ISO 8601 UTC: leaves out those whose last complete sync ended then or later
 */
export async function markAllDue(
  { store, clock }: Pick<SyncDeps, "store" | "clock">,
  { unlessSince }: { unlessSince?: string } = {},
): Promise<number> {
  const ids = (await readyTenants(store)).filter(({ lastSyncAt }) =>
    unlessSince === undefined || (lastSyncAt ?? "") < unlessSince
  ).map(({ tenant }) => tenant.id);
  await markAllSyncDue(store, ids, clock);
  return ids.length;
}

/** Tenants that may be synced. */
async function readyTenants(store: Store): Promise<TenantListing[]> {
  return (await listTenants(store)).filter(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  );
}

/**
 * Syncs every marked tenant once, least recently synced first, some side by side. One tenant's failure is
 * logged and never stops another. A tenant that is busy keeps its mark. One that takes longer than its slice
 * while others wait is ended, and goes on when they have had their turn.
 */
export async function drain(
  deps: SyncDeps,
  { concurrency = DEFAULT_CONCURRENCY, signal }: WorkerOptions = {},
): Promise<SyncReport[]> {
  const reports: SyncReport[] = [];
  const pool = new SyncPool(deps, { concurrency, signal });
  await pool.run(await dueTenants(deps), ({ report }) => {
    if (report) reports.push(report);
  });
  return reports;
}

/** Marked tenants that may be synced, least recently synced first; other marks are taken away. */
async function dueTenants({ store }: SyncDeps): Promise<DueTenant[]> {
  const marked = new Set(await listSyncDue(store));
  if (marked.size === 0) return [];
  const due = (await readyTenants(store)).filter(({ tenant }) =>
    marked.delete(tenant.id)
  ).sort((a, b) => (a.lastSyncAt ?? "").localeCompare(b.lastSyncAt ?? ""));
  for (const id of marked) await clearSyncDue(store, id);
  return due.map(({ tenant: { id, slug } }) => ({ id, slug }));
}

/** Syncs what is due whenever it is told to; there is one for a process. */
export interface SyncWorker {
  /**
   * Syncs what is due and is not under way already, and leaves the tick's outcome as a document and a log entry.
   * Resolves when what it has begun is done: a slow tenant that an earlier tick has begun holds up no later tick.
   *
   * @throws {TransientError} when the database does not answer; a tenant's failure is no error.
   */
  tick(start: TickStart): Promise<void>;
  /**
   * Somebody asked: syncs what is due at once, where there is a place. What is marked while a sync ends is not
   * overlooked. Resolves when nothing is left.
   *
   * @throws {TransientError} when the database does not answer; a tenant's failure is no error.
   */
  wake(): Promise<void>;
  /** Ends what is under way, resolves when it has ended. */
  stop(): Promise<void>;
}

export function createSyncWorker(
  deps: SyncDeps,
  { concurrency = DEFAULT_CONCURRENCY }: Omit<WorkerOptions, "signal"> = {},
): SyncWorker {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pool = new SyncPool(deps, { concurrency, signal });
  const open = new Set<Promise<void>>();
  let settling: Promise<void> | null = null;
  let again = false;

  async function syncDue(start: TickStart): Promise<void> {
    const count = new TickCount(start);
    await pool.run(await dueTenants(deps), (outcome) => count.add(outcome));
    await count.finish(deps);
  }

  function tick(start: TickStart): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const work = syncDue(start);
    const settled = work.then(() => {}, () => {});
    open.add(settled);
    settled.finally(() => open.delete(settled));
    return work;
  }

  const asked = () =>
    tick({
      kind: "asked",
      startedAt: isoNow(deps.clock),
      marked: 0,
      missedHours: 0,
    });

  async function settle(): Promise<void> {
    try {
      do {
        again = false;
        await asked();
        await pool.idle();
      } while (again && !signal.aborted);
    } finally {
      // In the same turn as the last look at `again`: a wake must fall on one side or the other.
      settling = null;
    }
  }

  return {
    tick,
    async wake() {
      if (!settling) return await (settling = settle());
      again = true;
      await Promise.all([asked(), settling]);
    },
    async stop() {
      stopping.abort(new Error("The portal is stopping"));
      await Promise.all(open);
    },
  };
}
