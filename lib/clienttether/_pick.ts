/**
 * The first of the named fields that holds something; else the blank value found, else undefined.
 * Only own properties count, so `__proto__` and the like are ordinary names.
 */
export function pick(
  row: Record<string, unknown>,
  names: readonly string[],
): unknown {
  let blank: unknown = undefined;
  for (const name of names) {
    if (!Object.hasOwn(row, name)) continue;
    const value = row[name];
    if (!isBlank(value)) return value;
    blank = value;
  }
  return blank;
}

/** Null, undefined and text without a visible character. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined ||
    (typeof value === "string" && value.trim() === "");
}

/** Texts that a program writes where it has no id. */
const NO_ID = new Set(["", "null", "undefined", "NaN"]);

/** An id as text: trimmed text, or the digits of a finite number; everything else is no id. */
export function idText(value: unknown): string | null {
  if (typeof value === "number") {
    return Number.isFinite(value) ? String(value) : null;
  }
  if (typeof value !== "string") return null;
  const text = value.trim();
  return NO_ID.has(text) ? null : text;
}

/** A JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
