import { type Clock, isoNow } from "../domain/mod.ts";
import type { AuditEntry, NewAuditEntry } from "./audit_log.ts";
import { keys } from "./keys.ts";
import type { Row } from "./_records.ts";
import { newId } from "./tenants.ts";

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
