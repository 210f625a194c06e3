import { Buffer } from "node:buffer";
import { bucketNumber, bucketOf, HASH_BYTES } from "../sync_index.ts";
import type { NotesSource } from "./read_notes.ts";

/**
 * So many buckets of the sync index are a shelf, whose notes are packed together: a value of the database is then
 * about full at 100,000 notes of 120 characters.
 */
const SHELF = 4;

/** A bucket of the sync index. */
export interface IndexBucket {
  bucket: number;
  /** For each id its length (2 bytes), its UTF-8 bytes and its content hash, sorted by id. */
  packed: Uint8Array;
  /** Bytes of each hash, which may be the beginning of it. */
  hashBytes: number;
}

/** The sync index of a shelf's notes as it stood. */
export interface Shelf {
  /** The versionstamps of its buckets: the same as long as none of its notes was written. */
  stamp: string;
  index: readonly IndexBucket[];
}

/** Number of the shelf that an encoded id belongs to. */
export function shelfOf(part: string): number {
  return Math.floor(bucketOf(part) / SHELF);
}

/** The sync index of the notes, by the numbers of its shelves. */
export async function readShelves(
  { port, k }: NotesSource,
): Promise<Map<number, Shelf>> {
  const shelves = new Map<number, { stamp: string; index: IndexBucket[] }>();
  const list = port.list<Uint8Array>({ prefix: k.syncIndexes("notes") });
  for await (const { key, value: packed, versionstamp } of list) {
    const bucket = bucketNumber(key);
    const number = Math.floor(bucket / SHELF);
    const shelf = shelves.get(number) ?? { stamp: "", index: [] };
    shelf.stamp += `${bucket}:${versionstamp} `;
    shelf.index.push({ bucket, packed, hashBytes: HASH_BYTES });
    shelves.set(number, shelf);
  }
  return shelves;
}

/** The encoded ids that an index names. */
export function partsIn(index: readonly IndexBucket[]): string[] {
  return index.flatMap((bucket) => [...hashesIn(bucket).keys()]);
}

/** The same with no more than a beginning of each hash. */
export function shortened(
  { bucket, packed }: IndexBucket,
  hashBytes: number,
): IndexBucket {
  const short = new Uint8Array(packed.length);
  let to = 0;
  for (let at = 0; at < packed.length;) {
    const end = at + 2 + lengthAt(packed, at);
    short.set(packed.subarray(at, end + hashBytes), to);
    to += end + hashBytes - at;
    at = end + HASH_BYTES;
  }
  return { bucket, packed: short.slice(0, to), hashBytes };
}

/** Encoded ids of the notes that have changed, come or gone. Of `before`, hashes may be shorter. */
export function changedParts(
  before: readonly IndexBucket[],
  after: readonly IndexBucket[],
): string[] {
  const left = new Map(before.map((one) => [one.bucket, one]));
  const changed: string[] = [];
  for (const now of after) {
    const was = left.get(now.bucket);
    left.delete(now.bucket);
    changed.push(...edited(was, now) ?? different(was, now));
  }
  return [...changed, ...partsIn([...left.values()])];
}

/** Those of the same notes that have another hash; null where other notes are named. */
function edited(
  was: IndexBucket | undefined,
  now: IndexBucket,
): string[] | null {
  if (!was) return null;
  const [a, b] = [was.packed, now.packed];
  const changed: string[] = [];
  let [atA, atB] = [0, 0];
  while (atA < a.length && atB < b.length) {
    const length = 2 + lengthAt(a, atA);
    if (!isSame(a, atA, b, atB, length)) return null;
    [atA, atB] = [atA + length, atB + length];
    if (!isSame(a, atA, b, atB, was.hashBytes)) {
      changed.push(idAt(b, atB - length + 2, atB));
    }
    [atA, atB] = [atA + was.hashBytes, atB + now.hashBytes];
  }
  return atA === a.length && atB === b.length ? changed : null;
}

function isSame(
  a: Uint8Array,
  atA: number,
  b: Uint8Array,
  atB: number,
  length: number,
): boolean {
  for (let n = 0; n < length; n++) if (a[atA + n] !== b[atB + n]) return false;
  return true;
}

function different(was: IndexBucket | undefined, now: IndexBucket): string[] {
  const before = was ? hashesIn(was) : new Map<string, string>();
  const after = hashesIn(now);
  const changed = [...after].filter(([part, hash]) => {
    const known = before.get(part);
    return known === undefined || !hash.startsWith(known);
  });
  const gone = [...before].filter(([part]) => !after.has(part));
  return [...changed, ...gone].map(([part]) => part);
}

/** Content hashes by encoded id, one character a byte. */
function hashesIn({ packed, hashBytes }: IndexBucket): Map<string, string> {
  const hashes = new Map<string, string>();
  const text = latin1(packed);
  for (let at = 0; at < packed.length;) {
    const end = at + 2 + lengthAt(packed, at);
    const id = idAt(packed, at + 2, end);
    at = end + hashBytes;
    hashes.set(id, text.slice(end, at));
  }
  return hashes;
}

function lengthAt(packed: Uint8Array, at: number): number {
  return packed[at]! << 8 | packed[at + 1]!;
}

function idAt(packed: Uint8Array, from: number, to: number): string {
  const { buffer, byteOffset } = packed;
  return Buffer.from(buffer, byteOffset + from, to - from).toString();
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
