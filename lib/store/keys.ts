import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { FollowedStream, RecentKind, StreamName } from "../domain/mod.ts";

/**
 * The only place that spells a key of Deno KV. What a key's value is stands in docs/architecture.md.
 *
 * Two rules keep keys safe with whatever ClientTether sends:
 * ids go through {@linkcode idPart}, dates through {@linkcode datePart}.
 */
export type Key = Deno.KvKey;

const MAX_ID_BYTES = 256;
const UNSAFE_ID = /^~|\0/;

/**
 * An upstream id as a key part. Ids that KV could not hold apart (a lone surrogate collapses to U+FFFD),
 * that hold a NUL, or that are long, become `~` and a hash of their UTF-16 code units.
 */
export function idPart(id: string): string {
  const plain = id.isWellFormed() && !UNSAFE_ID.test(id) &&
    (id.length * 3 <= MAX_ID_BYTES ||
      new TextEncoder().encode(id).length <= MAX_ID_BYTES);
  if (plain) return id;
  return "~" + createHash("sha256").update(Buffer.from(id, "utf16le"))
    .digest("hex");
}

/** A date as a key part: ISO 8601 in UTC of fixed width; unknown is `"0000"`, before all others. */
export function datePart(iso: string | null): string {
  return iso ?? "0000";
}

/** The order in which the database has text parts of keys: that of code points; `<` is that of code units. */
export function compareParts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one === other) continue;
    return isSurrogate(one) === isSurrogate(other)
      ? one - other
      : isSurrogate(one)
      ? 1
      : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Where the history of each stream stands. */
const STANDING_CHANGES: Record<FollowedStream, string> = {
  leads: "lead_stage_changes",
  opportunities: "stage_changes",
};

/** Keys that belong to no tenant. */
export const keys = {
  schemaVersion: (): Key => ["schema_version"],
  storeId: (): Key => ["store_id"],

  tenant: (id: string): Key => ["tenants", id],
  tenantBySlug: (slug: string): Key => ["tenants_by_slug", slug],

  user: (id: string): Key => ["users", id],
  userByEmail: (email: string): Key => ["users_by_email", email],
  membership: (
    userId: string,
    scope: string,
  ): Key => ["memberships", userId, scope],
  membershipByTenant: (
    tenantId: string,
    userId: string,
  ): Key => ["memberships_by_tenant", tenantId, userId],
  session: (tokenHash: string): Key => ["sessions", tokenHash],
  sessionByUser: (
    userId: string,
    tokenHash: string,
  ): Key => ["sessions_by_user", userId, tokenHash],
  throttle: (kind: string, subject: string): Key => ["throttle", kind, subject],
  knownDevice: (
    tokenHash: string,
  ): Key => ["throttle", "known_device", tokenHash],

  /** Marks a tenant as due for a sync, until a worker has taken it. */
  syncDue: (tenantId: string): Key => ["sync_due", tenantId],
  /** One entry of the audit log; entries are never changed. */
  auditEntry: (iso: string, id: string): Key => ["audit", iso, id],
  /** A one-time link: an invitation or a reset. */
  link: (tokenHash: string): Key => ["links", tokenHash],
  apiToken: (tokenHash: string): Key => ["api_tokens", tokenHash],
  apiTokenByTenant: (
    tenantId: string,
    tokenHash: string,
  ): Key => ["api_tokens_by_tenant", tenantId, tokenHash],
  /** The second factor of a user. */
  secondFactor: (userId: string): Key => ["second_factors", userId],
  passkey: (id: string): Key => ["passkeys", id],
  passkeyByUser: (
    userId: string,
    id: string,
  ): Key => ["passkeys_by_user", userId, id],
  /** What a browser has begun and must finish within minutes. */
  challenge: (tokenHash: string): Key => ["challenges", tokenHash],
  /** What holds for the whole portal. */
  settings: (): Key => ["settings"],
  /** What one tick of the schedule did. */
  syncTick: (startedAt: string): Key => ["sync_ticks", startedAt],
  /** Which Deno serves the portal. */
  serving: (): Key => ["serving"],
  /** Stands while a backup is being restored. */
  restore: (): Key => ["restore"],
} as const;

