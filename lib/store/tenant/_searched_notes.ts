import { getLogger } from "@logtape/logtape";
import type { NoteRow } from "../../domain/mod.ts";
import type { Sized } from "../list_cache.ts";
import {
  changedParts,
  partsIn,
  readShelves,
  type Shelf,
} from "../notes_text/shelves.ts";
import type { SearchedNote } from "../notes_text/cells.ts";
import { unpackShelfText } from "../notes_text/pack.ts";
import { readNotes, SOME_NOTES } from "../notes_text/read_notes.ts";
import { storedTexts } from "../notes_text/rows.ts";
import { NotesText, type NotesTextBuilder } from "./_notes_text.ts";
import type { Opened } from "./opened.ts";

const log = getLogger(["tetherboard", "store"]);

/** The most that the notes of one tenant may take in memory. A search of a tenant with more reads the database. */
const MAX_BYTES = 56 * 1024 * 1024;
const LIST = "text of notes";
/** Large notes read at a time. */
const LARGE = 8;
/** Where a greater share of the notes has changed, all are read: a row of a list costs less than a read of its own. */
const MOST_CHANGED = 0.2;

type Shelves = ReadonlyMap<number, Shelf>;

/** The text of a tenant's notes, and what it is known by that it is up to date. */
class SearchedNotes implements Sized {
  readonly bytes: number;

  constructor(
    /** Null: it would take too much. */
    readonly text: NotesText | null,
    /** The sync index of the notes as it stood before they were read. */
    readonly shelves: Shelves,
    /** The replay that wrote records last. */
    readonly rewrittenBy: string | null,
  ) {
    let bytes = text?.bytes ?? 0;
    for (const { index } of shelves.values()) {
      for (const { packed } of index) bytes += 100 + packed.length;
    }
    this.bytes = bytes;
  }
}

/**
 * The text of all notes of a tenant, as they stand in the state that it was opened with or later. It is read once: what
 * syncs have packed and the notes that have changed since, or else all notes. From then on it follows the sync index: a
 * record and its bucket are written in one operation, so that a bucket whose versionstamp is the same has only notes
 * that are. A state that stands costs no read, a state that is new, or a run under way, one read of the index and one
 * of the notes that have changed.
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
      return last ? await refreshed(at, last) : await readFirst(at);
    };
    return (await lists.get(name, read)).text;
  }
  if (state.status !== "running") return known.text;
  const now = await refreshed(at, known);
  if (now !== known) lists.put(name, now);
  return now.text;
}

async function readFirst(at: Opened): Promise<SearchedNotes> {
  if (isAsStored(at)) {
    const read = await readStored(at, null);
    const text = read.builder.build();
    if (read.count === at.state.cursor.notesText?.shelves && text) {
      return searchedNotes(at, text, read.shelves);
    }
  }
  // Before the notes: what changes in between is found to have changed.
  const shelves = await readShelves(at);
  const { builder, changed, count, flaws } = await readStored(at, shelves);
  if (flaws.length > 0) {
    log.warn(
      "What is stored of the text of notes is damaged, so the notes are read: {tenantId}, {count} shelves, first {flaw}",
      { tenantId: at.tenantId, count: flaws.length, flaw: flaws[0] },
    );
  }
  return count > 0 && !isMuch(changed, builder)
    ? await brought(at, builder, changed, shelves)
    : await readWhole(at, shelves);
}

/**
 * Whether the text is stored of the very notes that the state has: so says its last run, and nobody has written since,
 * who would have made another version of the data, or not come to an end.
 */
function isAsStored({ state: { status, cursor, dataVersion } }: Opened) {
  const { notesText } = cursor;
  return status !== "running" && notesText?.dataVersion === dataVersion &&
    notesText.behind === 0;
}

/** What was read of the stored text. */
interface StoredNotes {
  builder: NotesTextBuilder;
  shelves: Shelves;
  /** Shelves whose text was read. */
  count: number;
  /** Encoded ids of the notes whose text is not in it, or not as it is by now. */
  changed: ReadonlySet<string>;
  /** Why some of it was not read. */
  flaws: readonly string[];
}

