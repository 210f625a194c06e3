/** What a user may do; lib/auth says what follows from each. */
export type Role = "agency_admin" | "tenant_admin" | "tenant_viewer";

/** All of them, the one that may do most first. */
export const ROLES: readonly Role[] = [
  "agency_admin",
  "tenant_admin",
  "tenant_viewer",
];

/** The scope of a membership that opens every tenant. */
export const EVERY_TENANT = "*";

/** A role in a scope: a tenant's id, or {@linkcode EVERY_TENANT}. */
export interface MembershipInput {
  scope: string;
  role: Role;
}

/** `["memberships", userId, scope]`, and the same by tenant. */
export interface Membership extends MembershipInput {
  userId: string;
  createdAt: string;
}
