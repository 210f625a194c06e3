import { mondayOf, type StreamName, STREAMS } from "../domain/mod.ts";
import type { RawManifest, RawSwept } from "../store/mod.ts";
import { changesOf } from "./_outcome.ts";
import type { RunContext } from "./_run.ts";
import type { StreamOutcome } from "./_stream.ts";

export const DEFAULT_RETENTION_DAYS = 90;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Writes that an hour without changes may make, and those that its run makes before and after the sweep. */
const BUDGET = 12;
const RUN_COST = 8;
/** Writes for the sweep in an hour with changes, for each of them: at least as many as the change will cost it later. */
const WRITES_A_CHANGE = 2;
/** Hours whose budgets a run after a pause may use at once. */
const MAX_HOURS = 24;

/** What the run did before its sweep. */
export interface BeforeSweep {
  outcomes: ReadonlyMap<StreamName, StreamOutcome>;
  manifest: RawManifest;
  /** Documents that the last commit writes beside run, state and manifest. */
  documents: number;
  /** Whether the latest run never came to its end. */
  interrupted: boolean;
  /** Whether this one was stopped on its way: it then leaves the sweep to the next. */
  stopped: boolean;
  retentionDays: number | undefined;
}

/** What the run's last commit has to do for the sweep. */
export interface AfterSweep extends Pick<RawSwept, "expired"> {
  cursor: { rawSweptDay: string | null; rawKeptFrom: string | null };
}

/**
 * Sweeps raw after a run that came to its end, within the writes that an hour may cost: lightly in every run,
 * whole once a day in one that stored no baseline; and after an interruption looks for chunks that nothing names.
 */
export async function sweepAfterRun(
  run: RunContext,
  done: BeforeSweep,
): Promise<AfterSweep> {
  const { full, before: { cursor, streams }, day } = run;
  const { interrupted, retentionDays = DEFAULT_RETENTION_DAYS } = done;
  const { rawSweptDay: sweptDay = null, rawKeptFrom: keptFrom = null } = cursor;
  if (done.stopped) {
    return {
      expired: [],
      cursor: { rawSweptDay: sweptDay, rawKeptFrom: keptFrom },
    };
  }
  const allowance = allowanceOf(run, done);
  const deep = full || (sweptDay !== day && allowance > 0);
  const newWeek = sweptDay !== null && mondayOf(sweptDay) !== mondayOf(day);
  const swept = await run.writer.sweepRaw({
    before: new Date(run.startedMs - retentionDays * DAY_MS).toISOString(),
    own: done.manifest,
    needed: STREAMS.filter((stream) =>
      streams[stream]?.lastSuccessAt &&
      streams[stream].status !== "not_connected"
    ),
    // An hour after an interruption is none without changes.
    allowance: full || interrupted ? Infinity : allowance,
    deep,
    orphans: full || interrupted || (deep && newWeek),
  });
  return {
    expired: swept.expired,
    cursor: {
      rawSweptDay: deep && swept.done ? day : sweptDay,
      rawKeptFrom: (swept.keptFrom ?? "") > (keptFrom ?? "")
        ? swept.keptFrom
        : keptFrom,
    },
  };
}

/** Writes that are left for the sweep: the budget is one of each hour, so that a run after a pause has more. */
function allowanceOf(
  { startedMs, before }: RunContext,
  { outcomes, documents }: BeforeSweep,
): number {
  const since = before.startedAt === null
    ? startedMs
    : Date.parse(before.startedAt);
  const hours = Math.floor((startedMs - since) / HOUR_MS);
  const pause = Math.min(Math.max(hours, 1), MAX_HOURS) - 1;
  let changes = 0;
  let baseline = false;
  for (const outcome of outcomes.values()) {
    changes += changesOf(outcome);
    baseline ||= outcome.raw?.kind === "baseline";
  }
  const now = baseline
    ? 0
    : Math.max(0, BUDGET - RUN_COST - documents) + WRITES_A_CHANGE * changes;
  return now + pause * BUDGET;
}
