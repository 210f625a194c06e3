import { nameOf } from "../../domain/mod.ts";
import type { NoteReader } from "../../store/mod.ts";
import { leadsThen } from "./leads.ts";
import type { PastRecords } from "./records.ts";

/** The notes that the portal knew by then, as they are now: it keeps one version of each. */
export function pastNotes(at: PastRecords): NoteReader {
  const { live, past } = at;
  const knownAt = past.moment;
  return {
    listNotes: (query) => live.listNotes({ ...query, knownAt }),
    newestNotes: async (limit) => {
      const list = await live.listNotes({ limit, knownAt });
      const ids = list.rows.flatMap(({ contactId }) => contactId ?? []);
      const leads = await leadsThen(at, ids);
      return {
        list,
        people: [...leads].map(([id, lead]) => [id, nameOf(lead)]),
      };
    },
    eachNote: (query) => live.eachNote({ ...query, knownAt }),
    getNote: async (id) => {
      const note = await live.getNote(id);
      return note && Date.parse(note.createdAt) <= knownAt ? note : null;
    },
  };
}
