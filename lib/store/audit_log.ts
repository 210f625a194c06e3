import type { Clock } from "../domain/mod.ts";
import { type AuditEntry, auditRow, type NewAuditEntry } from "./_audit_row.ts";
import { decodeCursor, encodeCursor } from "./_cursor.ts";
import { kvOf, type Store } from "./_store.ts";
import { prefixes } from "./keys.ts";

/**
 * Appends an entry; entries are never changed or removed.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function appendAudit(
  store: Store,
  entry: NewAuditEntry,
  clock: Clock,
): Promise<AuditEntry> {
  const { key, value } = auditRow(entry, clock);
  await kvOf(store).commit({
    checks: [{ key, versionstamp: null }],
    sets: [{ key, value }],
  });
  return value;
}

export interface AuditQuery {
  limit: number;
  cursor?: string;
  tenantId?: string;
  actorId?: string;
  /** An action, or its thing alone: "session". */
  action?: string;
  outcome?: AuditEntry["outcome"];
  /** ISO 8601 UTC; `from` included, `to` excluded. */
  from?: string;
  to?: string;
}

/**
 * Entries, newest first.
 *
 * @throws {UsageError} for a cursor that this list did not give.
 */
export async function listAudit(
  store: Store,
  query: AuditQuery,
): Promise<{ rows: AuditEntry[]; cursor: string | null }> {
  const rows: AuditEntry[] = [];
  for await (const entry of auditEntries(store, query)) {
    if (rows.length === query.limit) {
      const { at, id } = rows.at(-1)!;
      return { rows, cursor: encodeCursor([at, id]) };
    }
    rows.push(entry);
  }
  return { rows, cursor: null };
}

/** Every entry of a query, newest first, page by page; its limit does not count. */
export async function* auditEntries(
  store: Store,
  { cursor, from, to, ...filter }: AuditQuery,
): AsyncGenerator<AuditEntry> {
  const prefix = prefixes.auditEntries();
  const after = cursor === undefined ? null : decodeCursor(cursor);
  const end = after ?? (to === undefined ? ["~"] : [to]);
  // A cursor may come from another query; KV refuses a range that ends before it starts.
  if (from !== undefined && from > end[0]!) return;
  const list = kvOf(store).list<AuditEntry>({
    start: [...prefix, from ?? ""],
    end: [...prefix, ...end],
  }, { reverse: true });
  for await (const { value } of list) if (passes(value, filter)) yield value;
}

function passes(
  entry: AuditEntry,
  { tenantId, actorId, action, outcome }: Omit<AuditQuery, "cursor">,
): boolean {
  return (tenantId === undefined || entry.tenantId === tenantId) &&
    (actorId === undefined || entry.actor.id === actorId) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (action === undefined || entry.action === action ||
      entry.action.startsWith(`${action}.`));
}
