import { byContact, type ContactReader } from "../../store/mod.ts";
import type { PastRecords } from "./records.ts";
import { activitiesThen, overBy } from "./schedule.ts";

/** People as somebody had had to do with them by then, by the notes that the portal knew and the activities of that day. */
export function pastContacts(at: PastRecords): ContactReader {
  const { live, past } = at;
  return {
    lastNotes: () => live.lastNotes(past.moment),
    activitiesByContact: async () => {
      const told = await activitiesThen(at);
      const now = await live.activitiesByContact();
      return byContact([
        ...overBy(at, [...now.values()].flat(), told),
        ...told,
      ]);
    },
  };
}
