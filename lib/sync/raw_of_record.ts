import { newerOf, parseRawLine, type RawRow } from "../clienttether/mod.ts";
import type { StreamName } from "../domain/mod.ts";
import {
  idPart,
  type RawManifest,
  RawReader,
  type RawStream,
  type Store,
  StoredReader,
} from "../store/mod.ts";

/** A run that kept a record. */
export interface RawRun {
  runId: string;
  /** ISO 8601 UTC. */
  fetchedAt: string;
}

/** What ClientTether sent of a record that is in place, and which run brought it. */
export interface RawOfRecord {
  /** The JSON text as it was sent; null where it is no longer kept. */
  raw: string | null;
  /** Null where no kept raw tells. */
  broughtBy: RawRun | null;
  /** Whether an earlier run may have brought the same, whose raw is no longer kept. */
  orEarlier: boolean;
}

/** What one run kept of one stream, put in place. */
interface Entry extends RawRun {
  raw: RawStream;
}

/**
 * Finds what a stored record came from, in what is kept of ClientTether's answers. Reads a few of the baselines whole,
 * and the changes of a day or two: for people who ask about one record, not for pages that everybody opens.
 *
 * @returns null where no such record is stored
 */
export async function rawOfRecord<S extends StreamName>(
  store: Store,
  tenantId: string,
  stream: S,
  id: string,
): Promise<RawOfRecord | null> {
  const stored = StoredReader.of(store, tenantId);
  const record = await stored.record(stream, idPart(id));
  if (!record) return null;
  const reader = RawReader.of(store, tenantId);
  const search = new RawSearch(reader, stream, id);
  const found = await search.find(
    entriesOf(await reader.manifests(), stream),
  );
  if (found) return found;
  // A note or an activity keeps its own.
  const raw = "raw" in record && record.raw ? record.raw : null;
  return { raw, broughtBy: null, orEarlier: false };
}

function entriesOf(
  manifests: readonly RawManifest[],
  stream: StreamName,
): Entry[] {
  return manifests.flatMap(({ runId, fetchedAt, streams }) => {
    const raw = streams[stream];
    return raw?.applied ? [{ runId, fetchedAt, raw }] : [];
  });
}

class RawSearch {
  /** Days without changes share their chunks. */
  readonly #chunks = new Map<string, Promise<RawRow[]>>();

  constructor(
    private readonly reader: RawReader,
    private readonly stream: StreamName,
    private readonly id: string,
  ) {}

  /** @param entries oldest first */
  async find(entries: readonly Entry[]): Promise<RawOfRecord | null> {
    const bases = entries.flatMap(({ raw }, at) =>
      raw.kind === "baseline" ? [at] : []
    );
    const newest = bases.at(-1) ?? -1;
    const since = await this.#newestOf(entries.slice(newest + 1));
    if (since) return said(since, false);
    const current = newest < 0 ? null : await this.#rowOf(entries[newest]!);
    if (!current) {
      const older = await this.#newestOf(entries.slice(0, newest + 1));
      return older && said(older, false);
    }
    const first = await this.#firstWith(current.raw, entries, bases);
    const before = bases[first - 1];
    const between = entries.slice((before ?? -1) + 1, bases[first]);
    const change = await this.#newestOf(between);
    if (change?.row.raw === current.raw) return said(change, false);
    return said(
      { entry: entries[bases[first]!]!, row: current },
      before === undefined,
    );
  }

  /** The place among `bases` of the first from which on all hold this text: it is in the last one. */
  async #firstWith(
    text: string,
    entries: readonly Entry[],
    bases: readonly number[],
  ): Promise<number> {
    let low = 0;
    let high = bases.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = await this.#rowOf(entries[bases[middle]!]!);
      if (row?.raw === text) high = middle;
      else low = middle + 1;
    }
    return high;
  }

  /** The last word on the record in these entries. */
  async #newestOf(entries: readonly Entry[]) {
    for (const entry of entries.toReversed()) {
      const row = await this.#rowOf(entry);
      if (row) return { entry, row };
    }
    return null;
  }

  async #rowOf({ raw: { chunks } }: Entry): Promise<RawRow | null> {
    const rows: RawRow[] = [];
    for (const chunk of chunks) {
      let read = this.#chunks.get(chunk.sha256);
      if (!read) {
        read = this.reader.lines(chunk).then((lines) => this.#rowsIn(lines));
        this.#chunks.set(chunk.sha256, read);
      }
      rows.push(...await read);
    }
    return rows.length > 0 ? rows.reduce(newerOf) : null;
  }

  /** An id may be written in another way only where something is escaped or not JSON. */
  #rowsIn(lines: readonly string[]): RawRow[] {
    return lines.flatMap((line) => {
      const mayHold = line.includes(this.id) || line.includes("\\") ||
        !line.startsWith("{");
      if (!mayHold) return [];
      const row = parseRawLine(this.stream, line);
      return row.id === this.id ? [row] : [];
    });
  }
}

function said(
  { entry: { runId, fetchedAt }, row }: { entry: Entry; row: RawRow },
  orEarlier: boolean,
): RawOfRecord {
  return { raw: row.raw, broughtBy: { runId, fetchedAt }, orEarlier };
}
