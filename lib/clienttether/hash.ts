import { createHash } from "node:crypto";
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
  const hash = createHash("sha256");
  hash.update(rules).update("\n").update(canonicalJson(value));
  return new Uint8Array(hash.digest().subarray(0, 16));
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
