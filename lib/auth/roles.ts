import type { Membership, Role } from "../store/mod.ts";
import { EVERY_TENANT } from "../store/mod.ts";

/** Whether the role may ask for a sync now. */
export function canTrigger(role: Role): boolean {
  return role === "agency_admin";
}

/** Whether the role may open `/admin` and all below it. */
export function canAdminister(role: Role): boolean {
  return role === "agency_admin";
}

/** Whether the role may manage the viewers of its own tenant. */
export function canManagePeople(role: Role): boolean {
  return role === "agency_admin" || role === "tenant_admin";
}

/**
 * The role that these memberships give in a tenant, or null when they give none.
 * An agency admin has every tenant.
 */
export function roleIn(
  tenantId: string,
  memberships: readonly Membership[],
): Role | null {
  if (isAgencyAdmin(memberships)) return "agency_admin";
  return memberships.find(({ scope }) => scope === tenantId)?.role ?? null;
}

/** Whether these memberships open every tenant. */
export function isAgencyAdmin(memberships: readonly Membership[]): boolean {
  return memberships.some(({ scope, role }) =>
    scope === EVERY_TENANT && role === "agency_admin"
  );
}
