import type { Clock } from "../domain/mod.ts";
import {
  calendarFeedOf,
  findCalendarFeed,
  findUser,
  listMemberships,
  type Membership,
  putCalendarFeed,
  type Store,
  type User,
} from "../store/mod.ts";
import { countUnknown } from "./_unknown.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

/**
 * Makes the secret of the user's calendar address in a tenant; the one before stops.
 *
 * @returns The token, to be shown once: the store keeps its hash alone.
 * @throws {NotFoundError} when the tenant was purged.
 */
export async function issueCalendarFeed(
  store: Store,
  tenantId: string,
  { id, sessionEpoch }: User,
  clock: Clock,
): Promise<string> {
  const token = newToken();
  await putCalendarFeed(store, tenantId, hashToken(token), {
    userId: id,
    epoch: sessionEpoch,
  }, clock);
  return token;
}

/** When the user's address that still works was made, ISO 8601 UTC; null where there is none. */
export async function calendarFeedSince(
  store: Store,
  tenantId: string,
  { id, sessionEpoch }: User,
): Promise<string | null> {
  const feed = await calendarFeedOf(store, tenantId, id);
  return feed?.epoch === sessionEpoch ? feed.createdAt : null;
}

/**
 * Whose address the token is, read strongly consistent; null when it is nobody's any more: ended, from before a new
 * password, or the user was disabled. What the user may open is for the memberships to say.
 */
export async function readCalendarFeed(
  store: Store,
  tenantId: string,
  token: string,
): Promise<{ user: User; memberships: Membership[] } | null> {
  if (!isToken(token)) return null;
  const feed = await findCalendarFeed(store, tenantId, hashToken(token));
  if (!feed) return null;
  const [user, memberships] = await Promise.all([
    findUser(store, feed.userId),
    listMemberships(store, feed.userId),
  ]);
  const isGood = user?.status === "active" && user.sessionEpoch === feed.epoch;
  return isGood ? { user, memberships } : null;
}

/**
 * Counts a calendar address that there is not by the network address that asked for it. Good ones from there are
 * answered all the same.
 *
 * @returns Null, or after how many seconds it may try again.
 */
export function countUnknownCalendar(
  store: Store,
  address: string | null,
  clock: Clock,
): Promise<number | null> {
  return countUnknown(store, "calendar.address", address, clock);
}
