import { bucketNumber, bucketOf, unpackBucket } from "../sync_index.ts";
import type { NotesSource } from "./read_notes.ts";

/**
 * So many buckets of the sync index are a shelf, whose notes are packed together: a value of the database is then
 * about full at 100,000 notes of 120 characters.
 */
const SHELF = 4;

/** The sync index of a shelf's notes as it stood. */
export interface Shelf {
  /** The versionstamps of its buckets: the same as long as none of its notes was written. */
  stamp: string;
  /** Its buckets, as they are packed. */
  packed: readonly Uint8Array[];
}

/** Number of the shelf that an encoded id belongs to. */
export function shelfOf(part: string): number {
  return Math.floor(bucketOf(part) / SHELF);
}

/** The sync index of the notes, by the numbers of its shelves. */
export async function readShelves(
  { port, k }: NotesSource,
): Promise<Map<number, Shelf>> {
  const shelves = new Map<number, { stamp: string; packed: Uint8Array[] }>();
  const list = port.list<Uint8Array>({ prefix: k.syncIndexes("notes") });
  for await (const { key, value, versionstamp } of list) {
    const bucket = bucketNumber(key);
    const number = Math.floor(bucket / SHELF);
    const shelf = shelves.get(number) ?? { stamp: "", packed: [] };
    shelf.stamp += `${bucket}:${versionstamp} `;
    shelf.packed.push(value);
    shelves.set(number, shelf);
  }
  return shelves;
}

/** Content hashes by encoded id. */
export function hashesIn(shelf: Shelf | undefined): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const packed of shelf?.packed ?? []) {
    for (const [part, hash] of unpackBucket(packed)) hashes.set(part, hash);
  }
  return hashes;
}

/**
 * Encoded ids of the notes that have changed, come or gone.
 *
 * @param before content hashes, or the beginnings of them
 */
export function changedParts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const changed: string[] = [];
  for (const [part, hash] of after) {
    const was = before.get(part);
    if (was === undefined || !hash.startsWith(was)) changed.push(part);
  }
  for (const part of before.keys()) {
    if (!after.has(part)) changed.push(part);
  }
  return changed;
}
