import { createHash } from "node:crypto";
import type { Row } from "../_records.ts";
import type { Key } from "../keys.ts";

/** What a look through stored rows found. */
export interface Findings {
  /** Rows that stand for themselves: records of the streams, or those of the directory. */
  records: number;
  /** Rows that are made from others. */
  indexRows: number;
  /** The first differences, a line each; no line holds what a person's record says. */
  differences: string[];
  /** How many differences there are in all. */
  found: number;
  /** What is no difference but worth knowing. */
  remarks: string[];
}

/** Differences that are kept as lines. */
export const MAX_LINES = 50;

export function emptyFindings(): Findings {
  return { records: 0, indexRows: 0, differences: [], found: 0, remarks: [] };
}

/** Notes one more difference. */
export function addDifference(findings: Findings, line: string): void {
  findings.found++;
  if (findings.differences.length < MAX_LINES) findings.differences.push(line);
}

/** A key for people: `leads_by_created / 2026-03-11T15:00:00.000Z / 77`. */
export function keyName(key: Key): string {
  const parts = key[0] === "t" ? key.slice(2) : key;
  return parts.map(String).join(" / ").replaceAll(/\p{Cc}/gu, "\ufffd");
}

/** A key as text that tells every two keys of one tenant apart, or every two that belong to none. */
export function keyText(key: Key): string {
  return (key[0] === "t" ? key.slice(2) : key).map((part) =>
    typeof part === "string" ? part : `${typeof part} ${String(part)}`
  ).join("\0");
}

/** Six bytes of a value's SHA-256, whatever the order of its fields: two values that differ agree once in 2^48. */
export function fingerprint(value: unknown): number {
  return createHash("sha256").update(JSON.stringify(value, sorted) ?? "")
    .digest().readUIntBE(0, 6);
}

function sorted(_name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const fields = Object.entries(value);
  return Object.fromEntries(fields.sort(([a], [b]) => a < b ? -1 : 1));
}

/** The rows that records ask for, held as fingerprints, to be met by those that are stored. */
export class ExpectedRows {
  readonly #rows = new Map<string, number>();

  constructor(private readonly findings: Findings) {}

  /** A record asks for this row. */
  expect({ key, value }: Row): void {
    this.#rows.set(keyText(key), fingerprint(value));
  }

  /** This row is stored. */
  meet({ key, value }: Row): void {
    this.findings.indexRows++;
    const text = keyText(key);
    const expected = this.#rows.get(text);
    if (expected === undefined) {
      addDifference(this.findings, `${keyName(key)}: belongs to no record`);
    } else if (expected !== fingerprint(value)) {
      addDifference(
        this.findings,
        `${keyName(key)}: does not hold what its record says`,
      );
    }
    this.#rows.delete(text);
  }

  /** All stored rows were met: the others are missing. */
  close(): void {
    for (const text of this.#rows.keys()) {
      const key = text.split("\0").map((part) => part.replace(/^number /, ""));
      addDifference(
        this.findings,
        `${keyName(key)}: is missing, though a record asks for it`,
      );
    }
  }
}
