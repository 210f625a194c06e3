import { markAllDue, type SyncWorker } from "./worker.ts";
import type { SyncDeps } from "./sync_tenant.ts";

/** Retries of a tick that could not reach the database; a failed sync is no failed tick. */
const BACKOFF = [1_000, 10_000, 60_000];

/** What the crons need; `cron` is `Deno.cron` itself, or a test's. */
export interface CronOptions {
  deps: SyncDeps;
  worker: SyncWorker;
  cron: typeof Deno.cron;
  /** Value of DENO_TIMELINE; anything but "production" or nothing means: this is no production. */
  timeline: string | undefined;
}

/**
 * Registers the hourly tick, which marks every tenant and drains, and the five-minute tick, which finishes
 * what a crash or an eviction left. Must be called at the top level of main.ts's import graph.
 */
export function registerCrons(
  { deps, worker, cron, timeline }: CronOptions,
): void {
  const isProduction = timeline === undefined || timeline === "production";
  const options = { backoffSchedule: BACKOFF };
  cron("sync every tenant", "0 * * * *", options, async () => {
    if (!isProduction) return;
    await markAllDue(deps);
    await worker.wake();
  });
  cron("finish what is due", "*/5 * * * *", options, async () => {
    if (isProduction) await worker.wake();
  });
}
