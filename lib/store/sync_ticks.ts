import { kvOf, type Store } from "./_store.ts";
import { keys, prefixes } from "./keys.ts";

/** `["sync_ticks", startedAt]`: what one tick of the schedule did. */
export interface SyncTick {
  /** `hourly`: every tenant; `catch_up`: what was left over; `asked`: somebody asked for it. */
  kind: "hourly" | "catch_up" | "asked";
  /** ISO 8601 UTC, as all times here. */
  startedAt: string;
  finishedAt: string;
  /** Tenants that the tick found due at its beginning and marked. */
  marked: number;
  /** Tenants synced, failed and found busy. One that stays unfinished counts as failed. */
  synced: number;
  failed: number;
  busy: number;
  /** Runs ended before their end: by their time slice, their deadline, or the portal's stopping. */
  cut: number;
  recordsUpdated: number;
  /** Full hours before this one that had no hourly tick. */
  missedHours: number;
  /** By slug, the first 20. */
  failures: { tenant: string; message: string }[];
  /** The tenant that took the longest, all its runs together. */
  slowest: { tenant: string; ms: number } | null;
}

/** How long a tick's document is kept. */
const KEPT_MS = 7 * 86_400_000;
/** Old documents removed with each new one: many more than a tick brings. */
const SWEEP = 500;
const PAGE = 100;

/**
 * Writes a tick's document and removes those that are older than seven days. Two runners may tick in the same
 * millisecond: the later document then stands under the next free one.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function putSyncTick(store: Store, tick: SyncTick): Promise<void> {
  const kv = kvOf(store);
  const deletes = await oldTicks(store, Date.parse(tick.startedAt) - KEPT_MS);
  for (let ms = Date.parse(tick.startedAt);; ms++) {
    const startedAt = new Date(ms).toISOString();
    const key = keys.syncTick(startedAt);
    const value = { ...tick, startedAt };
    const { ok } = await kv.commit({
      checks: [{ key, versionstamp: null }],
      sets: [{ key, value }],
      deletes,
    });
    if (ok) return;
    // A remote database may refuse what it has applied, having lost its own answer.
    const standing = (await kv.get(key)).value;
    if (JSON.stringify(standing) === JSON.stringify(value)) return;
  }
}

async function oldTicks(store: Store, before: number): Promise<Deno.KvKey[]> {
  const range = {
    start: prefixes.syncTicks(),
    end: keys.syncTick(new Date(before).toISOString()),
  };
  const list = kvOf(store).list(range, { limit: SWEEP });
  return (await Array.fromAsync(list)).map(({ key }) => key);
}

/** Ticks, newest first. */
export async function listSyncTicks(
  store: Store,
  limit: number,
): Promise<SyncTick[]> {
  const list = kvOf(store).list<SyncTick>({ prefix: prefixes.syncTicks() }, {
    limit,
    reverse: true,
  });
  return (await Array.fromAsync(list)).map(({ value }) => value);
}

/** The newest tick of the hourly kind, or null. */
export async function lastHourlyTick(store: Store): Promise<SyncTick | null> {
  const list = kvOf(store).list<SyncTick>({ prefix: prefixes.syncTicks() }, {
    reverse: true,
    pageSize: PAGE,
  });
  for await (const { value } of list) {
    if (value.kind === "hourly") return value;
  }
  return null;
}
