/**
 * Syncing: one tenant (`syncTenant`), those that are due (`drain`, `createSyncWorker`), and when (`registerCrons`).
 *
 * @module
 */
export { syncTenant } from "./sync_tenant.ts";
export {
  type SyncDeps,
  type SyncObserver,
  type SyncOptions,
  type SyncReport,
} from "./sync_deps.ts";
export {
  type DayStream,
  type DayStreams,
  dayStreams,
  type RecordsOfDay,
} from "./day_records.ts";
export { pastStore } from "./past_store.ts";
export { type DayStanding } from "./past/records.ts";
export { type SyncProgress } from "./_run.ts";
export {
  createSyncWorker,
  DEFAULT_CONCURRENCY,
  drain,
  markAllDue,
  type SyncWorker,
  type WorkerOptions,
} from "./worker.ts";
export { type TickStart } from "./_tick.ts";
export { RUN_LIMIT_MS, SLICE_MS, SliceEndedError } from "./_slice.ts";
export { type CronOptions, isProduction, registerCrons } from "./crons.ts";
export { hourOf, hoursWithoutTick, missedHours } from "./hours.ts";
export { type WatchDeps, watchFleet } from "./watch_fleet.ts";
export { verifyTenant } from "./verify.ts";
export {
  type RetryCounts,
  type RetryOutcome,
  retryQuarantine,
} from "./retry_quarantine.ts";
export {
  type EraseDeps,
  type EraseOptions,
  erasePerson,
  type ErasureCertificate,
} from "./erase_person.ts";
export {
  type ErasurePreview,
  findErasureCertificate,
  previewErasure,
} from "./erasure_preview.ts";
export {
  type Difference,
  type ReplayDeps,
  type ReplayedDay,
  type ReplayOptions,
  type ReplayReport,
  replayTenant,
} from "./replay.ts";
export { type RawOfRecord, rawOfRecord, type RawRun } from "./raw_of_record.ts";
