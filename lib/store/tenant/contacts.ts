import type { ActivityRow, NoteRow } from "../../domain/mod.ts";
import type { Sized } from "../list_cache.ts";
import type { Opened } from "./opened.ts";
import { readAll } from "../_read.ts";
import { notesKnownAt } from "./notes.ts";

/** When somebody last had to do with a tenant's people. */
export interface ContactReader {
  /**
   * By person the date of the newest note that has one, ISO 8601 UTC. One read for each version of the data, else none.
   *
   * @param knownAt only notes that the portal knew by then, epoch milliseconds, as they are now; read anew each time
   */
  lastNotes(knownAt?: number): Promise<ReadonlyMap<string, string>>;
  /** By person all activities, in no order; those that name no person are left out. One read. */
  activitiesByContact(): Promise<ReadonlyMap<string, ActivityRow[]>>;
}

/** About what a person takes in memory. */
const BYTES_A_PERSON = 120;

interface LastNotes extends Sized {
  readonly dates: ReadonlyMap<string, string>;
}

/** Reads them under the keys of an opened tenant. */
export function contactReader(at: Opened): ContactReader {
  const { port, k, tenantId, lists, state } = at;
  const name = { tenantId, list: "last notes", version: state.dataVersion };
  return {
    lastNotes: async (knownAt) => {
      if (knownAt !== undefined) return await newestKnownAt(at, knownAt);
      const { dates } = await lists.get<LastNotes>(name, async () => {
        const dates = await newestDates(at);
        return { dates, bytes: dates.size * BYTES_A_PERSON };
      });
      return dates;
    },
    activitiesByContact: async () =>
      byContact(await readAll<ActivityRow>(port, k.activitiesByContact())),
  };
}

/** Activities by their person. */
export function byContact(
  rows: Iterable<ActivityRow>,
): Map<string, ActivityRow[]> {
  const found = new Map<string, ActivityRow[]>();
  for (const row of rows) {
    if (row.contactId === null) continue;
    const own = found.get(row.contactId);
    if (own) own.push(row);
    else found.set(row.contactId, [row]);
  }
  return found;
}

async function newestDates(at: Opened): Promise<Map<string, string>> {
  const newest = new Map<string, string>();
  for await (const { contactId, noteDate } of eachDated(at)) {
    newest.set(contactId, noteDate);
  }
  return newest;
}

/** One read, and one more for as many notes as the person who has most of them had written in later. */
async function newestKnownAt(
  at: Opened,
  instant: number,
): Promise<Map<string, string>> {
  const moment = new Date(instant).toISOString();
  const left = new Map<string, DatedNote[]>();
  for await (const row of eachDated(at)) {
    if (row.noteDate > moment) continue;
    const own = left.get(row.contactId);
    if (own) own.push(row);
    else left.set(row.contactId, [row]);
  }
  const newest = new Map<string, string>();
  while (left.size > 0) {
    const tried = [...left.values()].flatMap((own) => own.at(-1) ?? []);
    const known = await notesKnownAt(at.port, at.k, tried, instant);
    const ids = new Set(known.map(({ id }) => id));
    for (const { id, contactId, noteDate } of tried) {
      const own = left.get(contactId)!;
      own.pop();
      if (ids.has(id)) newest.set(contactId, noteDate);
      if (ids.has(id) || own.length === 0) left.delete(contactId);
    }
  }
  return newest;
}

type DatedNote = NoteRow & { contactId: string; noteDate: string };

/** Those of a person from the oldest to the newest. */
async function* eachDated({ port, k }: Opened): AsyncGenerator<DatedNote> {
  const list = port.list<NoteRow>({ prefix: k.notesByContact() });
  for await (const { value: { contactId, noteDate, ...row } } of list) {
    if (contactId === null || noteDate === null) continue;
    yield { ...row, contactId, noteDate };
  }
}
