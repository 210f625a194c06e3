/**
 * The only code that touches Deno KV. Outsiders hold an opaque `Store` and reach a tenant's data
 * through `openTenant()` (reading) and `SyncWriter` (a sync, under its lease).
 *
 * @module
 */
export {
  type KvOperation,
  openStore,
  type OpenStoreOptions,
  type Store,
} from "./store.ts";
export {
  type DayViews,
  type LeadsQuery,
  type NotesQuery,
  openTenant,
  type Page,
  type ReportSummary,
  type TenantStore,
} from "./tenant_store.ts";
export { type Quarantined, SyncWriter, type Upsert } from "./sync_writer.ts";
export { type ApplyOptions, type HotFinder } from "./_record_changes.ts";
export { type HotPlace, type StoredOpportunity } from "./_records.ts";
export { LeaseLostError } from "./lease.ts";
export {
  type RawChunk,
  type RawManifest,
  type RawStream,
  rawStream,
  RawWriter,
} from "./raw.ts";
export { hashText, StreamIndex } from "./sync_index.ts";
export { idPart } from "./keys.ts";
export { clearSyncDue, listSyncDue, markSyncDue } from "./sync_due.ts";
export * from "./tenants.ts";
export * from "./users.ts";
export * from "./memberships.ts";
export * from "./sessions.ts";
export * from "./throttles.ts";
