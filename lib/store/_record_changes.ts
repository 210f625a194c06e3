import type {
  Opportunity,
  RecordOf,
  StageChange,
  StreamName,
  Tombstone,
} from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import type { KvPort } from "./_kv.ts";
import { staleBodies } from "./_note_bodies.ts";
import {
  type HotPlace,
  recordKey,
  type Row,
  rowsOf,
  type StoredNote,
  type StoredOf,
  type StoredOpportunity,
  toStored,
} from "./_records.ts";
import type { Key, TenantKeys } from "./keys.ts";
import type { StreamIndex } from "./sync_index.ts";

/** Finds an opportunity's place in the hot list; null when it has none. */
export type HotFinder = (opportunity: Opportunity) => Promise<HotPlace | null>;

export interface ApplyOptions {
  runId: string;
  /** When the sync sees the changes, ISO 8601 UTC. */
  at: string;
  /** Needed for opportunities. */
  hotOf?: HotFinder;
}

/** What changes for one record, and the rows that must be written before it (parts of a large note). */
export interface RecordChange extends Change {
  before: Row[];
}

/**
 * Makes the changes of records: the record, its index rows, its tombstone. Old index rows come from the stored
 * record, never from a guess. A record that is removed leaves a tombstone; one that returns takes it away.
 */
export class RecordChanges<S extends StreamName> {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly stream: S,
    private readonly stored: ReadonlyMap<string, StoredOf[S]>,
    private readonly tombstones: ReadonlySet<string>,
    private readonly options: ApplyOptions,
  ) {}

  /** Reads what is stored of the records of `parts` (encoded ids). */
  static async of<S extends StreamName>(
    port: KvPort,
    k: TenantKeys,
    index: StreamIndex & { stream: S },
    { parts, ...options }: ApplyOptions & { parts: readonly string[] },
  ): Promise<RecordChanges<S>> {
    const { stream } = index;
    const known = parts.filter((part) => index.has(part));
    return new RecordChanges(
      port,
      k,
      stream,
      await storedRecords(port, k, stream, known),
      known.length < parts.length
        ? await tombstonesOf(port, k, stream)
        : new Set(),
      options,
    );
  }

  async put(part: string, upserted: RecordOf[S]): Promise<RecordChange> {
    const { k, stream } = this;
    const old = this.stored.get(part) ?? null;
    const hot = stream === "opportunities" && this.options.hotOf
      ? await this.options.hotOf(upserted as Opportunity)
      : null;
    const record = keepFirstStored(old, upserted);
    const { stored, before } = toStored(k, stream, record, hot);
    const rows = rowsOf(k, stream, stored);
    const stale = old ? this.#keysLeft(old, rows) : [];
    const bodies = await this.#bodies(old, stored);
    return {
      before,
      sets: [...rows, ...this.#stageChange(old, stored)],
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
    const { runId, at } = this.options;
    const value: Tombstone = { id: old.id, stream, removedAt: at, run: runId };
    return {
      before: [],
      sets: [{ key: k.tombstone(stream, part), value }],
      deletes: [...this.#keysOf(old), ...await this.#bodies(old, null)],
    };
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

  #stageChange(old: StoredOf[S] | null, next: StoredOf[S]): Row[] {
    if (this.stream !== "opportunities" || !old) return [];
    const { stage: from } = old as StoredOpportunity;
    const { id, stage: to } = next as StoredOpportunity;
    if (from === to) return [];
    const { runId: run, at } = this.options;
    const value: StageChange = { opportunityId: id, from, to, at, run };
    return [{ key: this.k.stageChange(at, id), value }];
  }
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

/** Encoded ids of the records that left; few. */
async function tombstonesOf(
  port: KvPort,
  k: TenantKeys,
  stream: StreamName,
): Promise<Set<string>> {
  const parts = new Set<string>();
  const list = port.list({ prefix: k.tombstones(stream) });
  for await (const { key } of list) parts.add(String(key.at(-1)));
  return parts;
}

/** A record seen again keeps the time at which it was first stored. */
function keepFirstStored<R extends object>(old: object | null, record: R): R {
  return old && "createdAt" in old && "raw" in record
    ? { ...record, createdAt: old.createdAt }
    : record;
}
