import { type Clock, type StreamName, STREAMS } from "../domain/mod.ts";
import type { SyncState } from "../domain/mod.ts";
import { auditRow } from "./_audit_row.ts";
import type { Change } from "./_batch.ts";
import { commitAll } from "./_commit_all.ts";
import type { KvPort } from "./_kv.ts";
import { recordKey } from "./_records.ts";
import { kvOf, type Store } from "./_store.ts";
import {
  auditEntries,
  type AuditEntry,
  type NewAuditEntry,
} from "./audit_log.ts";
import { idPart, type Key, type TenantKeys, tenantKeys } from "./keys.ts";
import type { Lease } from "./lease.ts";
import {
  type RawChunk,
  type RawManifest,
  type RawStream,
  rawStream,
  RawWriter,
  readRawChunk,
} from "./raw.ts";

/** Encoded ids of what is stored about a person. */
export type IdsByStream = Partial<Record<StreamName, string[]>>;

/** What an erasure has to remove, kept until it is over so that it can be gone on with. */
export interface ErasureMarker {
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Whether later syncs are to leave the person out. */
  keepOut: boolean;
  /** Encoded ids of records, tombstones and rows in quarantine. */
  ids: IdsByStream;
  counts: Record<string, number>;
}

const PAGE = 100;

/** The field of a stored record that names its person. */
const OWNER_FIELDS = {
  opportunities: "clientId",
  notes: "contactId",
  activities: "contactId",
} as const;

/** Removes one person's rows under the lease; what a row says is for the caller to read. */
export class PersonErasure {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly lease: Lease,
    private readonly hash: string,
  ) {}

  static of(
    store: Store,
    tenantId: string,
    lease: Lease,
    hash: string,
  ): PersonErasure {
    return new PersonErasure(kvOf(store), tenantKeys(tenantId), lease, hash);
  }

  /** What an erasure that was cut off has left. */
  async marker(): Promise<ErasureMarker | null> {
    const key = this.k.erasure(this.hash);
    return (await this.port.get<ErasureMarker>(key)).value;
  }

  /** Whether later syncs leave the person out. */
  async isKeptOut(): Promise<boolean> {
    const key = this.k.erased(this.hash);
    return (await this.port.get(key)).value !== null;
  }

  /** Before anything is removed: what will be, and that figures are to be computed anew whatever comes. */
  async begin(marker: ErasureMarker, state: SyncState): Promise<void> {
    const { k, hash } = this;
    await this.lease.commit({
      sets: [
        { key: k.erasure(hash), value: marker },
        { key: k.syncState(), value: state },
        ...marker.keepOut
          ? [{ key: k.erased(hash), value: { at: marker.startedAt } }]
          : [],
      ],
      deletes: [],
    });
  }

  /** The stored records of a person, whom an encoded id names. */
  async storedOf(person: string): Promise<Record<StreamName, string[]>> {
    const { port, k } = this;
    const lead = await port.get(recordKey(k, "leads", person));
    const activities: string[] = [];
    const list = port.list<{ contactId: string | null }>({
      prefix: k.activities(),
    });
    for await (const { key, value: { contactId } } of list) {
      if (contactId !== null && idPart(contactId) === person) {
        activities.push(String(key.at(-1)));
      }
    }
    return {
      cycles: [],
      leads: lead.value === null ? [] : [person],
      opportunities: await this.#lastParts([
        ...k.opportunitiesByClient(),
        person,
      ]),
      notes: await this.#lastParts([...k.notesByContact(), person]),
      activities,
    };
  }

  /** Whether a record is stored as somebody else's. */
  async isOthers(
    stream: StreamName,
    part: string,
    person: string,
  ): Promise<boolean> {
    if (stream === "cycles") return true;
    if (stream === "leads") return part !== person;
    const { value } = await this.port.get<Record<string, string | null>>(
      recordKey(this.k, stream, part),
    );
    if (value === null) return false;
    const owner = value[OWNER_FIELDS[stream]] ?? null;
    return owner === null || idPart(owner) !== person;
  }

  async #lastParts(prefix: Key): Promise<string[]> {
    const parts: string[] = [];
    for await (const { key } of this.port.list({ prefix })) {
      parts.push(String(key.at(-1)));
    }
    return parts;
  }

  /** Keys of tombstones and stage changes of these records. */
  async tracesOf(
    ids: IdsByStream,
  ): Promise<{ tombstones: Key[]; stageChanges: Key[] }> {
    const { port, k } = this;
    const tombstones: Key[] = [];
    for (const stream of STREAMS) {
      const wanted = new Set(ids[stream]);
      const list = port.list({ prefix: k.tombstones(stream) });
      for await (const { key } of list) {
        if (wanted.has(String(key.at(-1)))) tombstones.push(key);
      }
    }
    const stageChanges: Key[] = [];
    const opportunities = new Set(ids.opportunities);
    if (opportunities.size > 0) {
      for await (const { key } of port.list({ prefix: k.stageChanges() })) {
        if (opportunities.has(String(key.at(-1)))) stageChanges.push(key);
      }
    }
    return { tombstones, stageChanges };
  }

  /** Removes what is left of these records beside themselves. */
  async removeTraces(ids: IdsByStream): Promise<void> {
    const { tombstones, stageChanges } = await this.tracesOf(ids);
    const quarantined = STREAMS.flatMap((stream) =>
      (ids[stream] ?? []).map((part): Key => [
        ...this.k.quarantine(stream),
        part,
      ])
    );
    await commitAll(
      this.lease,
      [...tombstones, ...stageChanges, ...quarantined].map((key) => ({
        sets: [],
        deletes: [key],
      })),
    );
  }

  /** Every chunk that a manifest names, once for each stream. */
  async chunks(): Promise<{ stream: StreamName; chunk: RawChunk }[]> {
    const found = new Map<string, { stream: StreamName; chunk: RawChunk }>();
    for await (const { value } of this.#manifests()) {
      for (const stream of STREAMS) {
        for (const chunk of value.streams[stream]?.chunks ?? []) {
          found.set(`${stream} ${chunk.sha256}`, { stream, chunk });
        }
      }
    }
    return [...found.values()];
  }

  lines(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.port, this.k, chunk);
  }

  /**
   * Rewrites raw without the lines that are to go, and without these ids among the removed. New chunks are written
   * first, then the manifests name them, then what nothing names goes: cut off anywhere, each manifest is whole.
   */
  async rewriteRaw(
    goes: (stream: StreamName, line: string) => boolean,
    ids: IdsByStream,
  ): Promise<void> {
    const replaced = new Map<string, RawChunk[]>();
    for (const { stream, chunk } of await this.chunks()) {
      const lines = await this.lines(chunk);
      const kept = lines.filter((line) => !goes(stream, line));
      if (kept.length === lines.length) continue;
      const raw = new RawWriter(this.port, this.k, this.lease);
      for (const line of kept) await raw.add(line, false);
      const { chunks } = await raw.close();
      replaced.set(`${stream} ${chunk.sha256}`, chunks);
    }
    for await (const { key, value } of this.#manifests()) {
      const manifest = withoutLines(value, replaced, ids);
      if (!manifest) continue;
      await this.lease.commit({
        sets: [{ key, value: manifest }],
        deletes: [],
      });
    }
    await this.#dropUnnamed();
  }

  /** Chunks that nothing names: those that were replaced, and what a run left that was cut short. */
  async #dropUnnamed(): Promise<void> {
    const named = new Set(
      (await this.chunks()).map(({ chunk }) => chunk.sha256),
    );
    const drops: Change[] = [];
    const rows = this.port.list({ prefix: this.k.rawChunks() }, {
      pageSize: PAGE,
    });
    for await (const { key } of rows) {
      if (!named.has(String(key.at(-2)))) {
        drops.push({ sets: [], deletes: [key] });
      }
    }
    await commitAll(this.lease, drops);
  }

  #manifests() {
    return this.port.list<RawManifest>({ prefix: this.k.rawSnapshots() }, {
      pageSize: PAGE,
    });
  }

  /** The end: the state, the entry in the audit log and the marker switch at once, and the lease is given back. */
  async finish(
    state: SyncState | null,
    entry: NewAuditEntry,
    clock: Clock,
  ): Promise<AuditEntry> {
    const row = auditRow(entry, clock);
    await this.lease.release({
      sets: [
        row,
        ...state ? [{ key: this.k.syncState(), value: state }] : [],
      ],
      deletes: [this.k.erasure(this.hash)],
    });
    return row.value;
  }
}

