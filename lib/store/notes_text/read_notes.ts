import type { KvPort } from "../_kv.ts";
import { readBody } from "../_note_bodies.ts";
import { recordKey, type StoredNote } from "../_records.ts";
import type { TenantKeys } from "../keys.ts";
import type { SearchedNote } from "./cells.ts";

/** Notes read at a time: some hold as much as a value can. */
export const SOME_NOTES = 100;
/** Keys of one read of the database. */
const TEN = 10;

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
  for (let from = 0; from < parts.length; from += SOME_NOTES) {
    await readSome(at, parts.slice(from, from + SOME_NOTES), notes);
  }
  return notes;
}

async function readSome(
  { port, k }: NotesSource,
  parts: readonly string[],
  notes: Map<string, SearchedNote>,
): Promise<void> {
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
}
