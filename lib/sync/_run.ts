import type { ClientTetherClient } from "../clienttether/mod.ts";
import type {
  StreamName,
  StreamProgress,
  SyncState,
  TenantSettings,
} from "../domain/mod.ts";
import type { SyncWriter } from "../store/mod.ts";

/** What every step of one run needs to know. */
export interface RunContext {
  runId: string;
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Epoch milliseconds of `startedAt`. */
  startedMs: number;
  /** YYYY-MM-DD of `startedAt` in the tenant's zone. */
  day: string;
  tenant: TenantSettings & { slug: string };
  client: ClientTetherClient;
  writer: SyncWriter;
  /** What the tenant's latest run left. */
  before: SyncState;
  rulesKey: string;
  /** Read everything whole, as once a day. */
  full: boolean;
  /** An operator has said that a much shorter list is right. */
  acceptRemovals: boolean;
  /** Told of each stream as it starts, with each page and batch, and as it ends. */
  onProgress: (progress: SyncProgress) => void;
  signal: AbortSignal | undefined;
}

/** Whether the latest run never came to its end. */
export function isAfterInterruption({ before }: RunContext): boolean {
  return before.status === "running";
}

/** How far a stream of a run has come. */
export interface SyncProgress extends StreamProgress {
  stream: StreamName;
}

/**
 * What the latest run left. One that never came to its end may have put a part of what it read in place: each stream
 * then keeps a baseline with its next success, since the raw records alone no longer say which part.
 */
export function afterInterruption(state: SyncState): SyncState {
  if (state.status !== "running") return state;
  return { ...state, cursor: { ...state.cursor, baselineDay: {} } };
}