/** Prefixes of keys that belong to no tenant. */
export const prefixes = {
  tenants: (): Key => ["tenants"],
  users: (): Key => ["users"],
  memberships: (userId: string): Key => ["memberships", userId],
  membershipsByTenant: (
    tenantId: string,
  ): Key => ["memberships_by_tenant", tenantId],
  sessionsByUser: (userId: string): Key => ["sessions_by_user", userId],
  syncDue: (): Key => ["sync_due"],
  syncTicks: (): Key => ["sync_ticks"],
  auditEntries: (): Key => ["audit"],
  links: (): Key => ["links"],
  apiTokens: (): Key => ["api_tokens"],
  apiTokensByTenant: (
    tenantId: string,
  ): Key => ["api_tokens_by_tenant", tenantId],
  secondFactors: (): Key => ["second_factors"],
  passkeysByUser: (userId: string): Key => ["passkeys_by_user", userId],
} as const;

export type TenantKeys = ReturnType<typeof tenantKeys>;

/** Every key of one tenant; all of them start with `["t", tenantId]`. */
export function tenantKeys(tenantId: string) {
  const at = (...parts: Deno.KvKeyPart[]): Key => ["t", tenantId, ...parts];
  return {
    /** Everything of the tenant. */
    all: () => at(),
    state: () => at("state"),
    /** Stands while the tenant is being purged. */
    purge: () => at("purge"),
    /** Stands while a person is being erased. `hash`: of the person's id. */
    erasure: (hash: string) => at("erasures", hash),
    erasures: () => at("erasures"),
    /** Keeps an erased person out of later syncs. `hash`: of the person's id. */
    erased: (hash: string) => at("erased", hash),
    allErased: () => at("erased"),
    syncRun: (runId: string) => at("sync_runs", runId),
    syncRuns: () => at("sync_runs"),
    syncState: () => at("sync_state"),
    syncLease: () => at("sync_lease"),
    /** What is wrong with the tenant's data, and who was told. */
    alert: () => at("alert"),
    rawSnapshot: (fetchedAt: string, runId: string) =>
      at("ct_raw_snapshots", fetchedAt, runId),
    rawSnapshots: () => at("ct_raw_snapshots"),
    rawChunk: (sha256: string, n: number) => at("ct_raw_chunks", sha256, n),
    rawChunkParts: (sha256: string) => at("ct_raw_chunks", sha256),
    rawChunks: () => at("ct_raw_chunks"),
    syncIndex: (stream: StreamName, bucket: number) =>
      at("sync_index", stream, bucket),
    syncIndexes: (stream: StreamName) => at("sync_index", stream),
    quarantined: (stream: StreamName, id: string) =>
      at("quarantine", stream, idPart(id)),
    quarantine: (stream?: StreamName) =>
      stream ? at("quarantine", stream) : at("quarantine"),
    /** `part`: an encoded id, see {@linkcode idPart}. */
    tombstone: (stream: StreamName, part: string) =>
      at("tombstones", stream, part),
    tombstones: (stream?: StreamName) =>
      stream ? at("tombstones", stream) : at("tombstones"),

    cycle: (id: string) => at("sales_cycles", idPart(id)),
    cycles: () => at("sales_cycles"),
    lead: (id: string) => at("leads", idPart(id)),
    leads: () => at("leads"),
    leadByCreated: (createdAt: string | null, id: string) =>
      at("leads_by_created", datePart(createdAt), idPart(id)),
    leadsByCreated: () => at("leads_by_created"),
    opportunity: (id: string) => at("opportunities", idPart(id)),
    opportunities: () => at("opportunities"),
    opportunityByClient: (clientId: string, id: string) =>
      at("opportunities_by_client", idPart(clientId), idPart(id)),
    opportunitiesByClient: () => at("opportunities_by_client"),
    note: (id: string) => at("ct_notes", idPart(id)),
    notes: () => at("ct_notes"),
    noteByDate: (noteDate: string | null, id: string) =>
      at("ct_notes_by_date", datePart(noteDate), idPart(id)),
    notesByDate: () => at("ct_notes_by_date"),
    noteByContact: (contactId: string, noteDate: string | null, id: string) =>
      at(
        "ct_notes_by_contact",
        idPart(contactId),
        datePart(noteDate),
        idPart(id),
      ),
    notesByContact: () => at("ct_notes_by_contact"),
    noteBody: (id: string, version: string, n: number) =>
      at("ct_note_bodies", idPart(id), version, n),
    noteBodies: (id: string) => at("ct_note_bodies", idPart(id)),
    allNoteBodies: () => at("ct_note_bodies"),
    /** What searches read of the notes of some buckets of the sync index, packed, in parts. */
    notesText: (shelf: number, n: number) => at("notes_text", shelf, n),
    notesTexts: () => at("notes_text"),
    activity: (id: string) => at("ct_scheduled_activities", idPart(id)),
    activities: () => at("ct_scheduled_activities"),
    activityByDate: (scheduledAt: string | null, id: string) =>
      at(
        "ct_scheduled_activities_by_date",
        datePart(scheduledAt),
        idPart(id),
      ),
    activitiesByDate: () => at("ct_scheduled_activities_by_date"),
    activityByContact: (
      contactId: string,
      scheduledAt: string | null,
      id: string,
    ) =>
      at(
        "ct_scheduled_activities_by_contact",
        idPart(contactId),
        datePart(scheduledAt),
        idPart(id),
      ),
    activitiesByContact: () => at("ct_scheduled_activities_by_contact"),
    hotListItem: (rank: number, id: string) =>
      at("hot_list_items", rank + 0, idPart(id)), /* never -0 */
    hotListItems: () => at("hot_list_items"),

    leadMetrics: (day: string) => at("lead_metrics", day),
    pipelineView: (day: string) => at("pipeline_stage_counts", day),
    kpis: (day: string) => at("kpis", day),
    kpiDays: () => at("kpis"),
    /** A change of where an opportunity or a lead stands; `part`: its encoded id. */
    standingChange: (stream: FollowedStream, iso: string, part: string) =>
      at(STANDING_CHANGES[stream], iso, part),
    standingChanges: (stream: FollowedStream) => at(STANDING_CHANGES[stream]),
    /** What a sync found to be new: a lead, a note, an activity planned or cancelled. */
    arrival: (kind: RecentKind, iso: string, id: string) =>
      at("arrivals", kind, iso, idPart(id)),
    arrivals: (kind?: RecentKind) =>
      kind ? at("arrivals", kind) : at("arrivals"),
    /** What syncs of the last days found to be new, summed up. */
    recent: () => at("recent"),
    /** What a user has seen of the tenant, and when. */
    visit: (userId: string) => at("visits", userId),
    report: (week: string) => at("reports", week),
    reports: () => at("reports"),
    /** A version of a report that a newer one has replaced. */
    reportVersion: (week: string, version: number) =>
      at("report_versions", week, version),
    reportVersions: (week: string) => at("report_versions", week),
    /** Gets the reports by e-mail. */
    reportSubscriber: (userId: string) => at("report_subscribers", userId),
    reportSubscribers: () => at("report_subscribers"),
    /** An address at which a calendar program reads the schedule. */
    calendarFeed: (tokenHash: string) => at("calendar_feeds", tokenHash),
    calendarFeeds: () => at("calendar_feeds"),
    /** The brand's logo. */
    logo: () => at("logo"),
    /** A way to look at a list that a user has given a name. */
    savedView: (userId: string, id: string) => at("saved_views", userId, id),
    savedViews: (userId: string) => at("saved_views", userId),
    allSavedViews: () => at("saved_views"),
  } as const;
}
