import type { KvPort } from "../_kv.ts";
import { readBody } from "../_note_bodies.ts";
import { partsOf } from "../_parts.ts";
import { recordKey, type StoredNote } from "../_records.ts";
import type { TenantKeys } from "../keys.ts";
import type { SearchedNote } from "./cells.ts";

/** Notes read at a time: some hold as much as a value can. */
export const SOME_NOTES = 100;

/** Whose notes are read, and from where. */
export interface NotesSource {
  port: KvPort;
  k: TenantKeys;
}

/** Notes by their encoded ids, each whole, as far as they are stored. */
export async function readNotes(
  at: NotesSource,
  parts: readonly string[],
): Promise<Map<string, SearchedNote>> {
  const notes = new Map<string, SearchedNote>();
  for (const some of partsOf(parts, SOME_NOTES)) {
    await readSome(at, some, notes);
  }
  return notes;
}

async function readSome(
  { port, k }: NotesSource,
  parts: readonly string[],
  notes: Map<string, SearchedNote>,
): Promise<void> {
  const entries = await port.getMany<StoredNote>(
    parts.map((part) => recordKey(k, "notes", part)),
  );
  for (const [at, { value: note }] of entries.entries()) {
    if (!note) continue;
    const { noteDate, author } = note;
    // Where its parts are being replaced its bucket is too, so that it is read again.
    const { content } = note.body
      ? await readBody(port, k, note) ?? { content: note.preview }
      : note;
    notes.set(parts[at]!, { part: parts[at]!, noteDate, author, content });
  }
}
