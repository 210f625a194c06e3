import type { Commit } from "./_kv.ts";
import { membershipSets } from "./_membership_rows.ts";
import { keys } from "./keys.ts";
import { newId } from "./tenants.ts";
import {
  assertValidUser,
  type NewUser,
  normalizeEmail,
  type User,
} from "./user.ts";

/**
 * A new user, and the operation that makes one where neither the id nor the address is taken.
 *
 * @throws {UsageError} for a malformed address, a blank name or a role that does not fit its scope.
 */
export function newUserCommit(
  { id = newId(), email, name, passwordHash, membership }: NewUser,
  now: string,
): { user: User } & Required<Omit<Commit, "deletes">> {
  const user: User = {
    id,
    email: normalizeEmail(email),
    name: name.trim(),
    passwordHash,
    status: "active",
    sessionEpoch: 0,
    createdAt: now,
    updatedAt: now,
  };
  assertValidUser(user);
  const row = keys.user(id);
  const byEmail = keys.userByEmail(user.email);
  return {
    user,
    checks: [row, byEmail].map((key) => ({ key, versionstamp: null })),
    sets: [
      { key: row, value: user },
      { key: byEmail, value: id },
      ...membership ? membershipSets(id, membership, now) : [],
    ],
  };
}
