import { type Clock, isoNow, NotFoundError } from "../domain/mod.ts";
import { kvOf, type Store } from "./_store.ts";
import { type Key, tenantKeys } from "./keys.ts";

/** `["t", tenantId, "calendar_feeds", sha256(token)]`: an address at which a user's calendar program reads the schedule. */
export interface CalendarFeed {
  userId: string;
  /** The user's `sessionEpoch` then: a new password ends the address. */
  epoch: number;
  /** ISO 8601 UTC. */
  createdAt: string;
}

/**
 * Stores the user's address in place of the one before.
 *
 * @throws {NotFoundError} when the tenant was purged.
 */
export async function putCalendarFeed(
  store: Store,
  tenantId: string,
  tokenHash: string,
  owner: Pick<CalendarFeed, "userId" | "epoch">,
  clock: Clock,
): Promise<void> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const state = await kv.get<string>(k.state());
  const { userId, epoch } = owner;
  const value: CalendarFeed = { userId, epoch, createdAt: isoNow(clock) };
  const { ok } = state.value === null || state.value === "purged"
    ? { ok: false }
    : await kv.commit({
      checks: [{ key: k.state(), versionstamp: state.versionstamp }],
      sets: [{ key: k.calendarFeed(tokenHash), value }],
      deletes: await feedKeysOf(store, tenantId, userId),
    });
  if (!ok) {
    throw new NotFoundError(
      "Cannot make a calendar address: the brand is closing",
    );
  }
}

/** The address with this hash, or null. One read. */
export async function findCalendarFeed(
  store: Store,
  tenantId: string,
  tokenHash: string,
): Promise<CalendarFeed | null> {
  const key = tenantKeys(tenantId).calendarFeed(tokenHash);
  return (await kvOf(store).get<CalendarFeed>(key)).value;
}

/** The user's address in this tenant, without what it is; null when there is none. One read. */
export async function calendarFeedOf(
  store: Store,
  tenantId: string,
  userId: string,
): Promise<CalendarFeed | null> {
  const prefix = tenantKeys(tenantId).calendarFeeds();
  for await (const { value } of kvOf(store).list<CalendarFeed>({ prefix })) {
    if (value.userId === userId) return value;
  }
  return null;
}

/** Ends the user's address in this tenant; nothing happens when there is none. */
export async function deleteCalendarFeed(
  store: Store,
  tenantId: string,
  userId: string,
): Promise<void> {
  const deletes = await feedKeysOf(store, tenantId, userId);
  if (deletes.length > 0) await kvOf(store).commit({ deletes });
}

async function feedKeysOf(
  store: Store,
  tenantId: string,
  userId: string,
): Promise<Key[]> {
  const prefix = tenantKeys(tenantId).calendarFeeds();
  const found: Key[] = [];
  const rows = kvOf(store).list<CalendarFeed>({ prefix });
  for await (const { key, value } of rows) {
    if (value.userId === userId) found.push(key);
  }
  return found;
}
