import type { StreamName } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import type { Key, TenantKeys } from "./keys.ts";

/** Bytes of a content hash in the index. */
export const HASH_BYTES = 16;
const BUCKETS = 256;

/** Which of the buckets an encoded id belongs to: FNV-1a over its UTF-16 code units. */
export function bucketOf(part: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < part.length; i++) {
    hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
  }
  return ((hash >>> 24) ^ (hash >>> 16) ^ (hash >>> 8) ^ hash) & (BUCKETS - 1);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Packs a bucket: for each id its length (2 bytes), its UTF-8 bytes and the hash; sorted by id. */
export function packBucket(entries: Map<string, string>): Uint8Array {
  const ids = [...entries.keys()].sort();
  const encoded = ids.map((id) => encoder.encode(id));
  const packed = new Uint8Array(
    encoded.reduce((sum, id) => sum + 2 + id.length + HASH_BYTES, 0),
  );
  let at = 0;
  encoded.forEach((id, i) => {
    packed[at++] = id.length >> 8;
    packed[at++] = id.length & 0xff;
    packed.set(id, at);
    at += id.length;
    const hash = entries.get(ids[i]!)!;
    for (let j = 0; j < HASH_BYTES; j++) packed[at++] = hash.charCodeAt(j);
  });
  return packed;
}

export function unpackBucket(packed: Uint8Array): Map<string, string> {
  const entries = new Map<string, string>();
  for (let at = 0; at < packed.length;) {
    const length = packed[at]! << 8 | packed[at + 1]!;
    at += 2;
    const id = decoder.decode(packed.subarray(at, at + length));
    at += length;
    entries.set(id, hashText(packed.subarray(at, at + HASH_BYTES)));
    at += HASH_BYTES;
  }
  return entries;
}

/** A content hash as a short string, one character a byte: compact in memory, cheap to compare. */
export function hashText(hash: Uint8Array): string {
  return String.fromCharCode(...hash.subarray(0, HASH_BYTES));
}

/**
 * What is stored of a stream: encoded id -> content hash, held by bucket.
 * Read once at the start of a stream; the writer keeps it in step with what it commits.
 */
export class StreamIndex {
  readonly #buckets = new Map<number, Map<string, string>>();
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

  set(part: string, hash: string): void {
    const bucket = this.bucket(bucketOf(part));
    if (!bucket.has(part)) this.#size++;
    bucket.set(part, hash);
  }

  delete(part: string): void {
    if (this.#buckets.get(bucketOf(part))?.delete(part)) this.#size--;
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

function bucketNumber(key: Key): number {
  const last = key.at(-1);
  if (typeof last !== "number") {
    throw new TypeError("Cannot read the sync index: its bucket is no number");
  }
  return last;
}
