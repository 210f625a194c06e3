import { parseRow } from "./_table.ts";
import type { Fault, RowFault, RowScope } from "./faults.ts";
import type { SimulatedStream, WireRow } from "./types.ts";

/** Stands for bytes that are not UTF-8 until the body is written. */
export const BROKEN_CHARACTER = "\ue0ff";

/** Fields that faults change by default: the first of them that a record has. */
interface TargetFields {
  id: readonly string[];
  text: readonly string[];
  date: readonly string[];
  state: readonly string[];
  money: readonly string[];
}

const FIELDS: Record<SimulatedStream, TargetFields> = {
  leads: {
    id: ["client_id", "id"],
    text: ["firstName", "first_name"],
    date: ["created", "created_at"],
    state: ["clients_sales_cycle", "stage"],
    money: ["deal_size"],
  },
  opportunities: {
    id: ["opportunity_id", "id"],
    text: ["firstName", "first_name"],
    date: ["created", "created_at"],
    state: ["contact_sales_cycle", "stage"],
    money: ["deal_size"],
  },
  cycles: {
    id: ["sales_cycle_id", "id"],
    text: ["sales_cycle_name", "name"],
    date: ["created"],
    state: ["sales_cycle_active_status", "active"],
    money: ["likelihood_to_close", "likelihood"],
  },
  notes: {
    id: ["note_id", "id"],
    text: ["content", "note"],
    date: ["date", "created"],
    state: ["note_type"],
    money: ["deal_size"],
  },
  activities: {
    id: ["activity_id", "id"],
    text: ["description"],
    date: ["scheduled_at"],
    state: ["status"],
    money: ["deal_size"],
  },
  sources: {
    id: ["lead_source_id", "id"],
    text: ["lead_source_name", "name"],
    date: ["created"],
    state: ["status"],
    money: ["deal_size"],
  },
};

/** The field of a record that a fault means; the first candidate where it has none. */
function field(row: WireRow, candidates: readonly string[]): string {
  return candidates.find((name) => Object.hasOwn(row, name)) ??
    candidates[0] ?? "id";
}

const ROW_KINDS: ReadonlySet<string> = new Set<RowFault["kind"]>([
  "type_drift",
  "unknown_enum",
  "missing_id",
  "bad_date",
  "huge_note",
  "invalid_utf8",
  "odd_id",
  "odd_money",
  "big_id",
  "proto_key",
  "duplicate_keys",
]);

function isRowFault(fault: Fault): fault is Fault & RowFault {
  return ROW_KINDS.has(fault.kind);
}

/** Spoils the chosen records of a page, given as JSON texts from place `first` on. */
export function spoilRows(
  texts: readonly string[],
  first: number,
  stream: SimulatedStream,
  faults: readonly Fault[],
): string[] {
  const relevant = faults.filter(isRowFault);
  if (relevant.length === 0) return [...texts];
  return texts.map((original, k) => {
    let text = original;
    for (const fault of relevant) {
      if (isChosen(fault, first + k, text, FIELDS[stream])) {
        text = spoil(text, first + k, fault, FIELDS[stream]);
      }
    }
    return text;
  });
}

function isChosen(
  fault: RowScope & { kind: RowFault["kind"] },
  place: number,
  text: string,
  fields: TargetFields,
): boolean {
  if (fault.id !== undefined) {
    const row = parseRow(text);
    return String(row[field(row, fields.id)]) === fault.id;
  }
  if (fault.every !== undefined) return place % fault.every === 0;
  const pair = fault.kind === "odd_id" || fault.kind === "big_id";
  const places = fault.record ?? (pair ? [0, 1] : 0);
  return typeof places === "number" ? place === places : places.includes(place);
}

function spoil(
  text: string,
  place: number,
  fault: RowFault,
  fields: TargetFields,
): string {
  const row = parseRow(text);
  const set = (name: string, value: unknown) =>
    JSON.stringify({ ...row, [name]: value });
  const idField = field(row, fields.id);
  const textField = field(row, fields.text);
  switch (fault.kind) {
    case "type_drift":
      return set(fault.field ?? textField, drifted(fault.to ?? "object"));
    case "unknown_enum":
      return set(
        fault.field ?? field(row, fields.state),
        fault.value ?? "Quantum Review",
      );
    case "missing_id":
      delete row[idField];
      return JSON.stringify(row);
    case "bad_date":
      return set(
        fault.field ?? field(row, fields.date),
        fault.value ?? "0000-00-00 00:00:00",
      );
    case "huge_note":
      return set(fault.field ?? textField, longText(fault.bytes ?? 200 * 1024));
    case "invalid_utf8": {
      const name = fault.field ?? textField;
      return set(name, `${row[name] ?? ""} caf${BROKEN_CHARACTER}`);
    }
    case "odd_id":
      return set(idField, oddId(fault.form ?? "surrogate", place));
    case "odd_money":
      return set(
        fault.field ?? field(row, fields.money),
        fault.value ?? "NaN",
      );
    case "big_id":
      return bigId(row, idField, fault.value ?? "9007199254740992", place);
    case "proto_key":
      return text.replace(
        "{",
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":"odd",',
      );
    case "duplicate_keys": {
      const name = JSON.stringify(fault.field ?? textField);
      const value = JSON.stringify(fault.value ?? "Second");
      return `${text.slice(0, -1)},${name}:${value}}`;
    }
  }
}

function drifted(to: "number" | "object" | "array" | "boolean" | "null") {
  switch (to) {
    case "number":
      return 42;
    case "object":
      return { value: "nested", parts: [1, 2] };
    case "array":
      return ["one", 2];
    case "boolean":
      return true;
    case "null":
      return null;
  }
}

/** Words and emoji of at least `bytes` UTF-8 bytes, numbered so that no cut goes unseen. */
function longText(bytes: number): string {
  const parts: string[] = [];
  const encoder = new TextEncoder();
  for (let size = 0, n = 1; size < bytes; n++) {
    const part =
      `Paragraph ${n}: discussed territory and timeline 🏗️ “again”.\n`;
    parts.push(part);
    size += encoder.encode(part).length;
  }
  return parts.join("");
}

/** Distinct ids that a careless encoder makes one: surrogates all become U+FFFD. */
function oddId(form: "surrogate" | "nul", place: number): string {
  return form === "surrogate"
    ? `odd${String.fromCharCode(0xd800 + place % 0x800)}`
    : `odd${"\0".repeat(place % 16 + 1)}`;
}

/** The id as a bare JSON number: `value`, and one more for every later place. */
function bigId(
  row: WireRow,
  idField: string,
  value: string,
  place: number,
): string {
  const rest = { ...row };
  delete rest[idField];
  const id = `${JSON.stringify(idField)}:${BigInt(value) + BigInt(place)}`;
  const text = JSON.stringify(rest);
  return text === "{}" ? `{${id}}` : `{${id},${text.slice(1)}`;
}
