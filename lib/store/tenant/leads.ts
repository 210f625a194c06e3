import {
  ColumnTable,
  type Lead,
  LEAD_LIST,
  type LeadRow,
  type Position,
  PROSPECT,
} from "../../domain/mod.ts";
import { datePart, idPart, type Key } from "../keys.ts";
import { type DatedPlace, datesOf, isBefore, type Span } from "./_dated.ts";
import type { Opened } from "./opened.ts";
import { recordsOf } from "../_read.ts";
import { settled, tableOf } from "./kept.ts";

/** Which page of the leads is read. */
export interface LeadsQuery {
  limit: number;
  /** Only what comes after this place. */
  after?: Position | undefined;
  /** Created in [from, to), epoch milliseconds. */
  created?: Span | undefined;
}

/** A page of leads; `end` is where it ends, null when nothing follows. */
export interface LeadsPage {
  rows: LeadRow[];
  total: number;
  end: Position | null;
}

/** The leads of a tenant. */
export interface LeadReader {
  /**
   * Prospects, newest first; those without a date last. One read; none where the first of them have been read in this
   * state of the tenant.
   */
  listLeads(query: LeadsQuery): Promise<LeadsPage>;
  /** All prospects in the same order, read while they are asked for. One read. */
  eachLead(query?: Pick<LeadsQuery, "created">): AsyncGenerator<LeadRow>;
  /** Every prospect, for lists that are sorted, filtered or searched. One read for each version of the data, else none. */
  leadTable(): Promise<ColumnTable<LeadRow>>;
  /** The leads of these ids, as far as they are stored. One read. */
  leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>>;
}

/** Reads them under the keys of an opened tenant. */
export function leadReader(at: Opened): LeadReader {
  return {
    listLeads: (query) =>
      query.after || query.created
        ? listLeads(at, query)
        : settled(at, `leads ${query.limit}`, () => listLeads(at, query)),
    eachLead: (query) => eachLead(at, query),
    leadTable: () =>
      tableOf(
        at,
        "leads",
        () => ColumnTable.from(LEAD_LIST.kinds, eachLead(at), idPart),
      ),
    leadsOf: (ids) => recordsOf(at.port, ids, at.k.lead),
  };
}

async function listLeads(
  at: Opened,
  { limit, after, created }: LeadsQuery,
): Promise<LeadsPage> {
  const rows: LeadRow[] = [];
  let total = 0;
  let end: Position | null = null;
  // With a span every row of it is looked at, since the total counts them all.
  const list = created
    ? prospects(at, datesOf(at.k.leadsByCreated(), created))
    : prospects(at, leadsAfter(at, after), limit + 1);
  const from = created && after ? placeOf(after) : null;
  for await (const { key, value } of list) {
    total++;
    if (from && !isBefore(key, from)) continue;
    if (rows.length === limit) {
      const last = rows.at(-1)!;
      end = { key: last.createdAt, id: idPart(last.id) };
      if (!created) break;
      continue;
    }
    if (rows.length < limit) rows.push(value);
  }
  return {
    rows,
    total: created ? total : Math.max(at.state.prospects, rows.length),
    end,
  };
}

async function* eachLead(
  at: Opened,
  { created }: Pick<LeadsQuery, "created"> = {},
): AsyncGenerator<LeadRow> {
  const selector = created
    ? datesOf(at.k.leadsByCreated(), created)
    : leadsAfter(at);
  for await (const { value } of prospects(at, selector)) yield value;
}

function leadsAfter({ k }: Opened, after?: Position): Deno.KvListSelector {
  const prefix = k.leadsByCreated();
  return after ? { prefix, end: [...prefix, ...placeOf(after)] } : { prefix };
}

/** Newest first; a row that an older release wrote lacks what came later. */
async function* prospects(
  { port }: Opened,
  selector: Deno.KvListSelector,
  pageSize = 1000,
): AsyncGenerator<{ key: Key; value: LeadRow }> {
  const list = port.list<LeadRow>(selector, { reverse: true, pageSize });
  for await (const { key, value } of list) {
    if (value.contactType === PROSPECT) yield { key, value: wholeRow(value) };
  }
}

/** The place of a lead among the keys of the index. */
function placeOf({ key, id }: Position): DatedPlace {
  return [datePart(key === null ? null : String(key)), id];
}

function wholeRow(row: LeadRow): LeadRow {
  const { updatedAt = null, assignedTo = null, dealSizeCents = null } = row;
  return { ...row, updatedAt, assignedTo, dealSizeCents };
}
