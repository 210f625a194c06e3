import {
  follow,
  type Followed,
  FOLLOWED_STREAMS,
  type FollowedStream,
  followGone,
  type Lead,
  type Opportunity,
  type RecordOf,
  type Standing,
  type StreamName,
  type Tombstone,
  type Trail,
} from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import type { KvPort } from "./_kv.ts";
import { staleBodies } from "./_note_bodies.ts";
import {
  type HotPlace,
  recordKey,
  type Row,
  rowsOf,
  type StoredLead,
  type StoredNote,
  type StoredOf,
  type StoredOpportunity,
  toStored,
} from "./_records.ts";
import { newsOf, type NewsOptions } from "./_recent.ts";
import type { Key, TenantKeys } from "./keys.ts";
import type { StreamIndex } from "./sync_index.ts";

/** An opportunity's place in the hot list; null when it has none. */
export type PlaceOf = (
  opportunity: Opportunity & { trail?: Trail },
) => HotPlace | null;

/** Looks up what the places of some opportunities depend on, all at once. */
export type HotFinder = (
  opportunities: readonly Opportunity[],
) => Promise<PlaceOf>;

export interface ApplyOptions extends NewsOptions {
  runId: string;
  /** Needed for opportunities. */
  hotOf?: HotFinder;
  /**
   * When the last complete snapshot of the stream before was taken, ISO 8601 UTC: what is new since has arrived.
   * Null: there was none, or what comes is not to be taken for an arrival.
   */
  lastSnapshotAt?: string | null;
  /** Removals leave no history behind. */
  forget?: boolean;
}

/** What changes for one record, and the rows that must be written before it (parts of a large note). */
export interface RecordChange extends Change {
  before: Row[];
}

/**
 * Makes the changes of records: the record, its index rows, its tombstone, its history. Old index rows come from the
 * stored record, never from a guess. A record that is removed leaves a tombstone; one that returns takes it away.
 */
