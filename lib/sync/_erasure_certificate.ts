import type { AuditEntry, ErasureMarker } from "../store/mod.ts";

/** What an erasure removed; kept in the audit log as `person.erased`. Does not name the person. */
export interface ErasureCertificate {
  tenantId: string;
  /** SHA-256 of the tenant's and the person's id. */
  personHash: string;
  /** Both ISO 8601 UTC. Whatever was backed up before `finishedAt` may still hold the person. */
  startedAt: string;
  finishedAt: string;
  /** Whether later syncs leave the person out. */
  keepOut: boolean;
  /** Rows and raw lines removed, by kind. */
  removed: Record<string, number>;
  /** All of `removed`. */
  total: number;
}

/** Begins the name of a count in the entry of the audit log. */
const REMOVED = "removed.";

/** What the entry of the audit log says. */
export function detailOf(
  { startedAt, keepOut, counts }: ErasureMarker,
): AuditEntry["detail"] {
  const removed = Object.entries(counts).map(([kind, count]) =>
    [REMOVED + kind, count] as const
  );
  return { startedAt, keepOut, ...Object.fromEntries(removed) };
}

/** The certificate that such an entry holds. */
export function certificateOf(
  { tenantId, target, at, detail }: AuditEntry,
): ErasureCertificate {
  const removed: Record<string, number> = {};
  for (const [name, fact] of Object.entries(detail)) {
    if (!name.startsWith(REMOVED)) continue;
    removed[name.slice(REMOVED.length)] = Number(fact);
  }
  return {
    tenantId: tenantId ?? "",
    personHash: target ?? "",
    startedAt: String(detail.startedAt),
    finishedAt: at,
    keepOut: detail.keepOut === true,
    removed,
    total: Object.values(removed).reduce((sum, count) => sum + count, 0),
  };
}
