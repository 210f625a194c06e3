import { type Clock, fleetEntries, type FleetEntry } from "../domain/mod.ts";
import { lastHourlyTick, listFleet, type Store } from "../store/mod.ts";

/** The fleet as it stood a few seconds ago at most. */
export interface Fleet {
  /** When it was read, epoch milliseconds. */
  at: number;
  /** The worst first. */
  entries: readonly FleetEntry[];
  /** When the last hourly tick began, ISO 8601 UTC; null before the first. */
  lastTickAt: string | null;
}

/** A fleet of 1,000 tenants is 300 reads: whoever asks within this time is answered with the same. */
const KEPT_MS = 10_000;

const kept = new WeakMap<Store, { at: number; fleet: Promise<Fleet> }>();

/**
 * Every tenant and how it stands, for the agency alone. Read at most once in ten seconds by a process.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function readFleet(store: Store, clock: Clock): Promise<Fleet> {
  const at = clock.now();
  const known = kept.get(store);
  if (known && Math.abs(at - known.at) < KEPT_MS) return await known.fleet;
  const fleet = read(store, at);
  const mine = { at, fleet };
  kept.set(store, mine);
  try {
    return await fleet;
  } catch (error) {
    // What failed is not kept.
    if (kept.get(store) === mine) kept.delete(store);
    throw error;
  }
}

async function read(store: Store, at: number): Promise<Fleet> {
  const [rows, tick] = await Promise.all([
    listFleet(store),
    lastHourlyTick(store),
  ]);
  const entries = fleetEntries(rows, at);
  return { at, entries, lastTickAt: tick?.startedAt ?? null };
}
