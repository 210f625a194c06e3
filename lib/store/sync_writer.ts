import type {
  Clock,
  Recent,
  RecordOf,
  StreamName,
  SyncRun,
  SyncState,
} from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import { commitAll } from "./_commit_all.ts";
import { orphanedBodies } from "./_note_bodies.ts";
import type { ApplyOptions } from "./_record_changes.ts";
import { fitsValue, toStored } from "./_records.ts";
import { kvOf, type Store } from "./_store.ts";
import { tenantKeys } from "./keys.ts";
import { Lease } from "./lease.ts";
import {
  keepNotesText,
  type NotesTextJob,
  type NotesTextKept,
} from "./notes_text/keep.ts";
import { quarantineChanges, type Quarantined } from "./quarantine.ts";
import { type RawManifest, rawRoom, RawWriter } from "./raw.ts";
import { type RawSweepOptions, type RawSwept, sweepRaw } from "./raw_sweep.ts";
import { addRecent, addViews } from "./sync/documents.ts";
import { SyncReader } from "./sync/reader.ts";
import {
  applyRecords,
  type HotMove,
  hotMove,
  type Upsert,
} from "./sync/records.ts";
import { finishRun, manifestRow, type RunEnd, startRun } from "./sync/runs.ts";
import type { StreamIndex } from "./sync_index.ts";
import type { DayViews } from "./tenant/views.ts";

/** What one sync may do to a tenant's data. Everything it writes goes through its lease. */
export class SyncWriter extends SyncReader {
  readonly #room = rawRoom();

  /** Takes the tenant's lease; null when it is busy or the tenant is not active. */
  static async open(
    store: Store,
    tenantId: string,
    clock: Clock,
    who: { owner: string; runId: string },
  ): Promise<SyncWriter | null> {
    const port = kvOf(store);
    const k = tenantKeys(tenantId);
    const lease = await Lease.take(port, k, clock, who);
    return lease && new SyncWriter({ port, k, tenantId, lease });
  }

  get lease(): Lease {
    return this.at.lease;
  }

  /**
   * Step 2: the run exists as `running` before anything is asked. `interrupted` names a run that never came
   * to its end: it is closed as failed.
   */
  startRun(
    run: SyncRun,
    state: SyncState,
    interrupted: string | null = null,
  ): Promise<void> {
    return startRun(this.at, run, state, interrupted);
  }

  /**
   * Removes parts of large notes that no note names: an interrupted run may have written parts of a note
   * that was changed or removed upstream before the next run.
   */
  async sweepNoteBodies(): Promise<void> {
    await commitAll(this.lease, await orphanedBodies(this.at.port, this.at.k));
  }

  /** Step 7: figures, state and run switch at once, and the lease is given back. */
  finish(end: RunEnd): Promise<void> {
    return finishRun(this.at, end);
  }

  /** The end of a replay: today's figures and the state switch at once, and the lease is given back. */
  async finishReplay(
    { state, views, version }: {
      /** Null: nothing has changed. */
      state: SyncState | null;
      views: DayViews | null;
      version: string;
    },
  ): Promise<void> {
    const change: Change = { sets: [], deletes: [] };
    if (state) change.sets.push({ key: this.at.k.syncState(), value: state });
    if (views) await addViews(this.at, change, views, version);
    await this.lease.release(change);
  }

  /** The tenant's state between two steps of a replay. */
  putState(state: SyncState): Promise<void> {
    return this.lease.commit({
      sets: [{ key: this.at.k.syncState(), value: state }],
      deletes: [],
    });
  }

  /** The figures of a day, all three at once. `version` names the parts of large ones. */
  async putViews(views: DayViews, version: string): Promise<void> {
    const change: Change = { sets: [], deletes: [] };
    await addViews(this.at, change, views, version);
    await this.lease.commit(change);
  }

  /** Puts what is new, summed up, in place by itself. `version` names the parts of a large one. */
  async putRecent(recent: Recent, version: string): Promise<void> {
    const change: Change = { sets: [], deletes: [] };
    await addRecent(this.at, change, recent, version);
    await this.lease.commit(change);
  }

  /** `small`: what a stream keeps may stand in this run's manifest, see {@linkcode RawWriter}. */
  rawWriter({ small = false }: { small?: boolean } = {}): RawWriter {
    const { port, k } = this.at;
    return new RawWriter(port, k, this.lease, small ? this.#room : undefined);
  }

  /** The manifest of this run so far; written again, whole, as each stream is kept. */
  putManifest(manifest: RawManifest): Promise<void> {
    return this.lease.commit({
      sets: [manifestRow(this.at.k, manifest)],
      deletes: [],
    });
  }

  /** Drops raw that has expired, see {@linkcode sweepRaw}. */
  sweepRaw(options: RawSweepOptions): Promise<RawSwept> {
    return sweepRaw(this.at.port, this.at.k, this.lease, options);
  }

  /** Brings the stored text of the notes up to date, see {@linkcode keepNotesText}. */
  keepNotesText(job: NotesTextJob): Promise<NotesTextKept> {
    return keepNotesText(this.at, job);
  }

  /** Puts rows into quarantine and takes others out. */
  async changeQuarantine(
    stream: StreamName,
    put: Quarantined[],
    release: string[],
  ): Promise<void> {
    const changes = quarantineChanges(this.at.k, stream, put, release);
    await commitAll(this.lease, changes);
  }

  /** Whether a record fits into one value of the database. */
  fits<S extends StreamName>(stream: S, record: RecordOf[S]): boolean {
    const { stored } = toStored(this.at.k, stream, record);
    return fitsValue(stored);
  }

  /**
   * Step 6: writes new and changed records and removes those that are gone (encoded ids), each together
   * with its index rows and its bucket of the sync index. Killed in between, a part of the records is
   * written, each whole, and the index says which.
   */
  apply<S extends StreamName>(
    index: StreamIndex & { stream: S },
    upserts: Upsert<S>[],
    removals: string[],
    options: ApplyOptions,
  ): Promise<void> {
    return applyRecords(this.at, index, upserts, removals, options);
  }

  /** Gives opportunities a new place in the hot list, each record with its row. */
  async moveInHotList(moves: HotMove[]): Promise<void> {
    const changes = moves.map((move) => hotMove(this.at.k, move));
    await commitAll(this.lease, changes);
  }
}
