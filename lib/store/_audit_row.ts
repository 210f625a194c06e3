import { type Clock, isoNow } from "../domain/mod.ts";
import { keys } from "./keys.ts";
import type { Row } from "./_records.ts";
import { newId } from "./tenants.ts";

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

/** What is said of an entry; what is left out gets its default. */
export type NewAuditEntry =
  & Pick<AuditEntry, "actor" | "action">
  & Partial<Omit<AuditEntry, "id" | "at" | "actor" | "action">>;

/** Longest text in an entry; what is longer is cut. */
const MAX_TEXT = 300;

/** A new entry with its key, for an atomic operation that does what the entry says. */
export function auditRow(
  entry: NewAuditEntry,
  clock: Clock,
): Row & { value: AuditEntry } {
  const value: AuditEntry = {
    outcome: "done",
    tenantId: null,
    target: null,
    detail: {},
    requestId: null,
    ...entry,
    id: newId(),
    at: isoNow(clock),
  };
  value.target = cut(value.target);
  value.detail = Object.fromEntries(
    Object.entries(value.detail).map(([name, fact]) => [name, cut(fact)]),
  );
  return { key: keys.auditEntry(value.at, value.id), value };
}

function cut<T>(fact: T): T | string {
  return typeof fact === "string" && fact.length > MAX_TEXT
    ? fact.slice(0, MAX_TEXT).toWellFormed() + "…"
    : fact;
}
