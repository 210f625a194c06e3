import { ulid } from "ulid";
import type { Clock } from "../domain/mod.ts";
import { type Store, SyncWriter } from "../store/mod.ts";

/** Work that is done while no sync writes. */
export interface LeasedWork {
  writer: SyncWriter;
  runId: string;
  /** Aborted once the lease is lost; the next commit notices it in any case. */
  lost: AbortSignal;
}

/**
 * Does work on a tenant under its lease. The work gives the lease back with its last commit; where it fails that is
 * done here, so that the next run need not wait for its end.
 *
 * @returns null when a sync is under way or the tenant is not active
 */
export async function underLease<T>(
  { store, clock }: { store: Store; clock: Clock },
  tenantId: string,
  work: (leased: LeasedWork) => Promise<T>,
): Promise<T | null> {
  const runId = ulid(clock.now());
  const writer = await SyncWriter.open(store, tenantId, clock, {
    owner: runId,
    runId,
  });
  if (!writer) return null;
  const lost = new AbortController();
  writer.lease.start((error) => lost.abort(error));
  try {
    return await work({ writer, runId, lost: lost.signal });
  } catch (error) {
    // A lease that is not given back ends by itself.
    await writer.lease.release({ sets: [], deletes: [] }).catch(() => {});
    throw error;
  } finally {
    writer.lease.stop();
  }
}
