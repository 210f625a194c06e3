/**
 * Syncing: one tenant (`syncTenant`), those that are due (`drain`, `createSyncWorker`), and when (`registerCrons`).
 *
 * @module
 */
export {
  type SyncDeps,
  type SyncOptions,
  type SyncReport,
  syncTenant,
} from "./sync_tenant.ts";
export { type SyncProgress } from "./_run.ts";
export {
  createSyncWorker,
  DEFAULT_CONCURRENCY,
  drain,
  markAllDue,
  type SyncWorker,
  type WorkerOptions,
} from "./worker.ts";
export { type CronOptions, registerCrons } from "./crons.ts";
