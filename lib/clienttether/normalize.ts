import {
  type Activity,
  type Lead,
  NEW_LEAD,
  type Note,
  type Opportunity,
  PROSPECT,
  type RecordOf,
  type SalesCycle,
  type StreamName,
} from "../domain/mod.ts";
import { createReader, type Reader } from "./_reader.ts";
import type { NormalizeSettings } from "./hash.ts";
import { type RawRow, ROW_FLAGS } from "./types.ts";
import { readWire, type WireOf } from "./wire.ts";

/** A record by the product's own types, or the reason why the row goes to quarantine. */
export type Normalized<R> = { ok: true; record: R } | {
  ok: false;
  reason: string;
};

/** What a note or an activity needs beside its row. */
export interface NormalizeContext {
  /** When the portal stored the record first, ISO 8601 in UTC. */
  firstStoredAt: string;
  /** The contact whose history was asked for, where its notes do not name it. */
  contactId?: string | undefined;
}

type Build<S extends StreamName> = (
  at: { id: string; row: RawRow; wire: WireOf[S]; read: Reader },
) => Normalized<RecordOf[S]>;

/** One function per stream: a row as it came -> a record. */
export const normalize = {
  cycle: (row: RawRow, settings: NormalizeSettings): Normalized<SalesCycle> =>
    build("cycles", row, settings, cycle),
  lead: (row: RawRow, settings: NormalizeSettings): Normalized<Lead> =>
    build("leads", row, settings, lead),
  opportunity: (
    row: RawRow,
    settings: NormalizeSettings,
  ): Normalized<Opportunity> =>
    build("opportunities", row, settings, opportunity),
  note: (
    row: RawRow,
    settings: NormalizeSettings,
    context: NormalizeContext,
  ): Normalized<Note> => build("notes", row, settings, note(context)),
  activity: (
    row: RawRow,
    settings: NormalizeSettings,
    context: NormalizeContext,
  ): Normalized<Activity> =>
    build("activities", row, settings, activity(context)),
};

type ByStream = {
  [S in StreamName]: (
    row: RawRow,
    settings: NormalizeSettings,
    context: NormalizeContext,
  ) => Normalized<RecordOf[S]>;
};

const BY_STREAM: ByStream = {
  cycles: normalize.cycle,
  leads: normalize.lead,
  opportunities: normalize.opportunity,
  notes: normalize.note,
  activities: normalize.activity,
};

/** The record of a row of any stream. Never throws for what a row holds. */
export function normalizeRow<S extends StreamName>(
  stream: S,
  row: RawRow,
  settings: NormalizeSettings,
  context: NormalizeContext,
): Normalized<RecordOf[S]> {
  return BY_STREAM[stream](row, settings, context);
}

/**
 * Why a row has no record: the reason that `normalizeRow` gives, or null where it gives a record. Costs next to
 * nothing, since a record is made of everything that has an id; only of a sales cycle more is asked.
 */
export function refusalOf(
  stream: StreamName,
  row: RawRow,
  settings: NormalizeSettings,
  context: NormalizeContext,
): string | null {
  if (stream !== "cycles") return unreadable(row);
  const result = normalizeRow(stream, row, settings, context);
  return result.ok ? null : result.reason;
}

function unreadable(row: RawRow): string | null {
  for (const flag of ["not_an_object", "too_deep"] as const) {
    if (row.flags.includes(flag)) return ROW_FLAGS[flag];
  }
  return row.id === null ? "id is missing" : null;
}

function build<S extends StreamName>(
  stream: S,
  row: RawRow,
  settings: NormalizeSettings,
  make: Build<S>,
): Normalized<RecordOf[S]> {
  const reason = unreadable(row);
  if (reason !== null) return { ok: false, reason };
  const { wire, remarks } = readWire(stream, row.value);
  if (row.flags.includes("invalid_utf8")) remarks.push(ROW_FLAGS.invalid_utf8);
  const read = createReader(row, settings, remarks);
  return make({ id: row.id!, row, wire, read });
}

