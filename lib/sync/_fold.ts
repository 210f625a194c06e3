import {
  newerOf,
  normalizeRow,
  parseRawLine,
  type RawRow,
} from "../clienttether/mod.ts";
import type { RecordOf, StreamName, TenantSettings } from "../domain/mod.ts";
import {
  idPart,
  type RawManifest,
  type RawReader,
  type RawStream,
  type RecordForm,
  type StoredReader,
} from "../store/mod.ts";

/** What the raw records of a tenant are read with. */
export interface FoldContext {
  raw: RawReader;
  stored: StoredReader;
  tenant: TenantSettings;
}

/** What one run kept of one stream. */
export interface RawEntry<S extends StreamName = StreamName> {
  stream: S;
  /** ISO 8601 UTC. */
  fetchedAt: string;
  raw: RawStream;
}

/** A record as raw tells it. */
export interface Told<S extends StreamName> {
  /** Encoded id. */
  part: string;
  row: RawRow;
  record: RecordOf[S];
  form: RecordForm;
}

/** What the manifests hold of a stream that was put in place, oldest first. */
export function appliedEntries<S extends StreamName>(
  manifests: readonly RawManifest[],
  stream: S,
): RawEntry<S>[] {
  return manifests.flatMap(({ fetchedAt, streams }) => {
    const raw = streams[stream];
    return raw?.applied ? [{ stream, fetchedAt, raw }] : [];
  });
}

/**
 * Whether raw alone does not say what is in place: a run ended on its way through the stream, and no baseline was
 * put in place since.
 */
export function isUnsettled(
  manifests: readonly RawManifest[],
  stream: StreamName,
): boolean {
  for (const { finished, streams } of manifests.toReversed()) {
    const raw = streams[stream];
    if (raw?.applied && raw.kind === "baseline") return false;
    if (raw && !raw.applied && !finished) return true;
  }
  return false;
}

/** The record of a row by today's rules; null where they cannot read it, or it is larger than the portal keeps. */
export function recordOf<S extends StreamName>(
  { tenant, stored }: FoldContext,
  stream: S,
  row: RawRow,
  firstStoredAt: string,
): Told<S> | null {
  const { id, contactId } = row;
  if (id === null) return null;
  const result = normalizeRow(stream, row, tenant, {
    firstStoredAt,
    contactId,
  });
  if (!result.ok) return null;
  const { record } = result;
  const form = stored.formOfRecord(stream, record);
  return form && { part: idPart(id), row, record, form };
}

/**
 * Of the rows of one record in one list, in their order, the one that counts: the newest. Null where the last or
 * the newest cannot be kept: the older version then stays in place. The same that a sync decides.
 */
export function winnerOf<S extends StreamName>(
  context: FoldContext,
  { stream, fetchedAt }: RawEntry<S>,
  rows: readonly RawRow[],
): Told<S> | null {
  const read = (row: RawRow) => recordOf(context, stream, row, fetchedAt);
  const last = read(rows.at(-1)!);
  if (last === null || rows.length === 1) return last;
  return read(rows.reduce(newerOf));
}

/** More ids than this are found sooner by reading every row. */
const MANY = 8;

/** Where a line may write an id in another way: bytes that are no text, an escaped character, a number with an exponent. */
const IN_DISGUISE = /base64:|\\u|\d[eE][+-]?\d/;

/** Whether a line may be a row of one of these records. Reading the row takes far longer. */
function mentionsOf(wanted: ReadonlySet<string>): (line: string) => boolean {
  const parts = [...wanted];
  const isPlain = parts.every((part) => /^[\w-]+$/.test(part));
  if (!isPlain || parts.length > MANY) return () => true;
  return (line) =>
    parts.some((part) => line.includes(part)) || IN_DISGUISE.test(line);
}

/** The rows of an entry, chunk after chunk. Those without an id are no records. */
export async function* rowsOf(
  { raw }: FoldContext,
  entry: RawEntry,
  mayHold: (line: string) => boolean = () => true,
): AsyncGenerator<{ part: string; row: RawRow }> {
  for (const chunk of entry.raw.chunks) {
    for (const line of await raw.lines(chunk)) {
      if (!mayHold(line)) continue;
      const row = parseRawLine(entry.stream, line);
      if (row.id !== null) yield { part: idPart(row.id), row };
    }
  }
}

/** The rows of some records only, by encoded id. */
export async function rowsOfSome(
  context: FoldContext,
  entry: RawEntry,
  wanted: ReadonlySet<string>,
): Promise<Map<string, RawRow[]>> {
  const found = new Map<string, RawRow[]>();
  const mayHold = mentionsOf(wanted);
  for await (const { part, row } of rowsOf(context, entry, mayHold)) {
    if (!wanted.has(part)) continue;
    const rows = found.get(part) ?? [];
    found.set(part, [...rows, row]);
  }
  return found;
}

/** Whether an entry can be the base of a fold: what comes before it says nothing more of a record in place. */
export type IsBase = (entry: RawEntry) => boolean;