/** @param known what the notes are by now; null: as they are stored */
async function readStored(
  at: Opened,
  known: Shelves | null,
): Promise<StoredNotes> {
  const builder = NotesText.builder(MAX_BYTES);
  const shelves = new Map(known);
  const left = new Map(known);
  const changed = new Set<string>();
  const flaws: string[] = [];
  let count = 0;
  for await (const { shelf, text, flaw } of storedTexts(at)) {
    if (flaw) flaws.push(`${shelf} ${flaw}`);
    const now = shelves.get(shelf);
    // All of it or nothing.
    if (!text && !known) break;
    if (!text || (known && !now) || builder.isFull) continue;
    const isSame = !now || text.of === now.stamp;
    // What a replay has written may have the hashes that it had before.
    if (!isSame && text.rewrittenBy !== rewrittenBy(at)) continue;
    try {
      const { runs, index, ...named } = unpackShelfText(text);
      if (named.shelf !== shelf) throw new RangeError("it is another's");
      const parts = isSame ? [] : changedParts(index, now.index);
      for (const part of parts) changed.add(part);
      builder.put(shelf, runs);
      if (!now) shelves.set(shelf, { stamp: text.of, index });
      left.delete(shelf);
      count++;
    } catch (error) {
      flaws.push(`${shelf} ${error instanceof Error ? error.message : error}`);
    }
  }
  for (const { index } of left.values()) {
    for (const part of partsIn(index)) changed.add(part);
  }
  return { builder, shelves, count, changed, flaws };
}

function rewrittenBy({ state }: Opened): string | null {
  return state.cursor.rewrittenBy ?? null;
}

/** Whether so many notes have changed that reading all of them costs less. */
function isMuch(
  { size }: ReadonlySet<string>,
  text: Pick<NotesText, "size">,
): boolean {
  return size > SOME_NOTES + Math.max(text.size, size) * MOST_CHANGED;
}

async function brought(
  at: Opened,
  builder: NotesTextBuilder,
  changed: ReadonlySet<string>,
  shelves: Shelves,
): Promise<SearchedNotes> {
  builder.change(changed, await readChanged(at, changed));
  const text = builder.build();
  return searchedNotes(at, text, shelves);
}

/** What was too large is known by no shelves. */
function searchedNotes(at: Opened, text: NotesText | null, shelves: Shelves) {
  return new SearchedNotes(text, text ? shelves : new Map(), rewrittenBy(at));
}

async function readWhole(
  at: Opened,
  shelves: Shelves,
): Promise<SearchedNotes> {
  return searchedNotes(at, await packAll(at), shelves);
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
    if (large === LARGE || some.length === SOME_NOTES) await pack();
    if (builder.isFull) return null;
  }
  await pack();
  return builder.build();
}

async function refreshed(
  at: Opened,
  last: SearchedNotes,
): Promise<SearchedNotes> {
  const { text } = last;
  // What was too large once is not read again and again to find out that it still is.
  if (!text) return last;
  const shelves = await readShelves(at);
  const changed = changedSince(last.shelves, shelves);
  if (rewrittenBy(at) !== last.rewrittenBy || isMuch(changed, text)) {
    return await readWhole(at, shelves);
  }
  return changed.size === 0
    ? searchedNotes(at, text, shelves)
    : await brought(at, text.toBuilder(MAX_BYTES), changed, shelves);
}

/** What is stored of the notes that have changed. */
async function readChanged(
  at: Opened,
  changed: ReadonlySet<string>,
): Promise<SearchedNote[]> {
  const left = new Set(changed);
  const notes: SearchedNote[] = [];
  // Of many most are new, and stand first in the list, where a row costs a quarter of a read of its own.
  const newest = left.size <= SOME_NOTES ? [] : at.port.list<NoteRow>(
    { prefix: at.k.notesByDate() },
    { reverse: true, limit: left.size + SOME_NOTES },
  );
  for await (const { key, value: row } of newest) {
    const part = String(key.at(-1));
    if (!row.truncated && left.delete(part)) notes.push({ ...row, part });
  }
  notes.push(...(await readNotes(at, [...left])).values());
  return notes;
}

/** Encoded ids of the notes that have changed, come or gone. */
function changedSince(before: Shelves, after: Shelves): Set<string> {
  const changed = new Set<string>();
  for (const n of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(n), after.get(n)];
    if (was?.stamp === is?.stamp) continue;
    const parts = changedParts(was?.index ?? [], is?.index ?? []);
    for (const part of parts) changed.add(part);
  }
  return changed;
}
