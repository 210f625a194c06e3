import type { RequestMetric } from "../clienttether/mod.ts";
import type {
  Clock,
  StreamName,
  StreamResult,
  StreamResults,
} from "../domain/mod.ts";
import type { Store, Tenant } from "../store/mod.ts";
import type { SyncProgress } from "./_run.ts";

/** What a sync needs from the world around it. */
export interface SyncDeps {
  store: Store;
  clock: Clock;
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Opens a tenant's sealed keys. */
  openKeys(
    tenant: Tenant,
  ): Promise<{ webKey: string; accessToken: string | null }>;
  /** Origin of ClientTether. */
  baseUrl?: string | undefined;
  /** Requests per second of one tenant; 0 is no limit. */
  maxRps?: number | undefined;
  /** Told of runs, streams and requests. */
  observer?: SyncObserver | undefined;
  /** Days for which raw is kept, 90 unless told. */
  snapshotRetentionDays?: number | undefined;
  /** Notes of a tenant from which on their text is stored, 5,000 unless told. */
  notesTextFrom?: number | undefined;
}

/** How one sync is to be. */
export interface SyncOptions {
  /** Read everything whole, as once a day. */
  full?: boolean;
  /** An operator has said that a much shorter list is right. */
  acceptRemovals?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
}

/** What `portal sync --json` prints of one tenant. */
export interface SyncReport {
  /** Slug. */
  tenant: string;
  runId: string | null;
  /** `busy`: another sync of the tenant is under way. */
  status: "success" | "failed" | "busy";
  recordsUpdated: number;
  errorMessage: string | null;
  streams: StreamResults;
}

/** Told of what a sync does as it does it, for spans and counts. It decides nothing. */
export interface SyncObserver {
  /** Around a run; `tenant` is a slug. */
  run(tenant: string, work: () => Promise<SyncReport>): Promise<SyncReport>;
  /** Around a stream of a run. */
  stream<T extends { result: Pick<StreamResult, "status" | "quarantined"> }>(
    tenant: string,
    stream: StreamName,
    work: () => Promise<T>,
  ): Promise<T>;
  /** After a request to ClientTether. */
  request(metric: RequestMetric): void;
}