/**
 * What is in place of one stream as raw tells it: the newest baseline with the changes since, from the newest entry
 * to the oldest, so that the first word on a record is the last one that was said. Holds the ids of all records,
 * the rows of those that a list held twice, and one chunk.
 */
export class StreamFold<S extends StreamName> {
  /** Entries since the newest baseline, newest first; all of them where there is none. */
  readonly #recent: RawEntry<S>[];
  readonly #older: RawEntry<S>[];
  /** Whether raw knows every record that may be in place. */
  readonly coversAll: boolean;
  /** Ids on which the last word was found. */
  readonly #decided = new Set<string>();
  /** Ids whose newest row cannot be kept. */
  readonly #odd = new Set<string>();

  /**
   * @param entries what was put in place, oldest first
   * @param isBase any baseline, unless told
   */
  constructor(
    private readonly context: FoldContext,
    entries: readonly RawEntry<S>[],
    isBase: IsBase = ({ raw }) => raw.kind === "baseline",
  ) {
    const base = entries.findLastIndex(isBase);
    this.#recent = entries.slice(Math.max(0, base)).reverse();
    this.#older = entries.slice(0, Math.max(0, base)).reverse();
    this.coversAll = entries.some(({ raw }) => raw.whole);
  }

  /** Encoded ids of the records whose newest row cannot be kept. Known once the records were read. */
  odd(): Iterable<string> {
    return this.#odd;
  }

  /** Whether what was sent last of a record cannot be kept. Known once the records were read. */
  isOdd(part: string): boolean {
    return this.#odd.has(part);
  }

  /** Whether a record that was not given is gone: a run has removed it. Known once the records were read. */
  isGone(part: string): boolean {
    return this.#decided.has(part);
  }

  /** Every record in place, but those whose newest row cannot be kept. */
  async *records(): AsyncGenerator<Told<S>> {
    for (const entry of this.#recent) {
      yield* this.#entry(entry);
      // A row that came after it and cannot be kept does not bring it back.
      for (const part of entry.raw.removed) this.#decided.add(part);
    }
  }

  async *#entry(entry: RawEntry<S>): AsyncGenerator<Told<S>> {
    const { context } = this;
    const repeated = entry.raw.distinct
      ? new Set<string>()
      : await this.#repeated(entry);
    const several = repeated.size > 0
      ? await rowsOfSome(context, entry, repeated)
      : new Map<string, RawRow[]>();
    for await (const { part, row } of rowsOf(context, entry)) {
      if (this.#decided.has(part)) continue;
      const rows = several.get(part) ?? [row];
      if (rows[0]!.raw !== row.raw) continue;
      const told = winnerOf(context, entry, rows);
      if (told === null) {
        this.#odd.add(part);
        continue;
      }
      this.#decided.add(part);
      this.#odd.delete(part);
      yield told;
    }
  }

  /** Ids that the entry holds more than once, of those that are not decided yet. */
  async #repeated(entry: RawEntry<S>): Promise<Set<string>> {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for await (const { part } of rowsOf(this.context, entry)) {
      if (this.#decided.has(part)) continue;
      if (seen.has(part)) repeated.add(part);
      seen.add(part);
    }
    return repeated;
  }

  /**
   * Some records as older raw has them: those whose newest row cannot be kept, and those that a list which moved
   * while it was read has left out. What was removed, or is not found, is not given.
   *
   * @param wanted encoded ids; those that were decided on are taken out
   */
  async *older(wanted: Set<string>): AsyncGenerator<Told<S>> {
    // Days without changes share their chunks.
    const searched = new Set(
      this.#recent.flatMap(({ raw }) => raw.chunks.map(({ sha256 }) => sha256)),
    );
    const onGone = (part: string) => void this.#decided.add(part);
    yield* findSome(this.context, this.#older, wanted, { searched, onGone });
  }
}

/**
 * The last word on some records, from the newest entry to the oldest. What was removed, or is not found, is not given;
 * of a row that cannot be kept an older version is.
 *
 * @param entries newest first
 * @param wanted encoded ids; those that were decided on are taken out
 */
export async function* findSome<S extends StreamName>(
  context: FoldContext,
  entries: readonly RawEntry<S>[],
  wanted: Set<string>,
  { searched = new Set(), onGone = () => {}, onOdd = () => {} }: {
    /** Chunks that need not be read. */
    searched?: Set<string>;
    onGone?: (part: string) => void;
    onOdd?: (part: string) => void;
  } = {},
): AsyncGenerator<Told<S>> {
  for (const entry of entries) {
    if (wanted.size === 0) return;
    const chunks = entry.raw.chunks.filter(({ sha256 }) =>
      !searched.has(sha256)
    );
    for (const { sha256 } of chunks) searched.add(sha256);
    const raw = { ...entry.raw, chunks };
    const found = await rowsOfSome(context, { ...entry, raw }, wanted);
    for (const [part, rows] of found) {
      const told = winnerOf(context, entry, rows);
      if (!told) {
        onOdd(part);
        continue;
      }
      wanted.delete(part);
      yield told;
    }
    for (const part of entry.raw.removed) if (wanted.delete(part)) onGone(part);
  }
}
