import * as z from "zod";
import { UsageError } from "../domain/mod.ts";
import {
  type AuditQuery,
  getTenantIdBySlug,
  getUserByEmail,
  type Store,
} from "../store/mod.ts";
import { choiceParam, cursorParam, textParam } from "./query.ts";

const DAY_MS = 86_400_000;

const day = () =>
  z.string()
    .refine(
      (text) => text === "" || isDay(text),
      "it must be a day such as 2026-03-31",
    )
    .transform((text) => text || undefined)
    .optional();

/** What the audit log is filtered by; the page and its export share it. Days are in UTC. */
export const AUDIT_QUERY = {
  tenant: textParam(),
  person: textParam(),
  action: textParam(),
  outcome: choiceParam(["all", "done", "denied", "failed"], "all"),
  from: day(),
  to: day(),
};

/** The same for one page of the list. */
export const AUDIT_PAGE = { ...AUDIT_QUERY, cursor: cursorParam() };

export type AuditFilter = z.output<z.ZodObject<typeof AUDIT_QUERY>>;

/**
 * The filter as the store takes it: a slug or id becomes a tenant's id, an address a user's, days their
 * bounds (the last day included).
 *
 * @throws {UsageError} when nobody has the address.
 */
export async function auditQueryOf(
  store: Store,
  { tenant, person, action, outcome, from, to }: AuditFilter,
): Promise<Omit<AuditQuery, "limit">> {
  const user = person ? await getUserByEmail(store, person) : null;
  if (person && !user) {
    throw new UsageError(`Nobody has the e-mail address '${person}'`);
  }
  return {
    // The entries of a tenant that is gone are found by its id.
    ...tenant
      ? { tenantId: await getTenantIdBySlug(store, tenant) ?? tenant }
      : {},
    ...user ? { actorId: user.id } : {},
    ...action ? { action } : {},
    ...outcome === "all" ? {} : { outcome },
    ...from ? { from: startOf(from, 0) } : {},
    ...to ? { to: startOf(to, 1) } : {},
  };
}

function startOf(day: string, later: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + later * DAY_MS)
    .toISOString();
}

function isDay(text: string): boolean {
  if (!/^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) &&
    new Date(time).toISOString().startsWith(text);
}
