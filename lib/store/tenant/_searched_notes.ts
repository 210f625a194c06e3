import type { NoteRow } from "../../domain/mod.ts";
import { readBody } from "../_note_bodies.ts";
import { recordKey, type StoredNote } from "../_records.ts";
import type { Sized } from "../list_cache.ts";
import { bucketNumber, unpackBucket } from "../sync_index.ts";
import { NotesText, type SearchedNote } from "./_notes_text.ts";
import type { Opened } from "./opened.ts";

/** The most that the notes of one tenant may take in memory. A search of a tenant with more reads the database. */
const MAX_BYTES = 56 * 1024 * 1024;
const LIST = "text of notes";
/** Notes read at a time: some hold as much as a value can. */
const SOME = 100;
/** Keys of one read of the database. */
const TEN = 10;
/** Large notes read at a time. */
const LARGE = 8;
/** Where a greater share of the notes has changed, all are read: a row of a list costs less than a read of its own. */
const MOST_CHANGED = 0.2;

/** A bucket of the sync index as it stood. */
interface Bucket {
  versionstamp: string;
  packed: Uint8Array;
}

/** The text of a tenant's notes, and what it is known by that it is up to date. */
class SearchedNotes implements Sized {
  readonly bytes: number;

  constructor(
    /** Null: it would take too much. */
    readonly text: NotesText | null,
    /** The sync index of the notes as it stood before they were read. */
    readonly buckets: ReadonlyMap<number, Bucket>,
    /** The replay that wrote records last. */
    readonly rewrittenBy: string | null,
  ) {
    let bytes = text?.bytes ?? 0;
    for (const { packed } of buckets.values()) bytes += 100 + packed.length;
    this.bytes = bytes;
  }
}

/**
 * The text of all notes of a tenant, as they stand in the state that it was opened with or later. It is read once, and
 * from then on follows the sync index: a record and its bucket are written in one operation, so that a bucket whose
 * versionstamp is the same has only notes that are. A state that stands costs no read, a state that is new, or a run
 * under way, one read of the index and one of the notes that have changed.
 *
 * Null where it would take too much memory, and where records are written otherwise than by a sync (or were, when it
 * broke off): a search then reads the database.
 */
export async function notesText(at: Opened): Promise<NotesText | null> {
  const { lists, tenantId, state, stamp } = at;
  if (state.cursor.figuresKey === null) return null;
  const name = { tenantId, list: LIST, version: stamp };
  const known = await lists.peek<SearchedNotes>(name);
  if (!known) {
    const read = async () => {
      const last = await lists.latest<SearchedNotes>(name)?.catch(() => null);
      return last ? await refreshed(at, last) : await readWhole(at);
    };
    return (await lists.get(name, read)).text;
  }
  if (state.status !== "running") return known.text;
  const now = await refreshed(at, known);
  if (now !== known) lists.put(name, now);
  return now.text;
}

async function readWhole(
  at: Opened,
  buckets?: ReadonlyMap<number, Bucket>,
): Promise<SearchedNotes> {
  // Before the notes: what changes in between is found to have changed.
  const before = buckets ?? await readBuckets(at);
  const text = await packAll(at);
  return new SearchedNotes(
    text,
    text ? before : new Map(),
    at.state.cursor.rewrittenBy ?? null,
  );
}

async function packAll({ port, k }: Opened): Promise<NotesText | null> {
  const builder = NotesText.builder(MAX_BYTES);
  const list = port.list<NoteRow>({ prefix: k.notesByDate() }, {
    reverse: true,
  });
  let some: { part: string; row: NoteRow }[] = [];
  let large = 0;
  const pack = async () => {
    const cut = some.filter(({ row }) => row.truncated);
    const whole = await readNotes({ port, k }, cut.map(({ part }) => part));
    for (const { part, row } of some) {
      const { noteDate, author } = row;
      const content = whole.get(part)?.content ?? row.content;
      builder.add({ part, noteDate, author, content });
    }
    some = [];
    large = 0;
  };
  for await (const { key, value: row } of list) {
    some.push({ part: String(key.at(-1)), row });
    if (row.truncated) large++;
    if (large === LARGE || some.length === SOME) await pack();
    if (builder.isFull) return null;
  }
  await pack();
  return builder.build();
}

