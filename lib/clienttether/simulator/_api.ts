import type { Brand } from "./_brand.ts";
import { type Filter, type ListView, parseRow } from "./_table.ts";
import type { SimulatedStream, WireRow } from "./types.ts";

const PREFIX = "/v2/api/";
const MAX_PAGE = 100;

const LISTS: Record<string, SimulatedStream> = {
  read_client_list: "leads",
  read_opportunity_list: "opportunities",
  read_sales_cycle_list: "cycles",
  read_lead_source_list: "sources",
  notes: "notes",
  activities: "activities",
};

/** Which endpoint an address means. */
export interface Route {
  endpoint: string;
  stream: SimulatedStream;
  /** The id at the end of the path, where the endpoint has one. */
  id: string | null;
}

/** Reads an address; null when the API has no such endpoint. */
export function route(pathname: string): Route | null {
  if (!pathname.startsWith(PREFIX)) return null;
  const [endpoint = "", id, ...rest] = pathname.slice(PREFIX.length).replace(
    /\/$/,
    "",
  ).split("/");
  if (rest.length > 0) return null;
  if (id !== undefined) {
    const stream = endpoint === "read_client_by_id"
      ? "leads"
      : endpoint === "read_client_history_notes"
      ? "notes"
      : null;
    return stream && { endpoint, stream, id: safeDecode(id) };
  }
  if (endpoint === "read_client_exist") {
    return { endpoint, stream: "leads", id: null };
  }
  const stream = Object.hasOwn(LISTS, endpoint) ? LISTS[endpoint] : undefined;
  return stream === undefined ? null : { endpoint, stream, id: null };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an endpoint found, before it is written. */
export type Finding =
  | { kind: "list"; view: ListView; offset: number; limit: number }
  | { kind: "record"; text: string }
  | { kind: "code"; code: "CT400" | "CT515"; message: string }
  | { kind: "missing" };

/** Answers one request from a brand's tables. */
export function find(
  brand: Brand,
  { endpoint, stream, id }: Route,
  query: URLSearchParams,
): Finding {
  switch (endpoint) {
    case "read_client_by_id": {
      const text = brand.tables.leads.find(id ?? "");
      return text === null ? noRecord() : { kind: "record", text };
    }
    case "read_client_exist":
      return exists(brand, query);
    case "read_client_history_notes":
      return listed(historyNotes(brand, id ?? ""), query);
    case "notes":
      if (brand.config.notesList === false) return { kind: "missing" };
      return filtered(brand, stream, noteFilter(brand, query), query);
    case "activities":
      if (brand.config.activitiesList === false) return { kind: "missing" };
      return filtered(brand, stream, activityFilter(brand, query), query);
    default:
      return listed(brand.tables[stream].view(), query);
  }
}

function noRecord(): Finding {
  return { kind: "code", code: "CT515", message: "No record found" };
}

function badRequest(parameter: string): Finding {
  return {
    kind: "code",
    code: "CT400",
    message: `Bad request: ${parameter} is not valid`,
  };
}

function filtered(
  brand: Brand,
  stream: SimulatedStream,
  filter: Filter | string,
  query: URLSearchParams,
): Finding {
  if (typeof filter === "string") return badRequest(filter);
  return listed(brand.tables[stream].view(filter), query);
}

/** Pages hold 100 records unless fewer are asked for. */
function listed(view: ListView, query: URLSearchParams): Finding {
  const limit = wholeNumber(query.get("limit"), MAX_PAGE);
  const offset = wholeNumber(query.get("offset"), 0);
  if (limit === null || limit === 0) return badRequest("limit");
  if (offset === null) return badRequest("offset");
  return { kind: "list", view, offset, limit: Math.min(limit, MAX_PAGE) };
}

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null || text === "") return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** A record's own field as text; blank when it has none of these. */
function textOf(row: WireRow, ...names: string[]): string {
  for (const name of names) {
    const value = row[name];
    if (typeof value === "string" || typeof value === "number") {
      return String(value);
    }
  }
  return "";
}

