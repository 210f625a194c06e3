import type { Calendar } from "./_calendar.ts";
import type {
  DateStyle,
  ModelActivity,
  ModelLead,
  ModelNote,
  ModelOpportunity,
  Spelling,
  StageConfig,
  WireRow,
} from "./types.ts";

/** How one brand's records are spelt. */
export interface Dialect {
  spelling: Spelling;
  dateStyle: DateStyle;
  calendar: Calendar;
  marketField: string | null;
  unitsField: string | null;
}

function date(dialect: Dialect, isoText: string): string {
  return dialect.calendar.format(
    Date.parse(isoText) / 1000,
    dialect.dateStyle,
  );
}

export function wireLead(
  d: Dialect,
  lead: ModelLead,
  actionPlan: string,
): WireRow {
  const { typed } = lead;
  const custom: WireRow = {};
  if (d.marketField !== null) custom[d.marketField] = lead.market ?? "";
  if (d.unitsField !== null) {
    custom[d.unitsField] = lead.units === null ? "" : String(lead.units);
  }
  const place = {
    email: lead.email ?? "",
    phone: lead.phone ?? "",
    address: lead.address,
    city: lead.city ?? "",
    state: lead.state ?? "",
    zip: lead.zip,
  };
  if (d.spelling === "brief") {
    return {
      id: lead.id,
      first_name: typed.firstName,
      last_name: typed.lastName,
      company: typed.company,
      ...place,
      ...custom,
      ...briefDeal(d, lead),
    };
  }
  return {
    client_id: lead.id,
    firstName: typed.firstName,
    lastName: typed.lastName,
    compName: typed.company,
    ...place,
    whiteboard: "",
    deal_size: typed.dealSize,
    clients_sales_cycle: typed.stage,
    clients_lead_source: typed.source,
    clients_action_plan: actionPlan,
    contact_type: typed.contactType,
    assigned_user: typed.assignedUser,
    created: date(d, lead.createdAt),
    last_modified_date: date(d, lead.updatedAt),
    external_id: "",
    ...custom,
  };
}

export function wireOpportunity(
  d: Dialect,
  deal: ModelOpportunity,
  actionPlan: string,
): WireRow {
  const { typed } = deal;
  if (d.spelling === "brief") {
    return {
      id: deal.id,
      contact_id: deal.clientId,
      first_name: typed.firstName,
      last_name: typed.lastName,
      company: typed.company,
      ...briefDeal(d, deal),
    };
  }
  return {
    opportunity_id: deal.id,
    client_id: deal.clientId,
    firstName: typed.firstName,
    lastName: typed.lastName,
    compName: typed.company,
    contact_sales_cycle: typed.stage,
    deal_size: typed.dealSize,
    contact_lead_source: typed.source,
    contact_action_plan: actionPlan,
    contact_type: typed.contactType,
    assigned_user: typed.assignedUser,
    created: date(d, deal.createdAt),
    last_modified_date: date(d, deal.updatedAt),
  };
}

/** What leads and opportunities have in common in the brief's spelling. */
function briefDeal(d: Dialect, row: ModelLead | ModelOpportunity): WireRow {
  const { typed } = row;
  return {
    deal_size: typed.dealSize,
    stage: typed.stage,
    source: typed.source,
    contact_type: typed.contactType,
    assigned_user: typed.assignedUser,
    created_at: date(d, row.createdAt),
    updated_at: date(d, row.updatedAt),
  };
}

export function wireCycle(
  d: Dialect,
  stage: StageConfig,
  id: number,
): WireRow {
  const contactType = stage.contactType ?? "1";
  const order = stage.order === null ? "" : String(stage.order);
  const active = stage.active ? "1" : "0";
  if (d.spelling === "brief") {
    return {
      id: String(id),
      name: stage.name,
      active,
      order,
      likelihood: stage.likelihood,
      contact_type: contactType,
    };
  }
  return {
    sales_cycle_id: String(id),
    sales_cycle_name: stage.name,
    sales_cycle_active_status: active,
    sales_cycle_order: order,
    likelihood_to_close: stage.likelihood,
    contact_type: contactType,
    contact_type_name: contactType === "1" ? "Prospect" : "Franchisee",
  };
}

export function wireSource(d: Dialect, name: string, id: number): WireRow {
  return d.spelling === "brief"
    ? { id: String(id), name }
    : { lead_source_id: String(id), lead_source_name: name };
}

/** A note of the account-wide list: only the brief names its fields. */
export function wireNote(d: Dialect, note: ModelNote): WireRow {
  return {
    id: note.id,
    contact_id: note.contactId,
    date: date(d, note.noteDate),
    author: note.author,
    content: note.content,
  };
}

/** A note of a client's history, whose documented fields nobody has published. */
export function wireHistoryNote(d: Dialect, note: ModelNote): WireRow {
  if (d.spelling === "brief") return wireNote(d, note);
  return {
    note_id: note.id,
    client_id: note.contactId,
    created: date(d, note.noteDate),
    created_by: note.author,
    note: note.content,
  };
}

/** An activity: the brief's six fields, and the person's id in the documented spelling. */
export function wireActivity(d: Dialect, activity: ModelActivity): WireRow {
  const row: WireRow = {
    id: activity.id,
    type: activity.type,
    scheduled_at: date(d, activity.scheduledAt),
    contact_name: activity.contactName,
    description: activity.description,
    status: activity.status,
  };
  if (d.spelling === "documented") row.client_id = activity.contactId;
  return row;
}
