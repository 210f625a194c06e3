import { UsageError } from "../domain/mod.ts";
import type { Commit } from "./_kv.ts";
import { keys } from "./keys.ts";
import {
  EVERY_TENANT,
  type Membership,
  type MembershipInput,
  ROLES,
} from "./roles.ts";

/** @throws {UsageError} when the role does not fit the scope, or is none. */
export function assertFits({ scope, role }: MembershipInput): void {
  if (!ROLES.includes(role)) {
    throw new UsageError(
      `Cannot give the role '${role}': choose one of ${ROLES.join(", ")}`,
    );
  }
  if ((role === "agency_admin") !== (scope === EVERY_TENANT)) {
    throw new UsageError(
      `Cannot give the role '${role}' in '${scope}': agency_admin is for every tenant, the others are for one`,
    );
  }
}

/**
 * The rows of one membership. Both hold it whole: nothing of it ever changes but all at once.
 *
 * @throws {UsageError} when the role does not fit the scope.
 */
export function membershipSets(
  userId: string,
  { scope, role }: MembershipInput,
  createdAt: string,
): NonNullable<Commit["sets"]> {
  assertFits({ scope, role });
  const value: Membership = { userId, scope, role, createdAt };
  return [
    { key: keys.membership(userId, scope), value },
    { key: keys.membershipByTenant(scope, userId), value },
  ];
}
