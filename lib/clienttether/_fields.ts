import * as z from "zod";
import { idText } from "./_pick.ts";

/** A value of the wire: ClientTether sends numbers as text, as numbers, or not at all. */
const scalar = z.union([z.string(), z.number()]).nullable().default(null);
/** Undefined where the field is not there at all: that says something else than a blank one. */
const flag = z.union([z.string(), z.number(), z.boolean()]).nullable()
  .optional();
/** A name, JSON text with `first_name` and `last_name`, or the same as an object. */
const person = z.union([
  z.string(),
  z.number(),
  z.record(z.string(), z.unknown()),
]).nullable().default(null);
const id = z.unknown().transform(idText);

/** One field of the wire. */
export interface Field<S extends z.ZodType> {
  schema: S;
  /** Upstream names, the documented one first. */
  aliases: readonly string[];
}

function field<S extends z.ZodType>(
  schema: S,
  ...aliases: string[]
): Field<S> {
  return { schema, aliases };
}

/** A client, which is a lead here. */
export const LEAD_FIELDS = {
  client_id: field(id, "client_id", "clientId", "id"),
  firstName: field(scalar, "firstName", "first_name", "firstname"),
  lastName: field(scalar, "lastName", "last_name", "lastname"),
  compName: field(scalar, "compName", "company", "company_name"),
  email: field(scalar, "email", "email_address"),
  phone: field(scalar, "phone", "phone_number"),
  city: field(scalar, "city"),
  state: field(scalar, "state"),
  market: field(scalar, "market", "territory", "desired_location"),
  units: field(scalar, "units", "number_of_units"),
  deal_size: field(scalar, "deal_size", "dealSize"),
  clients_sales_cycle: field(
    scalar,
    "clients_sales_cycle",
    "sales_cycle",
    "stage",
  ),
  clients_lead_source: field(
    scalar,
    "clients_lead_source",
    "lead_source",
    "source",
  ),
  contact_type: field(scalar, "contact_type", "contactType"),
  assigned_user: field(person, "assigned_user", "assignedUser", "assigned_to"),
  created: field(scalar, "created", "created_at", "createdAt"),
  last_modified_date: field(
    scalar,
    "last_modified_date",
    "lastModifiedDate",
    "updated_at",
    "updatedAt",
  ),
};

/** Upstream names of the time of the last change. */
export const UPDATED_ALIASES = LEAD_FIELDS.last_modified_date.aliases;

/** An opportunity; the name of its link to the client is not documented. */
export const OPPORTUNITY_FIELDS = {
  opportunity_id: field(id, "opportunity_id", "opportunityId", "id"),
  client_id: field(id, "client_id", "clientId", "contact_id", "contactId"),
  firstName: LEAD_FIELDS.firstName,
  lastName: LEAD_FIELDS.lastName,
  compName: LEAD_FIELDS.compName,
  market: LEAD_FIELDS.market,
  units: LEAD_FIELDS.units,
  deal_size: LEAD_FIELDS.deal_size,
  contact_sales_cycle: field(
    scalar,
    "contact_sales_cycle",
    "sales_cycle",
    "stage",
  ),
  contact_lead_source: field(
    scalar,
    "contact_lead_source",
    "lead_source",
    "source",
  ),
  contact_type: LEAD_FIELDS.contact_type,
  assigned_user: LEAD_FIELDS.assigned_user,
  created: LEAD_FIELDS.created,
  last_modified_date: LEAD_FIELDS.last_modified_date,
};

/** A stage of a sales cycle. */
export const CYCLE_FIELDS = {
  sales_cycle_id: field(id, "sales_cycle_id", "salesCycleId", "id"),
  sales_cycle_name: field(scalar, "sales_cycle_name", "name"),
  sales_cycle_active_status: field(
    flag,
    "sales_cycle_active_status",
    "active_status",
    "active",
  ),
  sales_cycle_order: field(scalar, "sales_cycle_order", "order"),
  likelihood_to_close: field(scalar, "likelihood_to_close", "likelihood"),
  contact_type: LEAD_FIELDS.contact_type,
  contact_type_name: field(scalar, "contact_type_name", "contactTypeName"),
};

/** A note; the fields of a history note are not documented. */
export const NOTE_FIELDS = {
  id: field(id, "id", "note_id", "noteId", "history_note_id", "history_id"),
  contact_id: field(id, "contact_id", "contactId", "client_id", "clientId"),
  date: field(
    scalar,
    "date",
    "note_date",
    "noteDate",
    "created",
    "created_at",
    "createdAt",
  ),
  author: field(
    person,
    "author",
    "user",
    "user_name",
    "created_by",
    "createdBy",
  ),
  content: field(scalar, "content", "note", "text", "body", "description"),
  last_modified_date: LEAD_FIELDS.last_modified_date,
};

/** A scheduled activity. */
export const ACTIVITY_FIELDS = {
  id: field(id, "id", "activity_id", "activityId"),
  type: field(scalar, "type", "activity_type", "activityType"),
  scheduled_at: field(
    scalar,
    "scheduled_at",
    "scheduledAt",
    "start",
    "start_date",
    "date",
  ),
  contact_name: field(scalar, "contact_name", "contactName", "client_name"),
  contact_id: field(id, "contact_id", "contactId", "client_id", "clientId"),
  description: field(scalar, "description", "notes", "details"),
  status: field(scalar, "status", "activity_status"),
  last_modified_date: LEAD_FIELDS.last_modified_date,
};
