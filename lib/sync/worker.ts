import { getLogger } from "@logtape/logtape";
import {
  clearSyncDue,
  listSyncDue,
  listTenants,
  markSyncDue,
} from "../store/mod.ts";
import { type SyncDeps, type SyncReport, syncTenant } from "./sync_tenant.ts";

const log = getLogger(["tetherboard", "sync"]);

/** Tenants synced side by side unless told. */
export const DEFAULT_CONCURRENCY = 4;

export interface WorkerOptions {
  /** Tenants synced side by side. */
  concurrency?: number;
  /** Ends what is under way; it is finished by a later drain. */
  signal?: AbortSignal;
}

/** Marks every active tenant that has a web key. Answers how many. */
export async function markAllDue({ store, clock }: SyncDeps): Promise<number> {
  const tenants = (await listTenants(store)).filter(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  );
  for (const { tenant } of tenants) await markSyncDue(store, tenant.id, clock);
  return tenants.length;
}

/**
 * Syncs every marked tenant, least recently synced first, some side by side. One tenant's failure is
 * logged and never stops another. A tenant that is busy keeps its mark.
 */
export async function drain(
  deps: SyncDeps,
  { concurrency = DEFAULT_CONCURRENCY, signal }: WorkerOptions = {},
): Promise<SyncReport[]> {
  const queue = await dueTenants(deps);
  const reports: SyncReport[] = [];
  const worker = async () => {
    for (let id = queue.shift(); id; id = queue.shift()) {
      if (signal?.aborted) return;
      const report = await syncLogged(deps, id, signal);
      if (report) reports.push(report);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return reports;
}

/** Ids of marked tenants that may be synced, least recently synced first; other marks are taken away. */
async function dueTenants({ store }: SyncDeps): Promise<string[]> {
  const marked = await listSyncDue(store);
  if (marked.length === 0) return [];
  const ready = (await listTenants(store)).filter(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  ).sort((a, b) => (a.lastSyncAt ?? "").localeCompare(b.lastSyncAt ?? ""))
    .map(({ tenant }) => tenant.id);
  for (const id of marked) {
    if (!ready.includes(id)) await clearSyncDue(store, id);
  }
  return ready.filter((id) => marked.includes(id));
}

async function syncLogged(
  deps: SyncDeps,
  tenantId: string,
  signal: AbortSignal | undefined,
): Promise<SyncReport | null> {
  try {
    const report = await syncTenant(deps, tenantId, signal ? { signal } : {});
    log[report.status === "failed" ? "warn" : "info"](
      "Sync of {tenant}: {status}, {recordsUpdated} records updated. {errorMessage}",
      { ...report },
    );
    return report;
  } catch (error) {
    log.error("Cannot sync tenant {tenantId}: {error}", { tenantId, error });
    return null;
  }
}

/** Drains when it is woken, one drain after another; what is marked while one runs is taken by the next. */
export interface SyncWorker {
  /** Starts a drain, or has the one under way followed by another. Resolves when nothing is left. */
  wake(): Promise<void>;
  /** Ends what is under way, resolves when it has ended. */
  stop(): Promise<void>;
}

export function createSyncWorker(
  deps: SyncDeps,
  options: Omit<WorkerOptions, "signal"> = {},
): SyncWorker {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await drain(deps, { ...options, signal: stopping.signal });
      } while (again && !stopping.signal.aborted);
    } catch (error) {
      log.error("Cannot drain the due tenants: {error}", { error });
    } finally {
      // In the same turn as the last look at `again`: a wake must fall on one side or the other.
      running = null;
    }
  };
  return {
    wake() {
      if (stopping.signal.aborted) return Promise.resolve();
      again = true;
      running ??= run();
      return running;
    },
    async stop() {
      stopping.abort(new Error("The portal is stopping"));
      await running;
    },
  };
}
