import type { TenantHead, TenantStore } from "../store/mod.ts";
import {
  nothingRecent,
  pastKept,
  pastReports,
  pastRuns,
  pastViews,
} from "./past/kept.ts";
import { pastContacts } from "./past/contacts.ts";
import { pastHistory } from "./past/history.ts";
import { pastLeads } from "./past/leads.ts";
import { pastNotes } from "./past/notes.ts";
import { pastOpportunities } from "./past/opportunities.ts";
import { pastPerson } from "./past/person.ts";
import { type DayStanding, PastRecords } from "./past/records.ts";
import { pastSchedule } from "./past/schedule.ts";

/**
 * A tenant's data as it stood at the end of an earlier day, for reading. Nothing that came later is in it.
 *
 * Figures are those that were kept. Lists are told from raw, at the cost of one list read and one read for each
 * chunk, the first time that a day is asked for; where raw does not tell them, the page is empty and says so. Of notes
 * the portal keeps one version: those that it knew by then are shown as they are now.
 *
 * @param live the tenant as the guard has opened it
 */
export function pastStore(live: TenantStore, past: DayStanding): TenantStore {
  const at = new PastRecords(live, past);
  return {
    ...pastHead(at),
    ...pastKept(at),
    ...pastViews(at),
    ...nothingRecent(),
    ...pastHistory(at),
    ...pastLeads(at),
    ...pastOpportunities(at),
    ...pastContacts(at),
    ...pastNotes(at),
    ...pastPerson(at),
    ...pastSchedule(at),
    ...pastReports(at),
    ...pastRuns(at),
  };
}

function pastHead(at: PastRecords): TenantHead {
  const { live, past } = at;
  return {
    id: live.id,
    tenant: { ...live.tenant, ...past.settings },
    status: live.status,
    raw: live.raw,
    stored: live.stored,
    opened: past.sync,
    syncState: () => Promise.resolve(past.sync),
    untold: (...streams) => at.untold(...streams),
  };
}
