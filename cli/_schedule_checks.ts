import {
  lastHourlyTick,
  listSyncTicks,
  type TenantListing,
} from "../lib/store/mod.ts";
import { hoursWithoutTick } from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Age of the last hourly tick above which the schedule is taken for dead. */
const DEAD_MS = 2 * HOUR_MS;
/** More ticks than a day brings: one an hour, one every five minutes, and those that people ask for. */
const TICKS_OF_A_DAY = 1_000;

/**
 * Whether the hourly tick comes: when the last one was, and how many of the last 24 hours had none. Nothing is
 * wrong where no brand waits for it, or where the portal has not ticked yet.
 */
export async function scheduleChecks(
  { store, clock }: Pick<Portal, "store" | "clock">,
  tenants: readonly TenantListing[],
): Promise<{ name: string; ok: boolean; detail: string }[]> {
  const name = "schedule";
  const last = await lastHourlyTick(store);
  if (!last) {
    const detail = "no hourly tick yet; the portal ticks while it is running";
    return [{ name, ok: true, detail }];
  }
  const now = clock.now();
  const age = Math.max(0, now - Date.parse(last.startedAt));
  const isAwaited = tenants.some(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  );
  const ok = age <= DEAD_MS || !isAwaited;
  const hourly = (await listSyncTicks(store, TICKS_OF_A_DAY)).filter((
    { kind },
  ) => kind === "hourly");
  const missing = hoursWithoutTick(
    hourly.map(({ startedAt }) => startedAt),
    now,
  );
  const detail =
    `last hourly tick ${ageText(age)} ago, at ${last.startedAt}; ` +
    `hours without one, of the last 24: ${missing}` +
    (ok ? "" : ". Is the portal running?");
  return [{ name, ok, detail }];
}

/** "12 min", "3 h 05 min". */
function ageText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 60) return `${minutes} min`;
  const rest = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)} h ${rest} min`;
}
