import type { NoteRow } from "../../domain/mod.ts";
import { decodeCursor, encodeCursor } from "../_cursor.ts";
import type { DatedPlace } from "./_dated.ts";
import type { NotesSearch, NotesText } from "./_notes_text.ts";
import type { Opened } from "./opened.ts";
import type { Page } from "./page.ts";

/** Rows that are read at a time where all of them are. */
const SOME = 100;

/** Which page of what a search finds. */
export interface FoundPageQuery extends NotesSearch {
  limit: number;
  offset?: number;
  cursor?: string;
  upwards: boolean;
  /** See `DatedPageQuery`. */
  narrowed: string;
}

/** A page of the notes that a search finds. One read. */
export async function foundPage(
  at: Opened,
  text: NotesText,
  { limit, offset = 0, cursor, upwards, narrowed, ...which }: FoundPageQuery,
): Promise<Page<NoteRow>> {
  const after = cursor === undefined
    ? null
    : decodeCursor(cursor, upwards, narrowed);
  const found = text.find(which, upwards);
  const start = after ? text.countUntil(found, after, upwards) : offset;
  const places = placesOf(text, found.subarray(start, start + limit));
  const last = places.at(-1);
  const hasMore = start + limit < found.length;
  return {
    rows: await rowsAt(at, places),
    total: found.length,
    hasMore,
    cursor: hasMore && last ? encodeCursor(last, upwards, narrowed) : null,
  };
}

/** Every note that a search finds, read while they are asked for. */
export async function* foundRows(
  at: Opened,
  text: NotesText,
  { oldestFirst, ...which }: NotesSearch & { oldestFirst?: boolean },
): AsyncGenerator<NoteRow> {
  const found = text.find(which, oldestFirst);
  for (let from = 0; from < found.length; from += SOME) {
    yield* await rowsAt(at, placesOf(text, found.subarray(from, from + SOME)));
  }
}

function placesOf(text: NotesText, found: Uint32Array): DatedPlace[] {
  return Array.from(found, (n) => text.place(n));
}

/** The rows at these places; one that a run has just removed or moved is left out. */
async function rowsAt(
  { port, k }: Opened,
  places: readonly DatedPlace[],
): Promise<NoteRow[]> {
  if (places.length === 0) return [];
  const rows = await port.getMany<NoteRow>(
    places.map((place) => [...k.notesByDate(), ...place]),
  );
  return rows.flatMap(({ value }) => value ?? []);
}
