import { type Clock, isoNow, UsageError } from "../domain/mod.ts";
import { busy, checkOf, isLive, lifetime, TRIES } from "./_link_rows.ts";
import { kvOf, type Store } from "./_store.ts";
import { updateRecord } from "./_update.ts";
import { keys } from "./keys.ts";
import type { Link, ResetLink } from "./links.ts";
import type { User } from "./user.ts";

/**
 * Stores a reset link in place of the one that the user may have had.
 *
 * @throws {NotFoundError} for an unknown user.
 * @throws {UsageError} for a disabled one.
 */
export async function createResetLink(
  store: Store,
  tokenHash: string,
  link: ResetLink,
  clock: Clock,
): Promise<void> {
  const key = keys.link(tokenHash);
  await updateRecord<User>(
    kvOf(store),
    keys.user(link.userId),
    `user '${link.userId}'`,
    (current) => {
      if (current.status !== "active") {
        throw new UsageError(
          "Cannot make a reset link: the account is disabled",
        );
      }
      return {
        value: { ...current, resetLink: tokenHash },
        sets: [{ key, value: link, expireIn: lifetime(link, clock) }],
        deletes: current.resetLink ? [keys.link(current.resetLink)] : [],
      };
    },
  );
}

/**
 * Uses a reset link: the password is another and every session of the user has ended, all in one
 * atomic operation, so that of many who try at once one alone succeeds.
 *
 * @returns null when the link is used, over, unknown or replaced by a newer one.
 */
export async function redeemResetLink(
  store: Store,
  tokenHash: string,
  passwordHash: string,
  clock: Clock,
): Promise<User | null> {
  const kv = kvOf(store);
  for (let tries = 0; tries < TRIES; tries++) {
    const link = await kv.get<Link>(keys.link(tokenHash));
    if (link.value?.purpose !== "reset" || !isLive(link.value, clock)) {
      return null;
    }
    const entry = await kv.get<User>(keys.user(link.value.userId));
    if (!entry.value || !isResetOf(entry.value, tokenHash)) return null;
    const user: User = {
      ...entry.value,
      passwordHash,
      sessionEpoch: entry.value.sessionEpoch + 1,
      resetLink: null,
      updatedAt: isoNow(clock),
    };
    const { ok } = await kv.commit({
      checks: [checkOf(link), checkOf(entry)],
      sets: [{ key: entry.key, value: user }],
      deletes: [link.key],
    });
    if (ok) return user;
  }
  throw busy();
}

/** Whether the reset link with this hash is the user's, and of use. */
export function isResetOf(user: User, tokenHash: string): boolean {
  return user.status === "active" && user.resetLink === tokenHash;
}
