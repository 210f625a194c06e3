import { addDays, dayStart } from "../domain/mod.ts";
import type { EachNoteQuery } from "../store/mod.ts";
import { choiceParam, dayParam, QueryError, textParam } from "./query.ts";

/** What the notes can be narrowed by, in addresses of pages, of their file and of the JSON endpoint. */
export const NOTE_FILTERS = {
  search: textParam()
    .describe("Text that the content or the author's name must hold."),
  author: textParam().describe("Text that the author's name must hold."),
  contact: textParam().describe("Id of the lead that the note is about."),
  from: dayParam().describe("First day of the notes, YYYY-MM-DD."),
  to: dayParam().describe("Last day of the notes, YYYY-MM-DD."),
};

/** What the page of notes and its file can be asked for. */
export const NOTES_LIST_QUERY = {
  ...NOTE_FILTERS,
  sort: choiceParam(["-date", "date"], "-date"),
};

/** The notes that an address asks for, as they were read. */
export interface AskedNotes {
  search?: string | undefined;
  author?: string | undefined;
  contact?: string | undefined;
  /** Days in the tenant's zone, both in. */
  from?: string | undefined;
  to?: string | undefined;
  sort?: "-date" | "date";
}

/** Before all dates and after them. */
const FIRST_DAY = "1000-01-01";
const LAST_DAY = "9990-01-01";

/**
 * The notes that an address asks for, as the store takes them.
 *
 * @throws {QueryError} when the days are the wrong way round.
 */
export function notesQueryOf(
  { search, author, contact, from, to, sort }: AskedNotes,
  zone: string,
): EachNoteQuery {
  if (from && to && from > to) {
    throw new QueryError("to", `${to} is before ${from}`);
  }
  return {
    ...search ? { search } : {},
    ...author ? { author } : {},
    ...contact ? { contact } : {},
    ...from || to
      ? {
        dates: {
          from: dayStart(from ?? FIRST_DAY, zone),
          to: dayStart(addDays(to ?? LAST_DAY, 1), zone),
        },
      }
      : {},
    ...sort === "date" ? { oldestFirst: true } : {},
  };
}
