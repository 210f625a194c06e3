import { cellsOf } from "../notes_text/cells.ts";
import {
  isSameText,
  packShelfText,
  unpackShelfText,
} from "../notes_text/pack.ts";
import { readNotes } from "../notes_text/read_notes.ts";
import { type StoredText, storedTexts } from "../notes_text/rows.ts";
import { partsIn, readShelves, type Shelf } from "../notes_text/shelves.ts";
import { addDifference, keyName } from "./_findings.ts";
import type { CheckContext } from "./_rows.ts";

/**
 * Compares the packed text of notes with the notes, shelf by shelf. What was packed of an earlier version of its
 * shelf, by another release or runtime, is as it may be: the next syncs put it right.
 */
export async function checkNotesText(context: CheckContext): Promise<void> {
  const { k, findings, signal } = context;
  const shelves = await readShelves(context);
  for await (const stored of storedTexts(context)) {
    signal?.throwIfAborted();
    findings.indexRows += stored.keys.length;
    const now = shelves.get(stored.shelf);
    const flaw = stored.flaw ?? await flawOf(context, stored, now);
    if (flaw === null) continue;
    const name = keyName([...k.notesTexts(), stored.shelf]);
    addDifference(findings, `${name}: ${flaw}`);
  }
}

async function flawOf(
  context: CheckContext,
  { shelf, text }: StoredText,
  now: Shelf | undefined,
): Promise<string | null> {
  if (!text) return null;
  const own = unpackedOrNull(text);
  if (own?.shelf !== shelf) return "cannot be unpacked";
  if (!now || text.of !== now.stamp) return null;
  const { index } = now;
  const notes = await readNotes(context, partsIn(index));
  const cells = [...notes.values()].map(cellsOf);
  return isSameText(text, await packShelfText(shelf, cells, index))
    ? null
    : "is not the text of its notes";
}

function unpackedOrNull(text: NonNullable<StoredText["text"]>) {
  try {
    return unpackShelfText(text);
  } catch {
    return null;
  }
}