/** The notes since an instant, of one contact or of all; or the bad parameter's name. */
function noteFilter(brand: Brand, query: URLSearchParams): Filter | string {
  const since = query.get("since") ?? "";
  const contact = query.get("contact_id") ?? "";
  const from = since === "" ? -Infinity : instantOf(brand, since);
  if (from === null) return "since";
  const lead = contact === "" ? null : brand.people.row(contact);
  const { notes } = brand.world;
  return {
    key: `${from}|${contact}`,
    generated: (row) =>
      notes.date.get(row) >= from &&
      (lead === null || notes.lead.get(row) === lead),
    literal: (row) =>
      (contact === "" || textOf(row, "contact_id", "client_id") === contact) &&
      // A date that cannot be read does not hide a note.
      (instantOf(brand, textOf(row, "date", "created")) ?? Infinity) >= from,
  };
}

/** The activities on days of the brand's zone; or the bad parameter's name. */
function activityFilter(brand: Brand, query: URLSearchParams): Filter | string {
  const start = query.get("start_date") ?? "";
  const end = query.get("end_date") ?? "";
  for (const [name, day] of [["start_date", start], ["end_date", end]]) {
    if (day !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(day ?? "")) return name ?? "";
  }
  const inside = (instant: number | null) => {
    if (instant === null) return true;
    const day = brand.world.calendar.day(instant);
    return (start === "" || day >= start) && (end === "" || day <= end);
  };
  const { scheduled } = brand.world.activities;
  return {
    // Activities can be moved to another day without coming or going.
    key: `${start}|${end}|${brand.world.hours}`,
    generated: (row) => inside(scheduled.get(row)),
    literal: (row) => inside(instantOf(brand, textOf(row, "scheduled_at"))),
  };
}

/** A date with an offset as it is, one without in the brand's zone; else null. */
function instantOf(brand: Brand, text: string): number | null {
  const local = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/.exec(
    text,
  );
  const ms = local === null
    ? Date.parse(text)
    : Date.parse(`${local[1]}T${local[2] ?? "00:00"}Z`);
  if (Number.isNaN(ms) || Math.abs(ms) > 8e14) return null;
  return local === null ? ms / 1000 : brand.world.calendar.instant(ms / 1000);
}

/** A person's notes, oldest first: generated ones, then literal ones. */
function historyNotes(brand: Brand, contact: string): ListView {
  const texts: string[] = [];
  const lead = brand.people.row(contact);
  if (lead >= 0 && lead < brand.world.leads.gone.length) {
    for (const note of brand.world.notesOf(lead)) {
      const gone = brand.world.notes.gone.get(note) === 1;
      const literal = brand.tables.notes.isLiteral(brand.people.id(note));
      if (!gone && !literal) {
        texts.unshift(JSON.stringify(brand.historyNote(note)));
      }
    }
  }
  for (const text of brand.tables.notes.literals()) {
    if (textOf(parseRow(text), "contact_id", "client_id") === contact) {
      texts.push(text);
    }
  }
  return { length: texts.length, text: (place) => texts[place] ?? "null" };
}

/** The first person with this phone number or e-mail address. */
function exists(brand: Brand, query: URLSearchParams): Finding {
  const phone = digits(query.get("phone") ?? "");
  const email = (query.get("email") ?? "").trim().toLowerCase();
  if (phone === "" && email === "") return badRequest("phone");
  const { leads } = brand.world;
  const matches = (phoneOf: string, emailOf: string) =>
    phone !== "" ? digits(phoneOf) === phone : emailOf.toLowerCase() === email;
  for (const text of brand.tables.leads.literals()) {
    const row = parseRow(text);
    if (matches(textOf(row, "phone"), textOf(row, "email"))) {
      return { kind: "record", text };
    }
  }
  for (let row = 0; row < leads.gone.length; row++) {
    if (leads.gone.get(row) === 1) continue;
    if (!matches(brand.people.phone(row), brand.people.email(row))) continue;
    const id = brand.people.id(row);
    const text = brand.tables.leads.find(id);
    if (text !== null && !brand.tables.leads.isLiteral(id)) {
      return { kind: "record", text };
    }
  }
  return noRecord();
}

function digits(text: string): string {
  return text.replace(/\D/g, "");
}
