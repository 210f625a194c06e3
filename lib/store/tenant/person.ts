import type {
  ActivityRow,
  Lead,
  NoteRow,
  Opportunity,
  SalesCycle,
  StageStay,
  Tombstone,
} from "../../domain/mod.ts";
import type { StoredLead, StoredOpportunity } from "../_records.ts";
import { idPart } from "../keys.ts";
import type { Opened } from "./opened.ts";
import { readAll, recordsOf } from "../_read.ts";
import { notesKnownAt } from "./notes.ts";
import { withoutPlace } from "./opportunities.ts";

/** How much of a person is read. */
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

/** All that is stored of one person of a tenant. */
export interface PersonReader {
  /** What is stored of a person; null where nothing is, and nothing tells that there was anything. */
  person(id: string, query: PersonQuery): Promise<PersonRecords | null>;
}

/** Reads people under the keys of an opened tenant. */
export function personReader(at: Opened): PersonReader {
  return { person: (id, query) => readPerson(at, id, query) };
}

/** Reads a person, in at most six reads. Null where nothing is stored of this id. */
async function readPerson(
  { port, k }: Opened,
  id: string,
  query: PersonQuery,
): Promise<PersonRecords | null> {
  const [lead, tombstone] = await port.getMany<unknown>([
    k.lead(id),
    k.tombstone("leads", idPart(id)),
  ]);
  const [opportunities, allNotes, activities, cycles] = await Promise.all([
    readOpportunities({ port, k }, id),
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

async function readOpportunities(
  { port, k }: Pick<Opened, "port" | "k">,
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
