/**
 * The only code that touches Deno KV. Outsiders hold an opaque `Store` and reach a tenant's data
 * through `openTenant()` (reading) and `SyncWriter` (a sync, under its lease).
 *
 * @module
 */
export { endVisits, keepVisit } from "./visits.ts";
export {
  type KvOperation,
  type MeasureKv,
  openStore,
  type OpenStoreOptions,
  type Store,
} from "./store.ts";
export { type Sized } from "./list_cache.ts";
export { openStorePatiently, type PatientOptions } from "./patient_store.ts";
export {
  migrateStore,
  type MigrationPlan,
} from "./migrations/migrate_store.ts";
export { SCHEMA_VERSION } from "./migrations/migrations.ts";
export {
  openTenant,
  openTenantBeside,
  type TenantHead,
  type TenantStore,
  type Untold,
} from "./tenant_store.ts";
export { byContact, type ContactReader } from "./tenant/contacts.ts";
export { type HistoryReader } from "./tenant/history.ts";
export { type AnswerTag, type KeptReader } from "./tenant/kept.ts";
export {
  type LeadReader,
  type LeadsPage,
  type LeadsQuery,
} from "./tenant/leads.ts";
export {
  type EachNoteQuery,
  type NewestNotes,
  type NoteReader,
  type NotesQuery,
} from "./tenant/notes.ts";
export { type OpportunityReader } from "./tenant/opportunities.ts";
export { type Page } from "./tenant/page.ts";
export {
  type FollowedOpportunity,
  type PersonQuery,
  type PersonReader,
  type PersonRecords,
} from "./tenant/person.ts";
export { type RecentQuery, type RecentReader } from "./tenant/recent.ts";
export { type PublishedReport, type ReportReader } from "./tenant/reports.ts";
export { type RunReader } from "./tenant/runs.ts";
export { type ScheduleReader } from "./tenant/schedule.ts";
export {
  type DayViews,
  type ShownViews,
  type ViewReader,
} from "./tenant/views.ts";
export {
  ListCache,
  type ListCacheOptions,
  type ListName,
} from "./list_cache.ts";
export { recomputeRecent } from "./_recent.ts";
export { SyncWriter } from "./sync_writer.ts";
export { type NotesTextJob, type NotesTextKept } from "./notes_text/keep.ts";
export { type Upsert } from "./sync/records.ts";
export {
  getQuarantined,
  listQuarantine,
  type Quarantined,
} from "./quarantine.ts";
export {
  addDifference,
  checkDirectory,
  type CheckOptions,
  checkTenant,
  type Findings,
  openRecords,
  type StoredRecords,
  type TenantCheck,
} from "./integrity/check_tenant.ts";
export {
  type ApplyOptions,
  type HotFinder,
  type PlaceOf,
} from "./_record_changes.ts";
export {
  type HotPlace,
  type StoredOpportunity,
  toActivityRow,
  toLeadRow,
} from "./_records.ts";
export { LeaseLostError, readRunProgress } from "./lease.ts";
export {
  type RawChunk,
  type RawManifest,
  type RawStream,
  rawStream,
  RawWriter,
} from "./raw.ts";
export { RawReader } from "./raw_reader.ts";
export * from "./reports.ts";
export * from "./saved_views.ts";
export { type RawSwept } from "./raw_sweep.ts";
export {
  type RecordForm,
  type Standing,
  StoredReader,
} from "./stored_reader.ts";
export {
  type BackupOptions,
  type BackupProgress,
  type BackupSummary,
  writeBackup,
} from "./backup/write_backup.ts";
export {
  restoreBackup,
  type Restored,
  type RestoreOptions,
  type RestoreProgress,
} from "./backup/restore_backup.ts";
export { giveWay, goingFirst, isTimeToGiveWay } from "./give_way.ts";
export { hashText, StreamIndex } from "./sync_index.ts";
export { idPart } from "./keys.ts";
export { type FleetRow, listFleet, putAlert } from "./fleet.ts";
export { type StoreReadiness, storeReadiness } from "./readiness.ts";
export {
  canRead,
  type DenoRelease,
  servingDeno,
  THIS_DENO,
} from "./serving.ts";
export {
  clearSyncDue,
  isSyncDue,
  listSyncDue,
  markAllSyncDue,
  markSyncDue,
} from "./sync_due.ts";
export {
  lastHourlyTick,
  listSyncTicks,
  putSyncTick,
  type SyncTick,
} from "./sync_ticks.ts";
export { ErasedPeople, personHash } from "./erased.ts";
export { findErasure, PersonErasure } from "./erase_person.ts";
export {
  type ErasureMarker,
  type IdsByStream,
  listOpenErasures,
  type OpenErasure,
  PersonRows,
} from "./person_rows.ts";
export * from "./tenants.ts";
export type * from "./tenant.ts";
export {
  listTenantSecrets,
  replaceTenantSecret,
  SEALED_TENANT_FIELDS,
  type SealedTenantField,
} from "./sealed.ts";
export * from "./users.ts";
export * from "./user.ts";
export * from "./roles.ts";
export * from "./memberships.ts";
export * from "./sessions.ts";
export * from "./request_rows.ts";
export * from "./calendar_feeds.ts";
export * from "./throttles.ts";
export * from "./repeats.ts";
export * from "./api_tokens.ts";
export * from "./audit_log.ts";
export {
  type AuditActor,
  type AuditEntry,
  type NewAuditEntry,
} from "./_audit_row.ts";
export {
  findPurge,
  type PurgeCertificate,
  type PurgeOptions,
  purgeTenant,
} from "./purge.ts";
export * from "./devices.ts";
export * from "./links.ts";
export * from "./invites.ts";
export * from "./reset_links.ts";
export * from "./logos.ts";
export * from "./challenges.ts";
export * from "./passkeys.ts";
export * from "./second_factors.ts";
export * from "./settings.ts";
export * from "./last_admin.ts";
