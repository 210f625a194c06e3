import { configure, type LogRecord, reset } from "@logtape/logtape";
import { listSyncTicks, type SyncTick } from "../../lib/store/mod.ts";
import {
  createSyncWorker,
  registerCrons,
  type SyncDeps,
  type SyncWorker,
} from "../../lib/sync/mod.ts";
import { createRig, type RigOptions, type SyncRig } from "../_sync.ts";

/** A cron as it was registered. */
export interface RegisteredCron {
  name: string;
  schedule: string;
  backoff: number[] | undefined;
  /** What the platform calls; rejects where it would try again. */
  tick(): Promise<void>;
}

/** Registers the crons on a table instead of the platform: the hourly, the five-minute one, and the watch's. */
export function cronTable(
  deps: SyncDeps,
  worker: SyncWorker,
  timeline?: string,
  watch?: () => Promise<void>,
): [
  hourly: RegisteredCron,
  fiveMinutes: RegisteredCron,
  ...watch: RegisteredCron[],
] {
  const table: RegisteredCron[] = [];
  const cron = (
    name: string,
    schedule: string,
    { backoffSchedule }: { backoffSchedule?: number[] },
    handler: () => void | Promise<void>,
  ) => {
    const tick = async () => await handler();
    table.push({ name, schedule, backoff: backoffSchedule, tick });
    return Promise.resolve();
  };
  registerCrons({
    deps,
    worker,
    cron: cron as typeof Deno.cron,
    timeline,
    watch,
  });
  const [hourly, fiveMinutes, ...others] = table;
  return [hourly!, fiveMinutes!, ...others];
}

/** A portal whose schedule a test ticks by hand. */
export interface ScheduleRig extends SyncRig {
  worker: SyncWorker;
  hourly(): Promise<void>;
  fiveMinutes(): Promise<void>;
  /** Tick documents, newest first. */
  ticks(): Promise<SyncTick[]>;
  runs(tenantId: string): Promise<number>;
}

export interface ScheduleOptions extends RigOptions {
  concurrency?: number;
  timeline?: string;
  /** What differs from the rig's own. */
  deps?: Partial<SyncDeps>;
}

export async function createScheduleRig(
  { concurrency = 1, timeline, deps: others, ...options }: ScheduleOptions = {},
): Promise<ScheduleRig> {
  const rig = await createRig(options);
  const deps = { ...rig.deps, ...others };
  const worker = createSyncWorker(deps, { concurrency });
  const [hourly, fiveMinutes] = cronTable(deps, worker, timeline);
  return Object.assign(rig, {
    worker,
    hourly: hourly.tick,
    fiveMinutes: fiveMinutes.tick,
    ticks: () => listSyncTicks(rig.store, 1_000),
    runs: async (tenantId: string) => {
      const prefix = ["t", tenantId, "sync_runs"];
      return (await Array.fromAsync(rig.kv.list({ prefix }))).length;
    },
  });
}

/** What the sync logs while `work` is under way. */
export async function logged(
  work: () => Promise<void>,
  category = ["tetherboard", "sync"],
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { records: (record) => void records.push(record) },
    loggers: [
      { category, lowestLevel: "debug", sinks: ["records"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  try {
    await work();
  } finally {
    await reset();
  }
  return records;
}

/** The web key of a request. */
export const keyOf = (init: RequestInit) =>
  new Headers(init.headers).get("x-web-key");

/** Resolves when `done` answers true, letting other work go on; for work on a clock that stands still. */
export async function until(
  done: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!await done()) await new Promise((resolve) => setTimeout(resolve));
}