/** The latest entry of the audit log about this erasure; null where there is none. */
export async function findErasure(
  store: Store,
  tenantId: string,
  hash: string,
): Promise<AuditEntry | null> {
  const query = { limit: 1, tenantId, action: "person.erased" };
  for await (const entry of auditEntries(store, query)) {
    if (entry.target === hash) return entry;
  }
  return null;
}

/** The manifest with its new chunks and sums; null where nothing of it changes. */
function withoutLines(
  manifest: RawManifest,
  replaced: ReadonlyMap<string, RawChunk[]>,
  ids: IdsByStream,
): RawManifest | null {
  const streams: RawManifest["streams"] = { ...manifest.streams };
  let changed = false;
  for (const stream of STREAMS) {
    const raw = manifest.streams[stream];
    if (!raw) continue;
    const gone = new Set(ids[stream]);
    const nameOf = ({ sha256 }: RawChunk) => `${stream} ${sha256}`;
    const same = !raw.chunks.some((chunk) => replaced.has(nameOf(chunk))) &&
      !raw.removed.some((part) => gone.has(part));
    if (same) continue;
    changed = true;
    streams[stream] = {
      ...resummed(
        raw,
        raw.chunks.flatMap((chunk) => replaced.get(nameOf(chunk)) ?? [chunk]),
        raw.removed.filter((part) => !gone.has(part)),
      ),
      applied: raw.applied,
    };
  }
  return changed ? { ...manifest, streams } : null;
}

function resummed(
  { endpoint, kind, whole }: RawStream,
  chunks: RawChunk[],
  removed: string[],
): RawStream {
  return rawStream(endpoint, kind, chunks, removed, whole);
}