async function refreshed(
  at: Opened,
  last: SearchedNotes,
): Promise<SearchedNotes> {
  const { rewrittenBy = null } = at.state.cursor;
  const { text } = last;
  // What was too large once is not read again and again to find out that it still is.
  if (!text) return last;
  const buckets = await readBuckets(at);
  const changed = changedParts(last.buckets, buckets);
  if (
    rewrittenBy !== last.rewrittenBy ||
    changed.size > SOME + text.size * MOST_CHANGED
  ) {
    return await readWhole(at, buckets);
  }
  if (changed.size === 0) {
    return new SearchedNotes(text, buckets, rewrittenBy);
  }
  const notes = await readChanged(at, changed);
  const next = text.with(changed, notes, MAX_BYTES);
  return new SearchedNotes(next, next ? buckets : new Map(), rewrittenBy);
}

/** What is stored of the notes that have changed. */
async function readChanged(
  at: Opened,
  changed: ReadonlySet<string>,
): Promise<SearchedNote[]> {
  const left = new Set(changed);
  const notes: SearchedNote[] = [];
  // Of many most are new, and stand first in the list, where a row costs a quarter of a read of its own.
  const newest = left.size <= SOME ? [] : at.port.list<NoteRow>(
    { prefix: at.k.notesByDate() },
    { reverse: true, limit: left.size + SOME },
  );
  for await (const { key, value: row } of newest) {
    const part = String(key.at(-1));
    if (!row.truncated && left.delete(part)) notes.push({ ...row, part });
  }
  const parts = [...left];
  for (let from = 0; from < parts.length; from += SOME) {
    const some = await readNotes(at, parts.slice(from, from + SOME));
    notes.push(...some.values());
  }
  return notes;
}

async function readBuckets(
  { port, k }: Opened,
): Promise<Map<number, Bucket>> {
  const buckets = new Map<number, Bucket>();
  const list = port.list<Uint8Array>({ prefix: k.syncIndexes("notes") });
  for await (const { key, value: packed, versionstamp } of list) {
    buckets.set(bucketNumber(key), { versionstamp, packed });
  }
  return buckets;
}

/** Encoded ids of the notes that have changed, come or gone. */
function changedParts(
  before: ReadonlyMap<number, Bucket>,
  after: ReadonlyMap<number, Bucket>,
): Set<string> {
  const changed = new Set<string>();
  for (const n of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(n), after.get(n)];
    if (was?.versionstamp === is?.versionstamp) continue;
    const left = was ? unpackBucket(was.packed) : new Map<string, string>();
    for (const [part, hash] of is ? unpackBucket(is.packed) : []) {
      if (left.get(part) !== hash) changed.add(part);
      left.delete(part);
    }
    for (const part of left.keys()) changed.add(part);
  }
  return changed;
}

/** Notes by their encoded ids, each whole, as far as they are stored. */
async function readNotes(
  { port, k }: Pick<Opened, "port" | "k">,
  parts: readonly string[],
): Promise<Map<string, SearchedNote>> {
  const notes = new Map<string, SearchedNote>();
  if (parts.length === 0) return notes;
  // Side by side: each of these reads is one of ten keys.
  const tens = Array.from(
    { length: Math.ceil(parts.length / TEN) },
    (_, n) => parts.slice(n * TEN, (n + 1) * TEN),
  );
  const entries = (await Promise.all(tens.map((ten) =>
    port.getMany<StoredNote>(
      ten.map((part) => recordKey(k, "notes", part)),
    )
  ))).flat();
  for (const [at, { value: note }] of entries.entries()) {
    if (!note) continue;
    const { noteDate, author } = note;
    // Where its parts are being replaced its bucket is too, so that it is read again.
    const { content } = note.body
      ? await readBody(port, k, note) ?? { content: note.preview }
      : note;
    notes.set(parts[at]!, { part: parts[at]!, noteDate, author, content });
  }
  return notes;
}
