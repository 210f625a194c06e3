import type {
  Recent,
  SyncRun,
  SyncState,
  WeeklyReport,
} from "../../domain/mod.ts";
import type { Change } from "../_batch.ts";
import type { Row } from "../_records.ts";
import { type Key, keys, type TenantKeys } from "../keys.ts";
import type { RawManifest } from "../raw.ts";
import type { ManifestName } from "../raw_sweep.ts";
import type { DayViews } from "../tenant/views.ts";
import { addRecent, addViews } from "./documents.ts";
import type { Leased } from "./leased.ts";

/** What the last commit of a run puts in place. */
export interface RunEnd {
  run: SyncRun;
  state: SyncState;
  /** Null: today's figures stay as they are. */
  views: DayViews | null;
  /** Null: nothing has changed. */
  recent?: Recent | null;
  /** Null: nothing was read. */
  manifest: RawManifest | null;
  /** The report of a week that is over. */
  report?: WeeklyReport | null;
  /** Manifests that the sweep leaves to this commit. */
  expired?: readonly ManifestName[];
  /** Leave the tenant marked as due: there is more to do. */
  keepDue: boolean;
}

/** Writes that a run exists, and closes as failed the one before it that was interrupted. */
export async function startRun(
  { port, k, lease }: Leased,
  run: SyncRun,
  state: SyncState,
  interrupted: string | null,
): Promise<void> {
  const sets: Row[] = [
    { key: k.syncRun(run.id), value: run },
    { key: k.syncState(), value: state },
  ];
  if (interrupted !== null) {
    const key = k.syncRun(interrupted);
    const { value } = await port.get<SyncRun>(key);
    if (value?.status === "running") {
      sets.push({ key, value: closed(value, run.startedAt) });
    }
  }
  await lease.commit({ sets, deletes: [] });
}

/** The last commit of a run, which gives the lease back. */
export async function finishRun(at: Leased, end: RunEnd): Promise<void> {
  const { k, lease } = at;
  const { run, state, views, recent, manifest, report, expired = [] } = end;
  const change: Change = {
    sets: [{ key: k.syncRun(run.id), value: run }],
    deletes: end.keepDue ? [] : await dueMark(at),
  };
  if (manifest) change.sets.push(manifestRow(k, manifest));
  for (const { fetchedAt, runId } of expired) {
    change.deletes.push(k.rawSnapshot(fetchedAt, runId));
  }
  if (report) change.sets.push({ key: k.report(report.week), value: report });
  if (views) await addViews(at, change, views, run.id);
  if (recent) await addRecent(at, change, recent, run.id);
  change.sets.push({
    key: k.syncState(),
    value: withWrites(state, lease.writes + writesOf(change) + 2),
  });
  await lease.release(change);
}

/** The row of what a run has kept of raw. */
export function manifestRow(k: TenantKeys, manifest: RawManifest): Row {
  return {
    key: k.rawSnapshot(manifest.fetchedAt, manifest.runId),
    value: manifest,
  };
}

async function dueMark({ port, tenantId }: Leased): Promise<Key[]> {
  const mark = keys.syncDue(tenantId);
  return (await port.get(mark)).value === null ? [] : [mark];
}

function writesOf({ sets, deletes }: Change): number {
  return sets.length + deletes.length;
}

/** The state with what its run cost: this commit, with the state itself and the lease that it gives back, is known. */
function withWrites(state: SyncState, kvWrites: number): SyncState {
  return state.lastRun
    ? { ...state, lastRun: { ...state.lastRun, kvWrites } }
    : state;
}

function closed(run: SyncRun, at: string): SyncRun {
  return {
    ...run,
    status: "failed",
    finishedAt: at,
    errorMessage: "The sync was interrupted; the next one goes on",
  };
}
