import { isoNow } from "../domain/mod.ts";
import { lastHourlyTick } from "../store/mod.ts";
import { hourOf, missedHours } from "./hours.ts";
import type { SyncDeps } from "./sync_deps.ts";
import { markAllDue, type SyncWorker } from "./worker.ts";

/** Retries of a tick that could not reach the database; a failed sync is no failed tick. */
const BACKOFF = [1_000, 10_000, 60_000];
/** How long the five-minute tick leaves the hour to the hourly tick. */
const LATE_MS = 4 * 60_000;

/** What the crons need; `cron` is `Deno.cron` itself, or a test's. */
export interface CronOptions {
  deps: SyncDeps;
  worker: SyncWorker;
  cron: typeof Deno.cron;
  /** Value of DENO_TIMELINE; anything but "production" or nothing means: this is no production. */
  timeline: string | undefined;
  /** Looks at the fleet and tells of trouble; absent where nobody is to be told. */
  watch?: (() => Promise<void>) | undefined;
}

/** Whether the schedule runs here: every branch's timeline has its own copy of the crons, one alone may sync. */
export function isProduction(timeline: string | undefined): boolean {
  return timeline === undefined || timeline === "production";
}

/**
 * Registers the hourly tick, which marks every tenant and drains, and the five-minute tick, which finishes
 * what a crash or an eviction left, and does the hour's work where the hourly tick did not come. Must be called
 * at the top level of main.ts's import graph.
 */
export function registerCrons(options: CronOptions): void {
  const { cron, deps: { store }, timeline, watch } = options;
  // A database that is refused is said once, by whoever opens it, and not with every tick.
  const runs = () => isProduction(timeline) && store.refusal() === null;
  const schedule = createSchedule(options);
  const backoff = { backoffSchedule: BACKOFF };
  cron("sync every tenant", "0 * * * *", backoff, async () => {
    if (runs()) await schedule.hourly();
  });
  cron("finish what is due", "*/5 * * * *", backoff, async () => {
    if (runs()) await schedule.catchUp();
  });
  if (!watch) return;
  // By itself: a cron never overlaps, and a catch-up may take an hour.
  cron("tell of trouble", "*/5 * * * *", backoff, async () => {
    if (runs()) await watch();
  });
}

function createSchedule({ deps, worker }: CronOptions) {
  const { store, clock } = deps;
  /** The hour whose tick has begun in this process; its document stands only when it has ended. */
  let begun = -Infinity;

  async function hourly(): Promise<void> {
    const now = clock.now();
    const startedAt = isoNow(clock);
    const hour = begun = hourOf(now);
    try {
      const last = await lastHourlyTick(store);
      // The same hour twice: who has been synced in it is not synced again.
      const unlessSince = new Date(hour).toISOString();
      await worker.tick({
        kind: "hourly",
        startedAt,
        marked: await markAllDue(deps, { unlessSince }),
        missedHours: missedHours(last?.startedAt ?? null, now),
      });
    } catch (error) {
      if (begun === hour) begun = -Infinity;
      throw error;
    }
  }

  async function hourIsMissing(): Promise<boolean> {
    const hour = hourOf(clock.now());
    if (begun >= hour || clock.now() - hour < LATE_MS) return false;
    const last = await lastHourlyTick(store);
    return last === null || hourOf(Date.parse(last.startedAt)) < hour;
  }

  async function catchUp(): Promise<void> {
    if (await hourIsMissing()) return await hourly();
    await worker.tick({
      kind: "catch_up",
      startedAt: isoNow(clock),
      marked: 0,
      missedHours: 0,
    });
  }

  return { hourly, catchUp };
}
