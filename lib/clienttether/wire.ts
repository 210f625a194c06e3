import * as z from "zod";
import type { StreamName } from "../domain/mod.ts";
import {
  ACTIVITY_FIELDS,
  CYCLE_FIELDS,
  type Field,
  LEAD_FIELDS,
  NOTE_FIELDS,
  OPPORTUNITY_FIELDS,
} from "./_fields.ts";
import { idText, isRecord, pick } from "./_pick.ts";

type Fields = Record<string, Field<z.ZodType>>;
type Shape<F extends Fields> = { [K in keyof F]: F[K]["schema"] };

function objectOf<F extends Fields>(fields: F) {
  return z.object(
    Object.fromEntries(
      Object.entries(fields).map(([name, { schema }]) => [name, schema]),
    ) as Shape<F>,
  );
}

/** The schema of a wire record: takes the row as it came, reads each field by its aliases, ignores the rest. */
function wire<F extends Fields>(fields: F) {
  return z.preprocess((row) => pickFields(fields, row), objectOf(fields));
}

/** A lead on the wire, under its documented names. Parsing fails where a field holds an object or a list. */
export const CTLeadResponse = wire(LEAD_FIELDS);
export type CTLeadResponse = z.infer<typeof CTLeadResponse>;
/** An opportunity on the wire, under its documented names. */
export const CTOpportunityResponse = wire(OPPORTUNITY_FIELDS);
export type CTOpportunityResponse = z.infer<typeof CTOpportunityResponse>;
/** A stage of a sales cycle on the wire, under its documented names. */
export const CTSalesCycleResponse = wire(CYCLE_FIELDS);
export type CTSalesCycleResponse = z.infer<typeof CTSalesCycleResponse>;
/** A note on the wire. */
export const CTNoteResponse = wire(NOTE_FIELDS);
export type CTNoteResponse = z.infer<typeof CTNoteResponse>;
/** A scheduled activity on the wire. */
export const CTActivityResponse = wire(ACTIVITY_FIELDS);
export type CTActivityResponse = z.infer<typeof CTActivityResponse>;

/** The wire record of each stream. */
export interface WireOf {
  cycles: CTSalesCycleResponse;
  leads: CTLeadResponse;
  opportunities: CTOpportunityResponse;
  notes: CTNoteResponse;
  activities: CTActivityResponse;
}

const FIELDS = {
  cycles: CYCLE_FIELDS,
  leads: LEAD_FIELDS,
  opportunities: OPPORTUNITY_FIELDS,
  notes: NOTE_FIELDS,
  activities: ACTIVITY_FIELDS,
} satisfies Record<StreamName, Fields>;

/** What parses a row whose fields are picked already. */
const OBJECTS: { [S in StreamName]: z.ZodType<WireOf[S]> } = {
  cycles: objectOf(CYCLE_FIELDS),
  leads: objectOf(LEAD_FIELDS),
  opportunities: objectOf(OPPORTUNITY_FIELDS),
  notes: objectOf(NOTE_FIELDS),
  activities: objectOf(ACTIVITY_FIELDS),
};

const ID_ALIASES: Record<StreamName, readonly string[]> = {
  cycles: CYCLE_FIELDS.sales_cycle_id.aliases,
  leads: LEAD_FIELDS.client_id.aliases,
  opportunities: OPPORTUNITY_FIELDS.opportunity_id.aliases,
  notes: NOTE_FIELDS.id.aliases,
  activities: ACTIVITY_FIELDS.id.aliases,
};

/** The upstream names of each field of a stream, the documented one first. For the connection check. */
export function fieldAliases(
  stream: StreamName,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(FIELDS[stream]).map((
      [name, { aliases }],
    ) => [name, aliases]),
  );
}

/** The id of a row by its stream's aliases; null when it has none. */
export function rowId(
  stream: StreamName,
  row: Record<string, unknown>,
): string | null {
  return idText(pick(row, ID_ALIASES[stream]));
}

/**
 * Reads a row under its documented names. A field that holds what it should not (an object where text is
 * expected) becomes null and is remarked; the other fields are read all the same.
 */
export function readWire<S extends StreamName>(
  stream: S,
  row: Record<string, unknown>,
): { wire: WireOf[S]; remarks: string[] } {
  const schema = OBJECTS[stream];
  const picked = pickFields(FIELDS[stream], row);
  const first = schema.safeParse(picked);
  if (first.success) return { wire: first.data, remarks: [] };
  const drifted = new Set(first.error.issues.map((i) => String(i.path[0])));
  const remarks: string[] = [];
  for (const name of drifted) {
    remarks.push(`${name}: ${kindOf(picked[name])} instead of text`);
    picked[name] = null;
  }
  return { wire: schema.parse(picked), remarks };
}

function pickFields(fields: Fields, row: unknown): Record<string, unknown> {
  const source = isRecord(row) ? row : {};
  const picked: Record<string, unknown> = {};
  for (const name in fields) picked[name] = pick(source, fields[name]!.aliases);
  return picked;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : typeof value;
}
