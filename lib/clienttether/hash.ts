import { hash } from "node:crypto";
import type { TenantSettings } from "../domain/mod.ts";
import { isRecord } from "./_pick.ts";

/** Grows with every change of what normalization makes of the same record, so that all records are written anew. */
export const NORMALIZER_VERSION = 1;

/** The settings that normalization depends on. */
export type NormalizeSettings = Pick<
  TenantSettings,
  "timezone" | "fieldAliases"
>;

/** What a stored record depends on beside its raw value: as text that changes when the rules do. */
export function rulesKey(settings: NormalizeSettings): string {
  const { market = [], units = [] } = settings.fieldAliases;
  return JSON.stringify([NORMALIZER_VERSION, settings.timezone, market, units]);
}

/**
 * The fingerprint of a record under the rules it was normalized by: 16 bytes. The order of its fields
 * does not count.
 *
 * @param value what JSON.parse made of the record
 * @param rules see `rulesKey`
 */
export function contentHash(value: unknown, rules: string): Uint8Array {
  const text = `${rules}\n${JSON.stringify(canonical(value))}`;
  return Uint8Array.fromHex(hash("sha256", text, "hex").slice(0, 32));
}

/** A value of which JSON.stringify makes one text, whatever the order of fields was: objects as names and values. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const record = value as Record<string, unknown>;
  const names = sortedNames(record);
  return { names, values: names.map((name) => canonical(record[name])) };
}

/** Field names in an object's order, joined by NUL -> the same sorted. The records of a list name the same fields. */
const sorted = new Map<string, string[]>();
const MAX_SORTED = 500;

function sortedNames(record: Record<string, unknown>): string[] {
  const names = Object.keys(record);
  const joined = names.join("\0");
  const known = sorted.get(joined);
  // As many names as there are: none of these holds a NUL either, so they are the same.
  if (known?.length === names.length) return known;
  if (!names.some((name) => name.includes("\0"))) {
    if (sorted.size >= MAX_SORTED) sorted.clear();
    sorted.set(joined, names.sort());
  }
  return names.sort();
}

/** JSON text in which every object's keys are sorted by UTF-16 code units. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.keys(value).sort().map((key) =>
    `${JSON.stringify(key)}:${canonicalJson(value[key])}`
  );
  return `{${fields.join(",")}}`;
}
