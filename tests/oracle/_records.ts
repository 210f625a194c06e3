import type {
  SimulatedBrand,
  WireRow,
} from "../../lib/clienttether/simulator/mod.ts";
import { DAY_MS, instantOf } from "./_zone.ts";

/** Records as the oracle reads them from what the simulated CRM holds. */

export interface Stage {
  type: string;
  name: string;
  active: boolean;
  order: number | null;
  /** Per cent as it is written, "72.5"; null: none. */
  likelihood: string | null;
}

interface Standing {
  id: string;
  /** "1" is a prospect. */
  type: string;
  stage: string;
  cents: number | null;
}

export interface Person extends Standing {
  name: string | null;
  source: string | null;
  market: string | null;
  units: number | null;
  assigned: string | null;
  created: number | null;
  updated: number | null;
}

export interface Deal extends Standing {
  clientId: string | null;
  name: string | null;
  created: number | null;
  updated: number | null;
}

export interface Note {
  id: string;
  contactId: string;
  date: number;
  author: string;
  content: string;
}

export interface Activity {
  id: string;
  type: string;
  at: number;
  contactId: string;
  contact: string;
  description: string;
  status: string;
}

/** Until 2100. */
const MOST_DAYS = 47_481;

/** Everything that a brand's CRM holds at a moment. */
export interface Records {
  stages: Stage[];
  people: Map<string, Person>;
  deals: Map<string, Deal>;
  notes: Map<string, Note>;
  activities: Map<string, Activity>;
}

export function readRecords(brand: SimulatedBrand, zone: string): Records {
  const byId = <T extends { id: string }>(
    stream: "leads" | "opportunities" | "notes" | "activities",
    read: (row: WireRow) => T,
  ) =>
    new Map(brand.rows(stream).map(read).map((record) => [record.id, record]));
  return {
    stages: brand.rows("cycles").map(stageOf),
    people: byId("leads", (row) => personOf(row, zone)),
    deals: byId("opportunities", (row) => dealOf(row, zone)),
    notes: byId("notes", (row) => ({
      id: text(row.id)!,
      contactId: text(row.contact_id)!,
      date: dateOf(row.date, zone)!,
      author: text(row.author)!,
      content: text(row.content)!,
    })),
    activities: byId("activities", (row) => ({
      id: text(row.id)!,
      type: text(row.type)!,
      at: dateOf(row.scheduled_at, zone)!,
      contactId: text(row.client_id)!,
      contact: text(row.contact_name)!,
      description: text(row.description)!,
      status: text(row.status)!,
    })),
  };
}

function stageOf(row: WireRow): Stage {
  const order = text(row.sales_cycle_order);
  const likelihood = text(row.likelihood_to_close);
  return {
    type: text(row.contact_type) ?? "1",
    name: text(row.sales_cycle_name)!,
    active: text(row.sales_cycle_active_status) === "1",
    order: order === null ? null : Number(order),
    likelihood: likelihood?.replace("%", "").trim() ?? null,
  };
}

function personOf(row: WireRow, zone: string): Person {
  const place = [text(row.city), text(row.state)].filter((part) => part);
  const units = text(row.units) ?? text(row.number_of_units);
  return {
    id: text(row.client_id)!,
    name: nameOf(row),
    type: text(row.contact_type) ?? "1",
    stage: text(row.clients_sales_cycle) ?? "New Lead",
    cents: centsOf(row.deal_size),
    source: text(row.clients_lead_source),
    market: text(row.market) ?? text(row.territory) ??
      (place.join(", ") || null),
    units: units === null ? null : Number(units),
    assigned: assignedOf(text(row.assigned_user)),
    created: dateOf(row.created, zone),
    updated: dateOf(row.last_modified_date, zone),
  };
}

function dealOf(row: WireRow, zone: string): Deal {
  return {
    id: text(row.opportunity_id)!,
    clientId: text(row.client_id),
    name: nameOf(row),
    type: text(row.contact_type) ?? "1",
    stage: text(row.contact_sales_cycle) ?? "New Lead",
    cents: centsOf(row.deal_size),
    created: dateOf(row.created, zone),
    updated: dateOf(row.last_modified_date, zone),
  };
}

/** Blank is none; numbers are as good as texts. */
function text(value: unknown): string | null {
  return String(value ?? "").trim() || null;
}

/** First and last name; where those are blank or a placeholder, the company. */
function nameOf(row: WireRow): string | null {
  const real = [row.firstName, row.lastName].map(text).filter((part) =>
    part !== null && part !== "No Name Text Added"
  );
  return real.length > 0 ? real.join(" ") : text(row.compName);
}

function assignedOf(typed: string | null): string | null {
  if (!typed?.startsWith("{")) return typed;
  const { first_name, last_name } = JSON.parse(typed);
  return `${first_name} ${last_name}`;
}

/** product.md, section 1: what is money, and what is no size. */
export function centsOf(typed: unknown): number | null {
  const given = text(typed)?.replace(/^(-?)\$/, "$1") ?? "";
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(given)
    ? given.replaceAll(",", "")
    : given;
  if (!/^-?\d+(\.\d{1,2})?$/.test(plain)) return null;
  const [whole = "", fraction = ""] = plain.replace("-", "").split(".");
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
  return cents === 0 ? null : plain.startsWith("-") ? -cents : cents;
}

/** Local to the zone where there is no offset; null for what is no date. */
export function dateOf(typed: unknown, zone: string): number | null {
  const given = text(typed)?.replace(" ", "T") ?? "";
  const isLocal = !/(?:Z|[+-]\d\d:\d\d)$/.test(given);
  const instant = Date.parse(isLocal ? `${given}Z` : given);
  const [day = ""] = given.split("T");
  const isDay = new Date(`${day}T00:00Z`).toJSON()?.startsWith(day);
  if (!isDay || !(instant >= 0 && instant < MOST_DAYS * DAY_MS)) return null;
  return isLocal ? instantOf(instant, zone) : instant;
}
