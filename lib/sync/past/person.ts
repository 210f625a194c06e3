import { trailAt } from "../../domain/mod.ts";
import type {
  PersonQuery,
  PersonReader,
  PersonRecords,
} from "../../store/mod.ts";
import { trailsThen } from "./history.ts";
import { cyclesThen, opportunitiesThen } from "./opportunities.ts";
import { byIdPart } from "./order.ts";
import type { PastRecords } from "./records.ts";
import { activitiesThen, overBy } from "./schedule.ts";

/** What is told of a person. */
const OF_A_PERSON = [
  "cycles",
  "leads",
  "opportunities",
  "activities",
] as const;

/** People as raw tells them of that day, with the notes that the portal knew by then. */
export function pastPerson(at: PastRecords): PersonReader {
  return { person: (id, query) => personThen(at, id, query) };
}

async function personThen(
  at: PastRecords,
  id: string,
  query: PersonQuery,
): Promise<PersonRecords | null> {
  const { live, past } = at;
  const now = await live.person(id, { ...query, knownAt: past.moment });
  const left = now?.removedAt ?? null;
  const told = await toldOf(at, id);
  const person: PersonRecords = {
    id,
    lead: null,
    removedAt: left !== null && Date.parse(left) <= past.moment ? left : null,
    stays: trailAt({ stays: now?.stays ?? [], at: "" }, at.moment)?.stays ?? [],
    opportunities: [],
    notes: now?.notes ?? [],
    noteCount: now?.noteCount ?? 0,
    cycles: [],
    ...told,
    activities: [
      ...overBy(at, now?.activities ?? [], told.activities ?? []),
      ...told.activities ?? [],
    ],
  };
  if (await at.untold(...OF_A_PERSON)) return now && person;
  const isKnown = person.lead || person.removedAt || person.noteCount > 0 ||
    person.opportunities.length > 0 || person.activities.length > 0;
  return isKnown ? person : null;
}

/** What raw tells of a person; nothing where it does not. */
async function toldOf(
  at: PastRecords,
  id: string,
): Promise<Partial<PersonRecords>> {
  if (await at.untold(...OF_A_PERSON)) return {};
  const { leads } = await at.told("leads");
  const [lead = null] = await Array.fromAsync(leads.some([id]));
  const opportunities = (await opportunitiesThen(at))
    .filter(({ clientId }) => clientId === id).sort(byIdPart);
  const trails = await trailsThen(
    at,
    "opportunities",
    opportunities.map((one) => one.id),
  );
  return {
    lead,
    opportunities: opportunities.map((one) => ({
      ...one,
      stays: trails.get(one.id)?.stays ?? [],
    })),
    activities: (await activitiesThen(at))
      .filter(({ contactId }) => contactId === id),
    cycles: await cyclesThen(at),
  };
}
