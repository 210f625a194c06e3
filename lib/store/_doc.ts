import { gunzipSync, gzipSync } from "node:zlib";
import { MAX_VALUE_BYTES } from "./_batch.ts";
import { estimateBytes } from "./_size.ts";

/**
 * The head of a document that is too large for one plain value: packed into it, or, when even that is too
 * large, in parts that stand below the head's key.
 */
type DocHead =
  | { packed: Uint8Array }
  | { chunked: { version: string; parts: number } };

export interface EncodedDoc {
  /** The value for the document's own key. */
  head: unknown;
  /** Key suffixes and values that must be written before the head. */
  parts: { suffix: [string, number]; value: Uint8Array }[];
}

/**
 * A JSON document as one value, packed where it is large, or else as a head and gzip parts.
 * `version` names the parts, so that a new version never overwrites the one being read.
 */
export function encodeDoc(doc: unknown, version: string): EncodedDoc {
  if (estimateBytes(doc) <= MAX_VALUE_BYTES) return { head: doc, parts: [] };
  const bytes = gzipSync(new TextEncoder().encode(JSON.stringify(doc)));
  if (bytes.length <= MAX_VALUE_BYTES) {
    return { head: { packed: new Uint8Array(bytes) }, parts: [] };
  }
  const parts = splitBytes(bytes).map((value, n) => ({
    suffix: [version, n] as [string, number],
    value,
  }));
  return { head: { chunked: { version, parts: parts.length } }, parts };
}

/** Bytes in pieces that fit one value each; at least one piece. */
export function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += MAX_VALUE_BYTES) {
    pieces.push(bytes.slice(at, at + MAX_VALUE_BYTES));
  }
  return pieces;
}

export function joinBytes(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function isDocHead(value: unknown): value is DocHead {
  return typeof value === "object" && value !== null &&
    ("chunked" in value || "packed" in value);
}

/** Puts a chunked document together again. */
export function decodeParts<T>(pieces: Uint8Array[]): T {
  return JSON.parse(new TextDecoder().decode(gunzipSync(joinBytes(pieces))));
}
