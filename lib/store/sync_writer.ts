import type {
  Clock,
  Lead,
  Recent,
  RecordOf,
  SalesCycle,
  StandingChange,
  StreamName,
  SyncRun,
  SyncState,
  WeeklyReport,
} from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import { commitAll } from "./_commit_all.ts";
import { oneBehind } from "./_commit_behind.ts";
import { ContactNotes } from "./contact_notes.ts";
import { encodeDoc } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import { orphanedBodies } from "./_note_bodies.ts";
import { PendingBatch } from "./_pending_batch.ts";
import { readRecent } from "./_recent.ts";
import { type ApplyOptions, RecordChanges } from "./_record_changes.ts";
import {
  fitsValue,
  type HotPlace,
  recordKey,
  type Row,
  type StoredOpportunity,
  toStored,
} from "./_records.ts";
import { ErasedPeople } from "./erased.ts";
import { kvOf, type Store } from "./_store.ts";
import { idPart, keys, type TenantKeys, tenantKeys } from "./keys.ts";
import { Lease } from "./lease.ts";
import { lastNoteAt, newestChanges } from "./_history.ts";
import {
  decodeQuarantined,
  encodeQuarantined,
  QUARANTINE_PAGE,
  type Quarantined,
  type StoredQuarantined,
} from "./quarantine.ts";
import {
  type RawChunk,
  type RawManifest,
  RawWriter,
  readRawChunk,
} from "./raw.ts";
import {
  type ManifestName,
  type RawSweepOptions,
  type RawSwept,
  sweepRaw,
} from "./raw_sweep.ts";
import { bucketOf, readStreamIndex, StreamIndex } from "./sync_index.ts";
import type { DayViews } from "./tenant/views.ts";

/** One new or changed record with the content hash that stands for it. */
export interface Upsert<S extends StreamName> {
  record: RecordOf[S];
  /** See `StreamIndex`. */
  hash: string;
}

