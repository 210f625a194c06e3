import { Buffer } from "node:buffer";
import { type StreamName, TerminalError } from "../domain/mod.ts";
import { MAX_VALUE_BYTES } from "./_batch.ts";
import type { KvPort } from "./_kv.ts";
import type { Key, TenantKeys } from "./keys.ts";

/** Bytes of a content hash in the index. */
export const HASH_BYTES = 16;
const BUCKETS = 256;
/** Number of the first bucket. Those below it were filled by another rule, which schema version 2 has left behind. */
export const FIRST_BUCKET = 256;
const END = FIRST_BUCKET + BUCKETS;

/**
 * So many numeric ids in a row share a bucket. Records mostly come in the order of their ids: what is written together
 * then lies in few buckets, and its rows lie next to each other in the database, which writes whole pages.
 */
const NEIGHBOURS = 128;

/** Which of the buckets an encoded id belongs to. */
export function bucketOf(part: string): number {
  const place = isNumber(part)
    ? Math.floor(Number(part) / NEIGHBOURS) % BUCKETS
    : hashByte(part);
  return FIRST_BUCKET + place;
}

/** Whether an id is digits alone, few enough for a number to hold. */
function isNumber(part: string): boolean {
  if (part.length === 0 || part.length > 15) return false;
  for (let i = 0; i < part.length; i++) {
    const unit = part.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}

/** FNV-1a over the UTF-16 code units of a text, folded to 8 bits. */
export function hashByte(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return ((hash >>> 24) ^ (hash >>> 16) ^ (hash >>> 8) ^ hash) & 0xff;
}

/** Bytes that an entry takes in its packed bucket. */
export function entryBytes(part: string): number {
  return 2 + Buffer.byteLength(part) + HASH_BYTES;
}

/** Packs a bucket: for each id its length (2 bytes), its UTF-8 bytes and the hash; sorted by id. */
export function packBucket(entries: ReadonlyMap<string, string>): Uint8Array {
  let text = "";
  for (const id of [...entries.keys()].sort()) {
    const utf8 = isAscii(id) ? id : Buffer.from(id).toString("latin1");
    text += String.fromCharCode(utf8.length >> 8, utf8.length & 0xff) + utf8 +
      entries.get(id);
  }
  // A small Buffer is a view of a larger one, which would be stored as a whole.
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export function unpackBucket(packed: Uint8Array): Map<string, string> {
  const { buffer, byteOffset, byteLength } = packed;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
  const entries = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const start = at + 2;
    const end = start + (text.charCodeAt(at) << 8 | text.charCodeAt(at + 1));
    const utf8 = text.slice(start, end);
    const id = isAscii(utf8) ? utf8 : Buffer.from(utf8, "latin1").toString();
    at = end + HASH_BYTES;
    entries.set(id, text.slice(end, at));
  }
  return entries;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** A content hash as a short string, one character a byte: compact in memory, cheap to compare. */
export function hashText(hash: Uint8Array): string {
  return String.fromCharCode(...hash.subarray(0, HASH_BYTES));
}

/**
 * What is stored of a stream: encoded id -> content hash, held by bucket.
 * Read once at the start of a stream; the writer keeps it in step with what it commits.
 *
 * A bucket is one value of at most 60 KiB. With ids of nine digits, 27 bytes an entry, the index holds some 550,000
 * records of a stream; with ids of 36 characters (UUIDs) some 270,000. One record more is refused by a sentence.
 */
export class StreamIndex {
  readonly #buckets = new Map<number, Map<string, string>>();
  /** Packed size of each bucket. */
  readonly #bytes = new Uint32Array(END);
  #size = 0;

  constructor(readonly stream: StreamName) {}

  /** Number of stored records. */
  get size(): number {
    return this.#size;
  }

  get(part: string): string | undefined {
    return this.#buckets.get(bucketOf(part))?.get(part);
  }

  has(part: string): boolean {
    return this.get(part) !== undefined;
  }

  /** @throws {TerminalError} when the bucket has no place for another record */
  set(part: string, hash: string): void {
    const n = bucketOf(part);
    const bucket = this.bucket(n);
    if (!bucket.has(part)) {
      const bytes = this.#bytes[n]! + entryBytes(part);
      if (bytes > MAX_VALUE_BYTES) throw this.#full();
      this.#bytes[n] = bytes;
      this.#size++;
    }
    bucket.set(part, hash);
  }

  delete(part: string): void {
    const n = bucketOf(part);
    if (!this.#buckets.get(n)?.delete(part)) return;
    this.#bytes[n]! -= entryBytes(part);
    this.#size--;
  }

  /** Whether these can all be set. */
  hasRoomFor(parts: Iterable<string>): boolean {
    const bytes = this.#bytes.slice();
    for (const part of parts) {
      if (this.has(part)) continue;
      const n = bucketOf(part);
      bytes[n]! += entryBytes(part);
      if (bytes[n]! > MAX_VALUE_BYTES) return false;
    }
    return true;
  }

  /** Bytes of a bucket as it is packed. */
  bytes(n: number): number {
    return this.#bytes[n]!;
  }

  #full(): TerminalError {
    return new TerminalError(
      `Cannot keep more ${this.stream}: their index is full with ${this.#size} records`,
    );
  }

  /** The bucket's entries, made when missing. */
  bucket(n: number): Map<string, string> {
    let bucket = this.#buckets.get(n);
    if (!bucket) this.#buckets.set(n, bucket = new Map());
    return bucket;
  }

  load(n: number, packed: Uint8Array): void {
    const entries = unpackBucket(packed);
    this.#size += entries.size - (this.#buckets.get(n)?.size ?? 0);
    this.#buckets.set(n, entries);
    this.#bytes[n] = packed.length;
  }

  *parts(): Generator<string> {
    for (const bucket of this.#buckets.values()) yield* bucket.keys();
  }
}

/** Reads the index of a stream: one list call. */
export async function readStreamIndex(
  port: KvPort,
  k: TenantKeys,
  stream: StreamName,
): Promise<StreamIndex> {
  const index = new StreamIndex(stream);
  for await (
    const { key, value } of port.list<Uint8Array>({
      prefix: k.syncIndexes(stream),
    })
  ) {
    index.load(bucketNumber(key), value);
  }
  return index;
}

/** Number of the bucket that a key names. */
export function bucketNumber(key: Key): number {
  const last = key.at(-1);
  if (typeof last !== "number") {
    throw new TypeError("Cannot read the sync index: its bucket is no number");
  }
  return last;
}