const cycle: Build<"cycles"> = ({ id, wire, read }) => {
  const name = read.text(wire.sales_cycle_name);
  if (name === null) return { ok: false, reason: "name is missing" };
  const record: SalesCycle = {
    id,
    name,
    contactType: read.text(wire.contact_type) ?? PROSPECT,
    contactTypeName: read.line(wire.contact_type_name),
    active: isActive(wire.sales_cycle_active_status, read),
    order: read.number("sales_cycle_order", wire.sales_cycle_order),
    likelihoodPct: read.likelihood(
      "likelihood_to_close",
      wire.likelihood_to_close,
    ),
    remarks: read.remarks,
  };
  return { ok: true, record };
};

/** "1" is active. A cycle that says nothing about it is taken as active: not to say so is not to be retired. */
function isActive(value: unknown, read: Reader): boolean {
  if (value === undefined) {
    read.remarks.push("sales_cycle_active_status: missing, taken as active");
    return true;
  }
  return ["1", "true", "active"].includes(String(value).trim().toLowerCase());
}

const lead: Build<"leads"> = ({ id, wire, read }) => {
  const city = read.line(wire.city);
  const state = read.line(wire.state);
  const place = [city, state].filter((part) => part !== null).join(", ");
  const record: Lead = {
    id,
    ...personOf(wire, read),
    email: read.line(wire.email),
    phone: read.line(wire.phone),
    city,
    state,
    market: marketOf(wire, read) ?? (place === "" ? null : place),
    units: unitsOf(wire, read),
    source: read.line(wire.clients_lead_source),
    stage: read.text(wire.clients_sales_cycle) ?? NEW_LEAD,
    ...dealOf(wire, read),
    remarks: read.remarks,
  };
  return { ok: true, record };
};

const opportunity: Build<"opportunities"> = ({ id, wire, read }) => {
  const record: Opportunity = {
    id,
    clientId: wire.client_id,
    ...personOf(wire, read),
    source: read.line(wire.contact_lead_source),
    stage: read.text(wire.contact_sales_cycle) ?? NEW_LEAD,
    market: marketOf(wire, read),
    units: unitsOf(wire, read),
    ...dealOf(wire, read),
    remarks: read.remarks,
  };
  return { ok: true, record };
};

function note(context: NormalizeContext): Build<"notes"> {
  return ({ id, row, wire, read }) => {
    const record: Note = {
      id,
      contactId: wire.contact_id ?? context.contactId ?? null,
      noteDate: read.date("date", wire.date),
      author: read.person("author", wire.author),
      content: read.text(wire.content),
      raw: row.raw,
      createdAt: context.firstStoredAt,
      remarks: read.remarks,
    };
    return { ok: true, record };
  };
}

function activity(context: NormalizeContext): Build<"activities"> {
  return ({ id, row, wire, read }) => {
    const record: Activity = {
      id,
      activityType: read.line(wire.type),
      scheduledAt: read.date("scheduled_at", wire.scheduled_at),
      contactName: read.line(wire.contact_name),
      contactId: wire.contact_id,
      description: read.text(wire.description),
      status: read.line(wire.status),
      raw: row.raw,
      createdAt: context.firstStoredAt,
      remarks: read.remarks,
    };
    return { ok: true, record };
  };
}

/** What leads and opportunities spell alike on the wire. */
type Shared = Pick<
  WireOf["leads"] & WireOf["opportunities"],
  keyof WireOf["leads"] & keyof WireOf["opportunities"]
>;

function personOf(wire: Shared, read: Reader) {
  return {
    firstName: read.line(wire.firstName),
    lastName: read.line(wire.lastName),
    company: read.line(wire.compName),
  };
}

function dealOf(wire: Shared, read: Reader) {
  return {
    contactType: read.text(wire.contact_type) ?? PROSPECT,
    assignedTo: read.person("assigned_user", wire.assigned_user),
    dealSizeCents: read.cents("deal_size", wire.deal_size),
    createdAt: read.date("created", wire.created),
    updatedAt: read.date("last_modified_date", wire.last_modified_date),
  };
}

function marketOf(wire: Shared, read: Reader): string | null {
  return read.line(read.custom("market", wire.market));
}

function unitsOf(wire: Shared, read: Reader): number | null {
  return read.count("units", read.custom("units", wire.units));
}