/** What one sync may do to a tenant's data. Everything it writes goes through its lease. */
export class SyncWriter {
  #erased: Promise<ErasedPeople> | undefined;

  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly tenantId: string,
    readonly lease: Lease,
  ) {}

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
    return lease && new SyncWriter(port, k, tenantId, lease);
  }

  /**
   * Step 2: the run exists as `running` before anything is asked. `interrupted` names a run that never came
   * to its end: it is closed as failed.
   */
  async startRun(
    run: SyncRun,
    state: SyncState,
    interrupted: string | null = null,
  ): Promise<void> {
    const sets: Row[] = [
      { key: this.k.syncRun(run.id), value: run },
      { key: this.k.syncState(), value: state },
    ];
    if (interrupted !== null) {
      const key = this.k.syncRun(interrupted);
      const { value } = await this.port.get<SyncRun>(key);
      if (value?.status === "running") {
        sets.push({ key, value: closed(value, run.startedAt) });
      }
    }
    await this.lease.commit({ sets, deletes: [] });
  }

  /**
   * Removes parts of large notes that no note names: an interrupted run may have written parts of a note
   * that was changed or removed upstream before the next run.
   */
  async sweepNoteBodies(): Promise<void> {
    await commitAll(this.lease, await orphanedBodies(this.port, this.k));
  }

  /** Step 7: figures, state and run switch at once, and the lease is given back. */
  async finish(
    {
      run,
      state,
      views,
      recent = null,
      manifest,
      report = null,
      expired = [],
      keepDue,
    }: {
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
    },
  ): Promise<void> {
    const mark = keys.syncDue(this.tenantId);
    const marked = !keepDue && (await this.port.get(mark)).value !== null;
    const change: Change = {
      sets: [
        { key: this.k.syncRun(run.id), value: run },
      ],
      deletes: marked ? [mark] : [],
    };
    if (manifest) {
      change.sets.push({
        key: this.k.rawSnapshot(manifest.fetchedAt, manifest.runId),
        value: manifest,
      });
    }
    for (const { fetchedAt, runId } of expired) {
      change.deletes.push(this.k.rawSnapshot(fetchedAt, runId));
    }
    if (report) {
      change.sets.push({ key: this.k.report(report.week), value: report });
    }
    if (views) await this.#addViews(change, views, run.id);
    if (recent) await this.#addDoc(change, this.k.recent(), recent, run.id);
    change.sets.push({
      key: this.k.syncState(),
      value: withWrites(state, this.lease.writes + writesOf(change) + 2),
    });
    await this.lease.release(change);
  }

  /** Drops raw that has expired, see {@linkcode sweepRaw}. */
  sweepRaw(options: RawSweepOptions): Promise<RawSwept> {
    return sweepRaw(this.port, this.k, this.lease, options);
  }

  /** The tenant's state between two steps of a replay. */
  putState(state: SyncState): Promise<void> {
    return this.lease.commit({
      sets: [{ key: this.k.syncState(), value: state }],
      deletes: [],
    });
  }

  /** The figures of a day, all three at once. `version` names the parts of large ones. */
  async putViews(views: DayViews, version: string): Promise<void> {
    const change: Change = { sets: [], deletes: [] };
    await this.#addViews(change, views, version);
    await this.lease.commit(change);
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
    if (state) change.sets.push({ key: this.k.syncState(), value: state });
    if (views) await this.#addViews(change, views, version);
    await this.lease.release(change);
  }

  async #addViews(change: Change, views: DayViews, version: string) {
    const docs: [Deno.KvKey, unknown][] = [
      [this.k.leadMetrics(views.leads.day), views.leads],
      [this.k.pipelineView(views.pipeline.day), views.pipeline],
      [this.k.kpis(views.kpis.day), views.kpis],
    ];
    for (const [key, doc] of docs) {
      await this.#addDoc(change, key, doc, version);
    }
  }

  async #addDoc(
    change: Change,
    key: Deno.KvKey,
    doc: unknown,
    version: string,
  ): Promise<void> {
    const { head, parts } = encodeDoc(doc, version);
    for (const { suffix, value } of parts) {
      await this.lease.commit({
        sets: [{ key: [...key, ...suffix], value }],
        deletes: [],
      });
    }
    const old = this.port.list({ prefix: key });
    for await (const row of old) {
      if (row.key[key.length] !== version) change.deletes.push(row.key);
    }
    change.sets.push({ key, value: head });
  }

  /** Puts what is new, summed up, in place by itself. `version` names the parts of a large one. */
  async putRecent(recent: Recent, version: string): Promise<void> {
    const change: Change = { sets: [], deletes: [] };
    await this.#addDoc(change, this.k.recent(), recent, version);
    await this.lease.commit(change);
  }

  /** What syncs of the last days found to be new, as the rows say by now. */
  recent(computedAt: string): Promise<Recent> {
    return readRecent(this.port, this.k, computedAt);
  }

  /** Whether it was summed up before: earlier releases did not. */
  async hasRecent(): Promise<boolean> {
    return (await this.port.get(this.k.recent())).value !== null;
  }

  /** The people whom syncs leave out; read once. */
  erasedPeople(): Promise<ErasedPeople> {
    return this.#erased ??= ErasedPeople.read(this.port, this.k, this.tenantId);
  }

  /** What is stored of a stream. */
  readIndex(stream: StreamName): Promise<StreamIndex> {
    return readStreamIndex(this.port, this.k, stream);
  }

  rawWriter(): RawWriter {
    return new RawWriter(this.port, this.k, this.lease);
  }

  readRaw(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.port, this.k, chunk);
  }

  /** The manifest of this run so far; written again, whole, as each stream is kept. */
  putManifest(manifest: RawManifest): Promise<void> {
    return this.lease.commit({
      sets: [{
        key: this.k.rawSnapshot(manifest.fetchedAt, manifest.runId),
        value: manifest,
      }],
      deletes: [],
    });
  }

  /** Rows in quarantine of a stream, by encoded id. */
  async readQuarantine(stream: StreamName): Promise<Map<string, Quarantined>> {
    const rows = new Map<string, Quarantined>();
    const list = this.port.list<StoredQuarantined>(
      { prefix: this.k.quarantine(stream) },
      { pageSize: QUARANTINE_PAGE },
    );
    for await (const { value } of list) {
      rows.set(idPart(value.id), decodeQuarantined(value));
    }
    return rows;
  }

  /** Puts rows into quarantine and takes others out. */
  async changeQuarantine(
    stream: StreamName,
    put: Quarantined[],
    release: string[],
  ): Promise<void> {
    const changes: Change[] = [
      ...put.map((row) => ({
        sets: [{
          key: this.k.quarantined(stream, row.id),
          value: encodeQuarantined(row),
        }],
        deletes: [],
      })),
      ...release.map((id) => ({
        sets: [],
        deletes: [this.k.quarantined(stream, id)],
      })),
    ];
    await commitAll(this.lease, changes);
  }

  /** Whether a record fits into one value of the database. */
  fits<S extends StreamName>(stream: S, record: RecordOf[S]): boolean {
    const { stored } = toStored(this.k, stream, record);
    return fitsValue(stored);
  }

  /**
   * Step 6: writes new and changed records and removes those that are gone (encoded ids), each together
   * with its index rows and its bucket of the sync index. Killed in between, a part of the records is
   * written, each whole, and the index says which.
   */
  async apply<S extends StreamName>(
    index: StreamIndex & { stream: S },
    upserts: Upsert<S>[],
    removals: string[],
    options: ApplyOptions,
  ): Promise<void> {
    const work = inBucketOrder([
      ...upserts.map((upsert) => ({ part: idPart(upsert.record.id), upsert })),
      ...removals.map((part) => ({ part, upsert: null })),
    ]);
    const changes = await RecordChanges.of(this.port, this.k, index, {
      parts: work.map(({ part }) => part),
      ...options,
    });
    const pending = new PendingBatch(this.k, index);
    await oneBehind(this.lease, async (commit) => {
      for (const { part, upsert } of work) {
        const { before, ...change } = upsert
          ? await changes.put(part, upsert.record)
          : await changes.remove(part);
        if (before.length > 0) {
          await commitAll(
            this.lease,
            before.map((row) => ({ sets: [row], deletes: [] })),
          );
        }
        if (!pending.add(part, upsert?.hash ?? null, change)) {
          await commit(pending.take());
          pending.add(part, upsert?.hash ?? null, change);
        }
      }
      if (!pending.empty) await commit(pending.take());
    });
  }

  /** Gives opportunities a new place in the hot list, each record with its row. */
  async moveInHotList(
    moves: { stored: StoredOpportunity; hot: HotPlace | null }[],
  ): Promise<void> {
    await commitAll(
      this.lease,
      moves.map(({ stored, hot }) => {
        const next: StoredOpportunity = { ...stored, hot };
        const sets: Row[] = [{ key: this.k.opportunity(next.id), value: next }];
        if (hot) {
          sets.push({
            key: this.k.hotListItem(hot.rank, next.id),
            value: hot.item,
          });
        }
        const gone = stored.hot && stored.hot.rank !== hot?.rank
          ? [this.k.hotListItem(stored.hot.rank, next.id)]
          : [];
        return { sets, deletes: gone };
      }),
    );
  }

  /** When a stored record (by its encoded id) was last changed upstream; null where that is not known. */
  async updatedAt(stream: StreamName, part: string): Promise<string | null> {
    const { value } = await this.port.get<{ updatedAt?: string | null }>(
      recordKey(this.k, stream, part),
    );
    return value?.updatedAt ?? null;
  }

  async cycles(): Promise<SalesCycle[]> {
    const cycles: SalesCycle[] = [];
    const list = this.port.list<SalesCycle>({ prefix: this.k.cycles() });
    for await (const { value } of list) cycles.push(value);
    return cycles;
  }

  async *leads(): AsyncGenerator<Lead> {
    const list = this.port.list<Lead>({ prefix: this.k.leads() });
    for await (const { value } of list) yield value;
  }

  async *opportunities(): AsyncGenerator<StoredOpportunity> {
    const list = this.port.list<StoredOpportunity>({
      prefix: this.k.opportunities(),
    });
    for await (const { value } of list) yield value;
  }

  async lead(id: string): Promise<Lead | null> {
    return (await this.port.get<Lead>(this.k.lead(id))).value;
  }

  /** The newest changes of opportunities, the newest first. */
  newestChanges(limit: number): AsyncGenerator<StandingChange> {
    return newestChanges(this.port, this.k, limit);
  }

  /** When the last note about a person was written, ISO 8601 UTC; null where there is none. */
  lastNoteAt(contactId: string): Promise<string | null> {
    return lastNoteAt(this.port, this.k, contactId);
  }

  /** The stored notes by their contacts. */
  get contactNotes(): ContactNotes {
    return new ContactNotes(this.port, this.k);
  }

  /** Encoded ids of the activities between two instants, `from` included (ISO 8601 UTC). */
  async activitiesBetween(from: string, to: string): Promise<string[]> {
    const prefix = this.k.activitiesByDate();
    const parts: string[] = [];
    const list = this.port.list({
      start: [...prefix, from],
      end: [...prefix, to],
    });
    for await (const { key } of list) parts.push(String(key.at(-1)));
    return parts;
  }
}

/** What belongs into one bucket stands together, so that few operations write the same bucket. */
function inBucketOrder<W extends { part: string }>(work: W[]): W[] {
  const buckets: W[][] = [];
  for (const one of work) (buckets[bucketOf(one.part)] ??= []).push(one);
  return buckets.flat();
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
