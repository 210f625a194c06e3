import type { RunStanding } from "../domain/mod.ts";
import {
  isSyncDue,
  openTenant,
  readRunProgress,
  type Store,
} from "../store/mod.ts";

/** In place of a run's id: the one that was asked for and may not have begun. */
export const NEXT_RUN = "next";

/**
 * Where a run of a tenant stands.
 *
 * @param runId an id, or {@linkcode NEXT_RUN}
 * @param after of the next run: the id of the latest one when it was asked for; blank where there was none
 * @param now epoch milliseconds
 * @returns null when there is no such run
 * @throws {NotFoundError} when there is no such tenant.
 */
export async function runStanding(
  store: Store,
  tenantId: string,
  { runId, after, now }: { runId: string; after: string; now: number },
): Promise<RunStanding | null> {
  const data = await openTenant(store, tenantId);
  let id = runId;
  if (runId === NEXT_RUN) {
    const latest = (await data.syncState()).runId;
    if (latest === null || latest === after) {
      const isDue = await isSyncDue(store, tenantId);
      return { is: isDue ? "waiting" : "none" };
    }
    id = latest;
  }
  const run = await data.getRun(id);
  if (!run) return null;
  if (run.status !== "running") return { is: "over", run };
  const progress = await readRunProgress(store, tenantId, id, now);
  if (progress) return { is: "running", run, progress };
  // It may have ended between the two reads.
  const again = await data.getRun(id);
  return again && again.status !== "running"
    ? { is: "over", run: again }
    : { is: "cut", run };
}
