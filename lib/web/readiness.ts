import type { Clock } from "../domain/mod.ts";
import { lastHourlyTick, type Store, storeReadiness } from "../store/mod.ts";

const HOUR_MS = 3_600_000;
/** A tick leaves its row when it has ended: one that takes the whole hour is not missed yet. */
const MISSED_MS = 2 * HOUR_MS;

/** The schedule of this process. */
export interface Schedule {
  /** Epoch milliseconds: ticks before it were not this process's to make. */
  since: number;
}

/** The body of `GET /api/ready`: true or false for each thing that must be right, and for all of them. */
export interface Readiness {
  ok: boolean;
  kv: boolean;
  schema: boolean;
  storeId: boolean;
  /** The last hourly tick came; only where this process runs the schedule. */
  tick?: boolean;
}

/** Whether this process can do its work now. Never throws. */
export async function readiness(
  { store, clock, schedule }: {
    store: Store;
    clock: Clock;
    schedule?: Schedule;
  },
): Promise<Readiness> {
  const checks = {
    ...await storeReadiness(store),
    ...schedule ? { tick: await hasTicked(store, schedule, clock.now()) } : {},
  };
  return { ok: Object.values(checks).every(Boolean), ...checks };
}

async function hasTicked(
  store: Store,
  { since }: Schedule,
  now: number,
): Promise<boolean> {
  // A process that has just begun is given the time to tick.
  if (now - since <= MISSED_MS) return true;
  try {
    const last = await lastHourlyTick(store);
    return last !== null && now - Date.parse(last.startedAt) <= MISSED_MS;
  } catch {
    return false;
  }
}