export class RecordChanges<S extends StreamName> {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly stream: S,
    private readonly stored: ReadonlyMap<string, StoredOf[S]>,
    private readonly tombstones: ReadonlyMap<string, Tombstone>,
    private readonly placeOf: PlaceOf,
    private readonly options: ApplyOptions,
  ) {}

  /**
   * Reads what the changes of these records depend on.
   *
   * @param work records by their encoded ids; null where one is to be removed
   */
  static async of<S extends StreamName>(
    port: KvPort,
    k: TenantKeys,
    index: StreamIndex & { stream: S },
    work: readonly { part: string; record: RecordOf[S] | null }[],
    options: ApplyOptions,
  ): Promise<RecordChanges<S>> {
    const { stream } = index;
    const parts = work.map(({ part }) => part);
    const known = parts.filter((part) => index.has(part));
    const { hotOf } = options;
    return new RecordChanges(
      port,
      k,
      stream,
      await storedRecords(port, k, stream, known),
      known.length < parts.length
        ? await tombstonesOf(port, k, stream)
        : new Map(),
      stream === "opportunities" && hotOf
        ? await hotOf(
          work.flatMap(({ record }) =>
            record === null ? [] : [record as Opportunity]
          ),
        )
        : () => null,
      options,
    );
  }

  async put(part: string, upserted: RecordOf[S]): Promise<RecordChange> {
    const { k, stream } = this;
    const old = this.stored.get(part) ?? null;
    const record = keepFirstStored(old, upserted);
    const followed = this.#follow(part, record);
    const { trail = null } = followed ?? {};
    const hot = this.#hotOf(record, trail);
    const { stored, before } = toStored(k, stream, record, { hot, trail });
    const rows = rowsOf(k, stream, stored);
    const stale = old ? this.#keysLeft(old, rows) : [];
    const bodies = await this.#bodies(old, stored);
    return {
      before,
      sets: [
        ...rows,
        ...this.#historyRow(part, followed),
        ...this.#news(part, old, record),
      ],
      deletes: [
        ...stale,
        ...bodies,
        ...this.tombstones.has(part) ? [k.tombstone(stream, part)] : [],
      ],
    };
  }

  async remove(part: string): Promise<RecordChange> {
    const { k, stream } = this;
    const old = this.stored.get(part) ?? null;
    if (!old) return { before: [], sets: [], deletes: [] };
    const { runId, at, forget } = this.options;
    const followed = isFollowed(stream) && !forget
      ? followGone(knownOf(stream, old as StoredFollowed), { at, run: runId })
      : null;
    const value: Tombstone = {
      ...{ id: old.id, stream, removedAt: at, run: runId },
      ...followed ? { trail: followed.trail } : {},
    };
    return {
      before: [],
      sets: [
        { key: k.tombstone(stream, part), value },
        ...this.#historyRow(part, followed),
        ...this.#news(part, old, null),
      ],
      deletes: [...this.#keysOf(old), ...await this.#bodies(old, null)],
    };
  }

  #hotOf(record: RecordOf[S], trail: Trail | null): HotPlace | null {
    if (this.stream !== "opportunities") return null;
    const opportunity = record as Opportunity;
    return this.placeOf(trail ? { ...opportunity, trail } : opportunity);
  }

  #follow(part: string, record: RecordOf[S]): Followed | null {
    const { stream } = this;
    if (!isFollowed(stream)) return null;
    const { runId: run, at, lastSnapshotAt = null } = this.options;
    const now = record as Lead | Opportunity;
    const old = this.stored.get(part) as StoredFollowed | undefined;
    const gone = this.tombstones.get(part);
    const before = old
      ? knownOf(stream, old)
      : gone
      ? { standing: null, trail: gone.trail ?? null }
      : null;
    const { id, createdAt } = now;
    const standing = standingOf(stream, now);
    return follow(before, { id, standing, createdAt, at, run, lastSnapshotAt });
  }

  #historyRow(part: string, followed: Followed | null): Row[] {
    const { stream } = this;
    if (!followed?.change || !isFollowed(stream)) return [];
    const { change } = followed;
    const key = this.k.standingChange(stream, change.at, part);
    return [{ key, value: change }];
  }

  #news(part: string, before: object | null, after: object | null): Row[] {
    const returned = this.tombstones.has(part);
    const about = { before, after, returned };
    return newsOf(this.k, this.stream, about, this.options);
  }

  #keysOf(stored: StoredOf[S]): Key[] {
    return rowsOf(this.k, this.stream, stored).map(({ key }) => key);
  }

  /** Keys of the old version that none of the new rows stands under. */
  #keysLeft(old: StoredOf[S], rows: readonly Row[]): Key[] {
    const kept = new Set(rows.map(({ key }) => key.join("\0")));
    return this.#keysOf(old).filter((key) => !kept.has(key.join("\0")));
  }

  async #bodies(old: StoredOf[S] | null, next: StoredOf[S] | null) {
    if (this.stream !== "notes") return [];
    return await staleBodies(
      this.port,
      this.k,
      old as StoredNote | null,
      next as StoredNote | null,
    );
  }
}

type StoredFollowed = StoredLead | StoredOpportunity;

function isFollowed(stream: StreamName): stream is FollowedStream {
  return (FOLLOWED_STREAMS as readonly string[]).includes(stream);
}

/** Money is followed by the opportunity alone. */
function standingOf(
  stream: FollowedStream,
  { stage, contactType, dealSizeCents }: Lead | Opportunity,
): Standing {
  return stream === "opportunities"
    ? { stage, contactType, dealSizeCents }
    : { stage, contactType };
}

function knownOf(stream: FollowedStream, old: StoredFollowed) {
  const standing = standingOf(stream, old);
  return { id: old.id, standing, trail: old.trail ?? null };
}

async function storedRecords<S extends StreamName>(
  port: KvPort,
  k: TenantKeys,
  stream: S,
  parts: string[],
): Promise<Map<string, StoredOf[S]>> {
  const entries = await port.getMany<StoredOf[S]>(
    parts.map((part) => recordKey(k, stream, part)),
  );
  const records = new Map<string, StoredOf[S]>();
  entries.forEach(({ value }, i) => {
    if (value !== null) records.set(parts[i]!, value);
  });
  return records;
}

/** The records that left, by encoded id; few. */
async function tombstonesOf(
  port: KvPort,
  k: TenantKeys,
  stream: StreamName,
): Promise<Map<string, Tombstone>> {
  const gone = new Map<string, Tombstone>();
  const list = port.list<Tombstone>({ prefix: k.tombstones(stream) });
  for await (const { key, value } of list) gone.set(String(key.at(-1)), value);
  return gone;
}

/** A record seen again keeps the time at which it was first stored. */
function keepFirstStored<R extends object>(old: object | null, record: R): R {
  return old && "createdAt" in old && "raw" in record
    ? { ...record, createdAt: old.createdAt }
    : record;
}
