import type { RecordOf, StreamName, TenantSettings } from "../domain/mod.ts";
import {
  idPart,
  type RawManifest,
  type TenantStore,
  type Untold,
} from "../store/mod.ts";
import {
  appliedEntries,
  findSome,
  type FoldContext,
  type IsBase,
  isUnsettled,
  type RawEntry,
  StreamFold,
} from "./_fold.ts";

/** Which day, and by what its records are read. */
export interface RecordsOfDay {
  /** YYYY-MM-DD. */
  day: string;
  /** Up to which moment runs belong to it, ISO 8601 UTC. */
  until: string;
  /** The settings of that day. */
  settings: TenantSettings;
  /** Raw that was fetched before is no longer complete, ISO 8601 UTC; null where all of it is kept. */
  keptFrom: string | null;
}

/** The records of one stream as they stood at the end of a day. */
export interface DayStream<S extends StreamName> {
  /** Names what they are made of: the same name, the same records. Another one once a person was erased from raw. */
  version: string;
  /** All of them, in no order; read from raw chunk by chunk. */
  records(): AsyncGenerator<RecordOf[S]>;
  /** Those of these ids that were in place. */
  some(ids: Iterable<string>): AsyncGenerator<RecordOf[S]>;
}

/** The streams that were asked for, or why raw does not tell one. */
export type DayStreams<S extends StreamName> = {
  [N in S]: DayStream<N> | Untold;
};

/**
 * Streams as the last sync of a day left them, told from raw: the day's baseline with the changes since. One list
 * read of the newest manifests up to that moment; then, where records are asked for, one read for each chunk. Of
 * activities these are the ones from the day before on, the window that ClientTether is asked for.
 */
export async function dayStreams<S extends StreamName>(
  reader: TenantStore,
  names: readonly S[],
  at: RecordsOfDay,
): Promise<DayStreams<S>> {
  const isBase: IsBase = ({ stream, raw, fetchedAt }) =>
    raw.kind === "baseline" && fetchedAt >= (at.keptFrom ?? "") &&
    // The list of activities never holds all that are in place, but those of a window.
    (raw.whole || stream === "activities");
  const { manifests, missing } = await manifestsOf(reader, names, isBase, at);
  const streams = names.map((name) => {
    // Raw that begins with the first run tells all, whatever its lists have left out.
    if (missing.has(name) && at.keptFrom !== null) return [name, "beyond"];
    if (isUnsettled(manifests, name)) return [name, "unsettled"];
    const entries = entriesOf(manifests, name);
    return [name, new RawDayStream(reader, name, entries, isBase, at)];
  });
  return Object.fromEntries(streams);
}

/**
 * As many manifests as it takes, from the newest back to where the records of every stream begin; oldest first. With
 * the streams whose beginning is not kept.
 */
async function manifestsOf(
  { raw }: TenantStore,
  names: readonly StreamName[],
  isBase: IsBase,
  { day, until }: RecordsOfDay,
): Promise<{ manifests: RawManifest[]; missing: ReadonlySet<StreamName> }> {
  const manifests: RawManifest[] = [];
  const missing = new Set<StreamName>(names);
  for await (const manifest of raw.manifestsUntil(until)) {
    const isLast = manifest.finished && manifest.day <= day;
    // What came after the day's last finished run is of no finished run.
    if (manifests.length === 0 && !isLast) continue;
    manifests.unshift(manifest);
    for (const name of missing) {
      if (appliedEntries([manifest], name).some(isBase)) missing.delete(name);
    }
    if (missing.size === 0) break;
  }
  return { manifests, missing };
}

/** What was put in place, oldest first; what a run wanted to remove that ended on its way is gone with the next. */
function entriesOf<S extends StreamName>(
  manifests: readonly RawManifest[],
  stream: S,
): RawEntry<S>[] {
  let pending: string[] = [];
  return manifests.flatMap((manifest) => {
    const unapplied = manifest.streams[stream];
    if (unapplied && !unapplied.applied) pending.push(...unapplied.removed);
    return appliedEntries([manifest], stream).map((entry) => {
      const removed = [...entry.raw.removed, ...pending];
      pending = [];
      return { ...entry, raw: { ...entry.raw, removed } };
    });
  });
}

/** One stream, from the manifests back to its base; older ones are read where a row there cannot be kept. */
class RawDayStream<S extends StreamName> implements DayStream<S> {
  readonly version: string;
  readonly #context: FoldContext;

  /** @param entries oldest first */
  constructor(
    { raw, stored }: TenantStore,
    private readonly name: S,
    private readonly entries: readonly RawEntry<S>[],
    private readonly isBase: IsBase,
    private readonly at: RecordsOfDay,
  ) {
    this.#context = { raw, stored, tenant: at.settings };
    const base = Math.max(0, entries.findLastIndex(isBase));
    const said = entries.slice(base).map(({ raw: { chunks, removed } }) => [
      chunks.map(({ sha256 }) => sha256),
      removed,
    ]);
    this.version = JSON.stringify([name, at.settings, said]);
  }

  async *records(): AsyncGenerator<RecordOf[S]> {
    const fold = new StreamFold(this.#context, this.entries, this.isBase);
    for await (const { record } of fold.records()) yield record;
    const odd = [...fold.odd()].filter((part) => !fold.isGone(part));
    yield* this.#older(new Set(odd));
  }

  async *some(ids: Iterable<string>): AsyncGenerator<RecordOf[S]> {
    const wanted = new Set([...ids].map(idPart));
    const base = Math.max(0, this.entries.findLastIndex(this.isBase));
    const entries = this.entries.slice(base).reverse();
    const odd = new Set<string>();
    const onOdd = (part: string) => void odd.add(part);
    const found = findSome(this.#context, entries, wanted, { onOdd });
    for await (const { record } of found) yield record;
    yield* this.#older(new Set([...odd].filter((part) => wanted.has(part))));
  }

  /** Records whose newest row cannot be kept, as they were before. */
  async *#older(wanted: Set<string>): AsyncGenerator<RecordOf[S]> {
    if (wanted.size === 0) return;
    const gone = new Set<string>();
    const onGone = (part: string) => void gone.add(part);
    const entries = await this.#olderEntries();
    for await (
      const { record } of findSome(this.#context, entries, wanted, { onGone })
    ) yield record;
    // Raw that begins with the first run knows all that was ever in place; what is stored by now came later.
    if (this.at.keptFrom === null) return;
    for (const part of wanted) {
      if (gone.has(part)) continue;
      const record = await this.#context.stored.record(this.name, part);
      if (record) yield record;
    }
  }

  /** Everything that is kept up to the base, newest first. */
  async #olderEntries(): Promise<RawEntry<S>[]> {
    const base = Math.max(0, this.entries.findLastIndex(this.isBase));
    const until = this.entries[base]?.fetchedAt ?? this.at.until;
    const manifests: RawManifest[] = [];
    for await (const manifest of this.#context.raw.manifestsUntil(until)) {
      manifests.unshift(manifest);
    }
    return entriesOf(manifests, this.name).reverse();
  }
}
