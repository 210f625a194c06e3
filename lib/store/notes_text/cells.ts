import { fold, type Note } from "../../domain/mod.ts";

/** What is packed of a note; `part`: its encoded id. */
export interface SearchedNote
  extends Pick<Note, "noteDate" | "author" | "content"> {
  part: string;
}

/** A note as searches compare it. */
export interface Cells {
  /** Its encoded id. */
  part: string;
  /** Epoch milliseconds, or `UNDATED`. */
  time: number;
  author: string;
  text: string;
}

/** Before all dates: notes without one stand last. */
export const UNDATED = -Infinity;

export function cellsOf(
  { part, noteDate, author, content }: SearchedNote,
): Cells {
  return {
    part,
    time: noteDate === null ? UNDATED : Date.parse(noteDate),
    author: fold(author ?? ""),
    text: fold(content ?? ""),
  };
}
