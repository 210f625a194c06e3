import { parseLikelihood, parseMoneyCents } from "../domain/mod.ts";
import { isBlank, isRecord, pick } from "./_pick.ts";
import { parseDate, quote } from "./dates.ts";
import type { NormalizeSettings } from "./hash.ts";
import type { RawRow } from "./types.ts";

/** What ClientTether writes where nobody typed anything: "No Name Text Added". */
const PLACEHOLDER = /^no [a-z ]{1,30} text added$/i;

/** Reads the values of one record, and remarks on what could not be taken as it came. */
export interface Reader {
  remarks: string[];
  /** One line: trimmed; blank and placeholders are null. */
  line(value: unknown): string | null;
  /** Text that people wrote: trimmed; blank is null. */
  text(value: unknown): string | null;
  person(name: string, value: unknown): string | null;
  date(name: string, value: unknown): string | null;
  cents(name: string, value: unknown): number | null;
  likelihood(name: string, value: unknown): number | null;
  /** Any finite number. */
  number(name: string, value: unknown): number | null;
  /** A number that is not negative. */
  count(name: string, value: unknown): number | null;
  /** The tenant's own alias of a field, else `value`. */
  custom(field: "market" | "units", value: unknown): unknown;
}

/** A reader for one row. */
export function createReader(
  row: RawRow,
  settings: NormalizeSettings,
  remarks: string[],
): Reader {
  const remark = (name: string, problem: string) => {
    remarks.push(`${name}: ${problem}`);
    return null;
  };
  const reader: Reader = {
    remarks,
    line: (value) => {
      const text = asText(value);
      return text !== null && PLACEHOLDER.test(text) ? null : text;
    },
    text: asText,
    person: (name, value) => {
      const parsed = parsePerson(value);
      if (parsed === undefined) {
        return remark(name, `${quote(String(value))} is not a name`);
      }
      return reader.line(parsed);
    },
    date: (name, value) => {
      const { iso, problem } = parseDate(value, settings.timezone);
      return problem === null ? iso : remark(name, problem);
    },
    cents: (name, value) => {
      const cents = parseMoneyCents(value);
      if (cents !== null || isBlank(value) || isZero(value)) return cents;
      return remark(name, `${quote(String(value))} is not an amount`);
    },
    likelihood: (name, value) => {
      const percent = parseLikelihood(value);
      if (percent !== null || isBlank(value)) return percent;
      return remark(name, `${quote(String(value))} is not from 0 to 100`);
    },
    number: (name, value) => {
      if (isBlank(value)) return null;
      const number = parseNumber(value);
      if (number !== null) return number;
      return remark(name, `${quote(String(value))} is not a number`);
    },
    count: (name, value) => {
      const number = reader.number(name, value);
      if (number === null || number >= 0) return number;
      return remark(name, `${quote(String(value))} is less than none`);
    },
    custom: (field, value) => {
      const own = pick(row.value, settings.fieldAliases[field] ?? []);
      if (isBlank(own)) return value;
      if (typeof own === "string" || typeof own === "number") return own;
      remark(field, "the tenant's field holds no text");
      return value;
    },
  };
  return reader;
}

function asText(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && !isBlank(value) ? value.trim() : null;
}

/** A name out of a name, of JSON text, or of an object with first and last name; undefined when it is neither. */
function parsePerson(value: unknown): unknown {
  if (isRecord(value)) return fullName(value);
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    const person: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isRecord(person) ? fullName(person) : undefined;
  } catch {
    return undefined;
  }
}

function fullName(person: Record<string, unknown>): string | null {
  const first = asText(pick(person, ["first_name", "firstName"]));
  const last = asText(pick(person, ["last_name", "lastName"]));
  const name = [first, last].filter((part) => part !== null).join(" ");
  return name === "" ? asText(pick(person, ["name"])) : name;
}

/** Zero in any spelling is "not filled in": no amount, and nothing to remark. */
function isZero(value: unknown): boolean {
  return /^-?\s?\$?\s?-?0+(\.0*)?$/.test(String(value).trim());
}

function parseNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  const text = typeof value === "string" ? value.trim() : "";
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) + 0 : null;
}
