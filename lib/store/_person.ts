import type {
  ActivityRow,
  Lead,
  NoteRow,
  Opportunity,
  SalesCycle,
  StageStay,
  Tombstone,
} from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import type { StoredLead, StoredNote, StoredOpportunity } from "./_records.ts";
import { idPart, type Key, type TenantKeys } from "./keys.ts";

export interface PersonQuery {
  /** Notes to give, the newest ones. */
  notes: number;
  /** Only notes that the portal knew by then, epoch milliseconds, as they are now; one read more. */
  knownAt?: number;
}

/** An opportunity with its stays in stages, oldest first. */
export interface FollowedOpportunity extends Opportunity {
  stays: StageStay[];
}

/** What is stored of a person. */
export interface PersonRecords {
  id: string;
  /** Null for one whom ClientTether lists no longer, or never did. */
  lead: Lead | null;
  /** Start of the sync that found the person gone, ISO 8601 UTC; null for one who is there, or never was. */
  removedAt: string | null;
  /** The stays in stages, oldest first; of a person who is gone those until then. */
  stays: StageStay[];
  /** By id. */
  opportunities: FollowedOpportunity[];
  /** Newest first. */
  notes: NoteRow[];
  /** How many there are, `notes` among them. */
  noteCount: number;
  /** Soonest first; those without a date before all others. */
  activities: ActivityRow[];
  /** Of the whole tenant: what a stage counts as. */
  cycles: SalesCycle[];
}

/** Reads a person, in at most six reads. Null where nothing is stored of this id. */
export async function readPerson(
  port: KvPort,
  k: TenantKeys,
  id: string,
  query: PersonQuery,
): Promise<PersonRecords | null> {
  const [lead, tombstone] = await port.getMany<unknown>([
    k.lead(id),
    k.tombstone("leads", idPart(id)),
  ]);
  const [opportunities, allNotes, activities, cycles] = await Promise.all([
    readOpportunities(port, k, id),
    readAll<NoteRow>(port, [...k.notesByContact(), idPart(id)]),
    readAll<ActivityRow>(port, [...k.activitiesByContact(), idPart(id)]),
    readAll<SalesCycle>(port, k.cycles()),
  ]);
  const { knownAt } = query;
  const notes = knownAt === undefined
    ? allNotes
    : await notesKnownAt(port, k, allNotes, knownAt);
  const isKnown = lead?.value || tombstone?.value || notes.length > 0 ||
    opportunities.length > 0 || activities.length > 0;
  if (!isKnown) return null;
  const { trail, ...known } = (lead?.value ?? {}) as Partial<StoredLead>;
  const gone = tombstone?.value as Tombstone | null | undefined;
  return {
    id,
    lead: lead?.value ? known as Lead : null,
    removedAt: gone?.removedAt ?? null,
    stays: (trail ?? gone?.trail)?.stays ?? [],
    opportunities,
    notes: notes.reverse().slice(0, query.notes),
    noteCount: notes.length,
    activities,
    cycles,
  };
}

/** Those of the notes that the portal had stored by an instant, epoch milliseconds. One read. */
export async function notesKnownAt(
  port: KvPort,
  k: TenantKeys,
  rows: readonly NoteRow[],
  instant: number,
): Promise<NoteRow[]> {
  const ids = rows.map(({ id }) => id);
  const notes = await recordsOf<StoredNote>(port, ids, k.note);
  return rows.filter(({ id }) => {
    const note = notes.get(id);
    return note !== undefined && Date.parse(note.createdAt) <= instant;
  });
}

async function readOpportunities(
  port: KvPort,
  k: TenantKeys,
  clientId: string,
): Promise<FollowedOpportunity[]> {
  const rows = await readAll<{ id: string }>(
    port,
    [...k.opportunitiesByClient(), idPart(clientId)],
  );
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = await recordsOf<StoredOpportunity>(port, ids, k.opportunity);
  return [...found.values()].map((stored) => ({
    ...withoutPlace(stored),
    stays: stored.trail?.stays ?? [],
  }));
}

/** The records of these ids under their keys, as far as they are stored; one read, none for no id. */
export async function recordsOf<T>(
  port: KvPort,
  ids: Iterable<string>,
  keyOf: (id: string) => Key,
): Promise<Map<string, T>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const entries = await port.getMany<T>(wanted.map(keyOf));
  const records = new Map<string, T>();
  entries.forEach(({ value }, at) => {
    if (value !== null) records.set(wanted[at]!, value);
  });
  return records;
}

/** Every value below a prefix, in the order of the keys. */
export async function readAll<T>(port: KvPort, prefix: Key): Promise<T[]> {
  const values: T[] = [];
  for await (const { value } of port.list<T>({ prefix })) values.push(value);
  return values;
}

/** An opportunity as it was normalized. */
export function withoutPlace(
  { hot: _hot, trail: _trail, ...opportunity }: StoredOpportunity,
): Opportunity {
  return opportunity;
}
