import type { Clock } from "../domain/mod.ts";
import { auditRow } from "./_audit_row.ts";
import { decodeCursor, encodeCursor } from "./_cursor.ts";
import { kvOf, type Store } from "./_store.ts";
import { prefixes } from "./keys.ts";

/** Who did something: a person, an operator at the command line, or a program with a token. */
export interface AuditActor {
  kind: "user" | "operator" | "api_token" | "nobody";
  /** Null for operators and for nobody. */
  id: string | null;
  /** How the log shows them: an e-mail address, a token's name. */
  name: string | null;
}

/** `["audit", at, id]`. Holds no secret, no note's text and nothing of a lead but its id. */
export interface AuditEntry {
  id: string;
  /** ISO 8601 UTC. */
  at: string;
  actor: AuditActor;
  /** What was done, as `thing.verb`: "session.started", "tenant.key_changed". */
  action: string;
  outcome: "done" | "denied" | "failed";
  /** Where: the tenant that it concerns, or null. */
  tenantId: string | null;
  /** The thing it was done to: a user's id, a session's public id, a route. */
  target: string | null;
  /** Facts for people: { from: "tenant_viewer", to: "tenant_admin" }. */
  detail: Record<string, string | number | boolean | null>;
  requestId: string | null;
}

export type NewAuditEntry =
  & Pick<AuditEntry, "actor" | "action">
  & Partial<Omit<AuditEntry, "id" | "at" | "actor" | "action">>;

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
