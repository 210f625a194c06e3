import { type Clock, isoNow, type SyncRun } from "../domain/mod.ts";
import type { TenantStore } from "../store/mod.ts";
import { type Figures, figuresKey } from "./_figures.ts";
import { stateAfter } from "./_outcome.ts";
import { NOTES_TEXT_FROM, notesTextAfterRun } from "./_notes_text.ts";
import { isAfterInterruption, type RunContext } from "./_run.ts";
import { figuresDue, recentDue } from "./_run_figures.ts";
import { RunStreams } from "./_run_streams.ts";
import { sweepAfterRun } from "./_sweep.ts";
import { dueWeek } from "./_week.ts";
import type { SyncObserver } from "./sync_deps.ts";

/** What a run needs besides its context. */
export interface RunDeps {
  clock: Clock;
  observer?: SyncObserver | undefined;
  /** Days for which raw is kept, 90 unless told. */
  snapshotRetentionDays?: number | undefined;
  /** Notes of a tenant from which on their text is stored, 5,000 unless told. */
  notesTextFrom?: number | undefined;
}

/** One run, after its lease was taken: begun, its streams read, figures, end. Gives the run's record as it ended. */
export async function runSteps(
  deps: RunDeps,
  reader: TenantStore,
  run: RunContext,
): Promise<SyncRun> {
  const record = await begin(run);
  const streams = new RunStreams(run, deps.observer);
  const stopped = await streams.read();
  const figures = stopped
    ? null
    : await figuresDue(run, reader, streams.outcomes, deps.clock);
  return await finish(deps, reader, run, { record, streams, stopped, figures });
}

/** The run's record as it begins; parts of notes that an interrupted run has left are gone then. */
async function begin(run: RunContext): Promise<SyncRun> {
  const record: SyncRun = {
    id: run.runId,
    startedAt: run.startedAt,
    finishedAt: null,
    status: "running",
    recordsUpdated: 0,
    errorMessage: null,
    streams: {},
  };
  const interrupted = isAfterInterruption(run);
  await run.writer.startRun(record, {
    ...run.before,
    runId: run.runId,
    status: "running",
    startedAt: run.startedAt,
    finishedAt: null,
    errorMessage: null,
  }, interrupted ? run.before.runId : null);
  if (interrupted) await run.writer.sweepNoteBodies();
  return record;
}

/** What a run has come to before its last commit. */
interface RunSoFar {
  record: SyncRun;
  streams: RunStreams;
  /** Why it stopped before its end, or null. */
  stopped: string | null;
  figures: Figures | null;
}

async function finish(
  deps: RunDeps,
  reader: TenantStore,
  run: RunContext,
  { streams: { outcomes, manifest }, stopped, figures, ...begun }: RunSoFar,
): Promise<SyncRun> {
  const { viewDay, firstViewDay } = run.before;
  const { state, record } = stateAfter({
    run,
    outcomes,
    record: begun.record,
    figures,
    figuresKey: figuresKey(run.tenant),
    finishedAt: isoNow(deps.clock),
    // What an earlier release has left is looked up once.
    firstViewDay: viewDay === null
      ? null
      : firstViewDay ?? await reader.firstViewDay(),
    stopped,
  });
  const week = stopped === null
    ? await dueWeek(run, reader, figures?.views ?? null)
    : null;
  const reportWeek = week?.week ?? run.before.cursor.reportWeek ?? null;
  const recent = await recentDue(run, outcomes, record);
  const documents = (figures ? 3 : 0) + (week?.report ? 1 : 0) +
    (recent ? 1 : 0);
  const swept = await sweepAfterRun(run, {
    outcomes,
    manifest,
    documents,
    interrupted: isAfterInterruption(run),
    stopped: stopped !== null,
    retentionDays: deps.snapshotRetentionDays,
  });
  const notesText = await notesTextAfterRun(run, {
    notes: outcomes.get("notes"),
    stored: state.counts.notes ?? 0,
    recordsUpdated: record.recordsUpdated,
    others: documents + swept.expired.length,
    dataVersion: state.dataVersion,
    stopped: stopped !== null,
    from: deps.notesTextFrom ?? NOTES_TEXT_FROM,
  });
  await run.writer.finish({
    run: record,
    state: {
      ...state,
      cursor: {
        ...state.cursor,
        reportWeek,
        ...swept.cursor,
        ...notesText ? { notesText } : {},
      },
    },
    expired: swept.expired,
    views: figures?.views ?? null,
    recent,
    manifest: Object.keys(manifest.streams).length > 0
      ? { ...manifest, finished: stopped === null }
      : null,
    report: week?.report ?? null,
    keepDue: stopped !== null,
  });
  return record;
}
