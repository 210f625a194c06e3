import type { NoteReader } from "../../store/mod.ts";
import type { PastRecords } from "./records.ts";

/** The notes that the portal knew by then, as they are now: it keeps one version of each. */
export function pastNotes({ live, past }: PastRecords): NoteReader {
  const knownAt = past.moment;
  return {
    listNotes: (query) => live.listNotes({ ...query, knownAt }),
    eachNote: (query) => live.eachNote({ ...query, knownAt }),
    getNote: async (id) => {
      const note = await live.getNote(id);
      return note && Date.parse(note.createdAt) <= knownAt ? note : null;
    },
  };
}
