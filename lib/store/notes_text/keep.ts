import { commitAll } from "../_commit_all.ts";
import { giveWay, isTimeToGiveWay } from "../give_way.ts";
import type { Key } from "../keys.ts";
import type { Leased } from "../sync/leased.ts";
import { changedParts, partsIn, readShelves, type Shelf } from "./shelves.ts";
import { type Cells, cellsOf } from "./cells.ts";
import {
  type Packed,
  packShelfText,
  type ShelfText,
  unpackShelfText,
} from "./pack.ts";
import { readNotes } from "./read_notes.ts";
import {
  deletesOf,
  type StoredText,
  storedText,
  storedTexts,
  textChanges,
} from "./rows.ts";

/** What a run may do to the stored text of the notes. */
export interface NotesTextJob {
  /** Rows that may be written and deleted. */
  writes: number;
  /** Notes that may have changed since their text was stored; beyond, whatever is behind is written anew. */
  mostBehind: number;
  /** False: all of it goes. */
  wanted: boolean;
  /** The replay that wrote records last. */
  rewrittenBy: string | null;
}

/** How the stored text stands then. */
export interface NotesTextKept {
  /** Notes that a search has to read beside it. */
  behind: number;
  /** How many shelves have notes. */
  shelves: number;
  /** Whether there was more to do than might be written. */
  unfinished: boolean;
}

/** A shelf whose text is not what its notes are. */
interface Behind {
  shelf: number;
  now: Shelf | undefined;
  /** The rows that stand for it. */
  keys: Key[];
  /** Notes that a search reads beside it. */
  notes: number;
  /** Whether its rows hold, or may hold, a note that is gone. */
  holdsGone: boolean;
}

/** Text beyond which none is read, see `_searched_notes.ts`; bytes before they are packed. */
const MOST_BYTES = 56 * 1024 * 1024;
/** Texts in a row that were too large for what is left, until the rest is left to the next run. */
const MISFITS = 3;

/**
 * Brings the stored text of the notes up to date, as far as it is worth the writes: a shelf with the text of a note
 * that is gone always, the others once many notes have changed. Reads a shelf at a time. Cut off anywhere each shelf
 * is what it was or what it is, or is told to be damaged.
 *
 * @throws {LeaseLostError} when the lease is lost.
 */
export async function keepNotesText(
  at: Leased,
  job: NotesTextJob,
): Promise<NotesTextKept> {
  const { all, bytes, count } = await allBehind(at, job);
  const sum = () => all.reduce((sum, { notes }) => sum + notes, 0);
  const isMuch = sum() > job.mostBehind && bytes <= MOST_BYTES;
  let left = MOST_BYTES - bytes;
  const due = all.filter(({ holdsGone }) => holdsGone || isMuch)
    .sort((a, b) =>
      Number(b.holdsGone) - Number(a.holdsGone) || b.notes - a.notes
    );
  let { writes } = job;
  let misfits = 0;
  let done = 0;
  for (const one of due) {
    if (writes <= 0 || misfits === MISFITS || left < 0) break;
    const { changes, size } = await changesFor(at, one, job);
    if (changes.length > writes) {
      misfits++;
      continue;
    }
    await commitAll(at.lease, changes);
    writes -= changes.length;
    left -= size;
    done++;
    one.notes = 0;
  }
  return { behind: sum(), shelves: count, unfinished: done < due.length };
}

/** Deletes what is stored of every shelf that has changed since, so that nothing is left of what is gone. */
export async function dropStaleText(
  at: Omit<Leased, "tenantId">,
): Promise<void> {
  const shelves = await readShelves(at);
  for await (const { shelf, keys, text } of storedTexts(at)) {
    if (text && text.of === shelves.get(shelf)?.stamp) continue;
    await commitAll(at.lease, deletesOf(keys));
  }
}

async function allBehind(
  at: Leased,
  job: NotesTextJob,
): Promise<{ all: Behind[]; bytes: number; count: number }> {
  const shelves = job.wanted ? await readShelves(at) : new Map();
  const count = shelves.size;
  const all: Behind[] = [];
  let bytes = 0;
  for await (const stored of storedTexts(at)) {
    if (isTimeToGiveWay()) await giveWay();
    const { shelf, keys, text } = stored;
    const now = shelves.get(shelf);
    shelves.delete(shelf);
    const one = { shelf, now, keys, ...standing(stored, now, job) };
    if (one.notes > 0 || one.holdsGone) all.push(one);
    else bytes += text?.size ?? 0;
  }
  for (const [shelf, now] of shelves) {
    if (isTimeToGiveWay()) await giveWay();
    const notes = partsIn(now.index).length;
    all.push({ shelf, now, keys: [], notes, holdsGone: false });
  }
  return { all, bytes, count };
}

function standing(
  stored: StoredText,
  now: Shelf | undefined,
  job: NotesTextJob,
): Pick<Behind, "notes" | "holdsGone"> {
  const index = now?.index ?? [];
  const before = unpacked(stored, now, job)?.index;
  if (!before) return { notes: partsIn(index).length, holdsGone: true };
  // Whoever wrote none of its notes has changed none.
  if (stored.text?.of === now?.stamp) return { notes: 0, holdsGone: false };
  const changed = changedParts(before, index);
  const after = new Set(partsIn(index));
  return {
    notes: changed.length,
    holdsGone: changed.some((part) => !after.has(part)),
  };
}

/** What is stored of a shelf; null where it cannot be used. */
function unpacked(
  { text, shelf }: StoredText,
  now: Shelf | undefined,
  { rewrittenBy }: NotesTextJob,
): ShelfText | null {
  if (!text) return null;
  if (text.of !== now?.stamp && text.rewrittenBy !== rewrittenBy) return null;
  try {
    const found = unpackShelfText(text);
    return found.shelf === shelf ? found : null;
  } catch {
    return null;
  }
}

/** Puts a shelf's notes in place of what is stored of it, or takes that away. */
async function changesFor(
  at: Leased,
  { shelf, now, keys }: Behind,
  job: NotesTextJob,
) {
  if (!now) return { changes: deletesOf(keys), size: 0 };
  const stored = await storedText(at, shelf, keys);
  const before = stored && unpacked(stored, now, job);
  const text = await packedAnew(at, shelf, now, before);
  const { stamp: of } = now;
  const { rewrittenBy } = job;
  const changes = textChanges(at.k, shelf, { ...text, of, rewrittenBy }, keys);
  return { changes, size: text.size };
}

async function packedAnew(
  at: Leased,
  shelf: number,
  now: Shelf,
  before: ShelfText | null,
): Promise<Packed> {
  const { index } = now;
  const changed = new Set(changedParts(before?.index ?? [], index));
  const cells: Cells[] = [];
  if (isTimeToGiveWay()) await giveWay();
  for (const run of before?.runs ?? []) {
    for (const one of run.cells()) {
      if (!changed.has(one.part)) cells.push(one);
    }
  }
  for (const note of (await readNotes(at, [...changed])).values()) {
    cells.push(cellsOf(note));
  }
  return await packShelfText(shelf, cells, index);
}
