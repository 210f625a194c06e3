import type { NotesQuery } from "../store/mod.ts";
import { choiceParam, textParam } from "./query.ts";

/** What the page of notes and its file can be asked for. */
export const NOTES_LIST_QUERY = {
  search: textParam(),
  sort: choiceParam(["-date", "date"], "-date"),
};

/** The notes that an address asks for. */
export function notesQueryOf(
  { search, sort }: { search?: string | undefined; sort: "-date" | "date" },
): Pick<NotesQuery, "search" | "oldestFirst"> {
  return {
    ...search ? { search } : {},
    ...sort === "date" ? { oldestFirst: true } : {},
  };
}
