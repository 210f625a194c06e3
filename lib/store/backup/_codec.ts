import { TerminalError } from "../../domain/mod.ts";
import type { Key } from "../keys.ts";

/** One row of the database. */
export interface BackupRow {
  key: Key;
  value: unknown;
}

/**
 * What JSON has no word for stands as an object with one field, whose name says what it is. A stored object
 * that looks like one is wrapped in `$plain`, so that nothing is ever mistaken.
 */
const TAGS = {
  bytes: "$bytes",
  number: "$number",
  bigint: "$bigint",
  counter: "$u64",
  undefined: "$undefined",
  plain: "$plain",
} as const;

/** A row as one line of JSON, `[key, value]`, without the line break. */
export function encodeRow({ key, value }: BackupRow): string {
  try {
    return JSON.stringify([key.map(encodeValue), encodeValue(value)]);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TerminalError(
      `Cannot back up the row ${keyText(key)}: ${cause.message}`,
      { cause },
    );
  }
}

/**
 * The row of a line that {@linkcode encodeRow} made.
 *
 * @throws {TypeError} when the line is no such row.
 */
export function decodeRow(json: unknown): BackupRow {
  if (!Array.isArray(json) || json.length !== 2 || !Array.isArray(json[0])) {
    throw new TypeError("it is no row");
  }
  const key = json[0].map(decodeValue);
  if (key.length === 0 || !key.every(isKeyPart)) {
    throw new TypeError("its key is none");
  }
  return { key, value: decodeValue(json[1]) };
}

/** A key for people and for comparing. */
export function keyText(key: Key): string {
  return JSON.stringify(key.map(encodeValue));
}

function encodeValue(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [TAGS.number]: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { [TAGS.bigint]: String(value) };
    case "undefined":
      return { [TAGS.undefined]: true };
    case "object":
      return value === null ? null : encodeObject(value);
    default:
      throw new TypeError(`a backup cannot hold a ${typeof value}`);
  }
}

function encodeObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(encodeValue);
  if (value instanceof Uint8Array) return { [TAGS.bytes]: value.toBase64() };
  if (value instanceof Deno.KvU64) {
    return { [TAGS.counter]: String(value.value) };
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const kind = value.constructor?.name ?? "unknown object";
    throw new TypeError(`a backup cannot hold a ${kind}`);
  }
  const fields = Object.entries(value);
  const encoded = Object.fromEntries(
    fields.map(([name, field]) => [name, encodeValue(field)]),
  );
  return looksTagged(fields) ? { [TAGS.plain]: encoded } : encoded;
}

function decodeValue(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(decodeValue);
  const fields = Object.entries(json);
  const [first] = fields;
  return first && looksTagged(fields)
    ? decodeTagged(...first)
    : decodeFields(fields);
}

function decodeTagged(tag: string, content: unknown): unknown {
  if (tag === TAGS.undefined) return undefined;
  if (tag === TAGS.plain && typeof content === "object" && content !== null) {
    return decodeFields(Object.entries(content));
  }
  if (typeof content === "string") {
    if (tag === TAGS.bytes) return Uint8Array.fromBase64(content);
    if (tag === TAGS.number) return Number(content);
    if (tag === TAGS.bigint) return BigInt(content);
    if (tag === TAGS.counter) return new Deno.KvU64(BigInt(content));
  }
  throw new TypeError("it holds a value of an unknown kind");
}

function decodeFields(fields: [string, unknown][]): unknown {
  return Object.fromEntries(
    fields.map(([name, field]) => [name, decodeValue(field)]),
  );
}

function looksTagged(fields: [string, unknown][]): boolean {
  return fields.length === 1 && fields[0]![0].startsWith("$");
}

function isKeyPart(part: unknown): part is Deno.KvKeyPart {
  return part instanceof Uint8Array ||
    ["string", "number", "bigint", "boolean"].includes(typeof part);
}
