import {
  addDays,
  dayStart,
  momentOfDay,
  settingsOf,
  STREAMS,
  type SyncRun,
} from "../domain/mod.ts";
import type { DayStanding } from "../sync/mod.ts";
import type { Workspace } from "./state.ts";

/** Runs of a day that are looked at: the last may have been stopped on its way. */
const RUNS = 10;

/**
 * The newest day with figures up to the one that is asked for, as its last sync left it; null where there is none.
 * Two reads, and two more where the day itself had no sync.
 */
export async function readDay(
  { store, sync }: Workspace,
  on: string,
): Promise<DayStanding | null> {
  const found = await viewsUpTo(store, on);
  if (!found) return null;
  const { day, views, computedAt } = found;
  // An earlier release did not write down by which settings it had counted.
  const settings = views.leads?.settings ?? settingsOf(store.tenant);
  const { timezone } = settings;
  const runs = await store.runsBefore(
    dayStart(addDays(day, 1), timezone),
    RUNS,
  );
  const run = lastOf(runs, computedAt);
  const moment = momentOfDay(day, run?.finishedAt ?? computedAt, timezone);
  return {
    day,
    moment,
    views,
    settings,
    sync: {
      ...sync,
      viewDay: day,
      lastSyncAt: new Date(moment).toISOString(),
      status: "success",
      errorMessage: null,
      streams: run?.streams ?? sync.streams,
      prospects: views.leads?.totalLeads ?? 0,
    },
  };
}

async function viewsUpTo(store: Workspace["store"], on: string) {
  let day = on;
  let views = await store.views(day);
  if (!views.kpis) {
    const newest = await store.kpisBefore(on);
    if (!newest) return null;
    day = newest.day;
    views = await store.views(day);
  }
  const { computedAt } = views.leads ?? views.pipeline ?? views.kpis ?? {};
  return computedAt === undefined ? null : { day, views, computedAt };
}

/** The newest run that came to its end, and left the figures that were computed then; of runs, newest first. */
function lastOf(
  runs: readonly SyncRun[],
  computedAt: string,
): SyncRun | undefined {
  return runs.find(({ finishedAt, streams }) =>
    finishedAt !== null && finishedAt >= computedAt &&
    STREAMS.every((stream) => stream in streams)
  );
}
