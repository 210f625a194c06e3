import {
  type Clock,
  type StreamName,
  STREAMS,
  type SyncState,
} from "../domain/mod.ts";
import { type AuditEntry, auditRow, type NewAuditEntry } from "./_audit_row.ts";
import type { Change } from "./_batch.ts";
import { commitAll } from "./_commit_all.ts";
import type { KvPort } from "./_kv.ts";
import { kvOf, listsOf, type Store } from "./_store.ts";
import { auditEntries } from "./audit_log.ts";
import { type Key, type TenantKeys, tenantKeys } from "./keys.ts";
import type { Lease } from "./lease.ts";
import { dropStaleText } from "./notes_text/keep.ts";
import {
  type ErasureMarker,
  type IdsByStream,
  PersonRows,
  type SavedViewName,
} from "./person_rows.ts";
import {
  type RawChunk,
  type RawManifest,
  type RawStream,
  rawStream,
  RawWriter,
} from "./raw.ts";

const PAGE = 100;

/** Removes one person's rows under the lease; what a row says is for the caller to read. */
export class PersonErasure extends PersonRows {
  private constructor(
    port: KvPort,
    k: TenantKeys,
    hash: string,
    private readonly lease: Lease,
    private readonly forget: () => void,
  ) {
    super(port, k, hash);
  }

  static of(
    store: Store,
    tenantId: string,
    lease: Lease,
    hash: string,
  ): PersonErasure {
    const k = tenantKeys(tenantId);
    const forget = () => listsOf(store).forget(tenantId);
    return new PersonErasure(kvOf(store), k, hash, lease, forget);
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

  /** Removes what is stored of the text of notes where it is not that of those that are left. */
  async removeNotesText(): Promise<void> {
    const { port, k, lease } = this;
    await dropStaleText({ port, k, lease });
  }

  /** Removes what is left of these records beside themselves. */
  async removeTraces(
    ids: IdsByStream,
    views: readonly SavedViewName[] = [],
  ): Promise<void> {
    const { tombstones, stageChanges, arrivals } = await this.tracesOf(ids);
    const quarantined = STREAMS.flatMap((stream) =>
      (ids[stream] ?? []).map((part): Key => [
        ...this.k.quarantine(stream),
        part,
      ])
    );
    const saved = views.map(([userId, id]) => this.k.savedView(userId, id));
    const keys = [tombstones, stageChanges, arrivals, quarantined, saved];
    await commitAll(
      this.lease,
      keys.flat().map((key) => ({ sets: [], deletes: [key] })),
    );
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
      const room = chunk.packed && { left: chunk.packed.length };
      const raw = new RawWriter(this.port, this.k, this.lease, room);
      for (const line of kept) await raw.add(line, false);
      const { chunks } = await raw.close();
      replaced.set(`${stream} ${chunk.sha256}`, chunks);
    }
    for await (const { key, value } of this.manifests()) {
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
      (await this.chunks()).flatMap(({ chunk: { sha256, packed } }) =>
        packed ? [] : [sha256]
      ),
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
    // Lists that were read before hold the person.
    this.forget();
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
