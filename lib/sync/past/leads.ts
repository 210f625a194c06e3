import {
  ColumnTable,
  createdIn,
  type Lead,
  LEAD_LIST,
  type LeadRow,
  PROSPECT,
} from "../../domain/mod.ts";
import {
  idPart,
  type LeadReader,
  type LeadsPage,
  type LeadsQuery,
  toLeadRow,
} from "../../store/mod.ts";
import type { DayStream } from "../day_records.ts";
import { byId, type PastRecords } from "./records.ts";

/** The leads as raw tells them of that day. */
export function pastLeads(at: PastRecords): LeadReader {
  return {
    listLeads: (query) => listLeads(at, query),
    eachLead: (query) => eachLead(at, query),
    leadTable: () => leadTable(at),
    leadsOf: (ids) => leadsThen(at, ids),
  };
}

async function listLeads(
  at: PastRecords,
  { limit, after, created }: LeadsQuery,
): Promise<LeadsPage> {
  const { rows, total, end } = (await leadTable(at))
    .select({ ...newestFirst(created), after, limit });
  return { rows, total, end };
}

async function* eachLead(
  at: PastRecords,
  { created }: Pick<LeadsQuery, "created"> = {},
): AsyncGenerator<LeadRow> {
  yield* (await leadTable(at)).all(newestFirst(created));
}

async function leadTable(at: PastRecords): Promise<ColumnTable<LeadRow>> {
  const { leads } = await at.told("leads");
  return await at.kept(
    "leads",
    [leads],
    () => ColumnTable.from(LEAD_LIST.kinds, prospects(leads), idPart),
  );
}

/** Where raw does not tell them, as they are now: what names them, a note, is as it is now too. */
export async function leadsThen(
  at: PastRecords,
  ids: Iterable<string>,
): Promise<Map<string, Lead>> {
  if (await at.untold("leads")) return await at.live.leadsOf(ids);
  return await byId((await at.told("leads")).leads.some(ids));
}

async function* prospects(
  leads: DayStream<"leads">,
): AsyncGenerator<LeadRow> {
  for await (const lead of leads.records()) {
    const row = toLeadRow(lead);
    if (row.contactType === PROSPECT) yield row;
  }
}

/** As the list of leads runs unless told: the newest first, those without a date last. */
function newestFirst(created: LeadsQuery["created"]) {
  return {
    order: { field: "createdAt", down: true } as const,
    where: created ? [createdIn<LeadRow>("createdAt", created)] : [],
  };
}
