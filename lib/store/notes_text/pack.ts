import { Buffer } from "node:buffer";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { gzipped } from "../_gzip.ts";
import type { Cells } from "./cells.ts";
import { NotesRun, runsOf } from "./run.ts";
import { type IndexBucket, shortened } from "./shelves.ts";

/**
 * What another text is packed by is not read: texts are stored as searches compare them, and the rules of that are
 * Unicode's. Its first number grows with whatever changes here or in `fold()`.
 */
export function textFormat(): string {
  return `2, Unicode ${process.versions.unicode}`;
}

/** Bytes of a note's content hash: two that differ agree once in 2^64. */
const HASH_BYTES = 8;

/** How what is packed begins. */
interface Head {
  shelf: number;
  buckets: number[];
}

/** The notes of a shelf, as they are packed. */
export interface ShelfText {
  /** Number of the shelf. */
  shelf: number;
  runs: readonly NotesRun[];
  /** The sync index of its notes then, with the beginnings of content hashes. */
  index: readonly IndexBucket[];
}

/** What stands in the database: gzip, which holds a checksum, and the bytes that it makes. */
export interface Packed {
  packed: Uint8Array;
  size: number;
}

/**
 * Packs the notes of a shelf; the same notes always to the same bytes.
 *
 * @param index of these notes
 */
export async function packShelfText(
  shelf: number,
  notes: readonly Cells[],
  index: readonly IndexBucket[],
): Promise<Packed> {
  const sorted = notes.toSorted((a, b) => a.part < b.part ? -1 : 1);
  const short = index.map((one) => shortened(one, HASH_BYTES));
  const buckets = short.map(({ bucket }) => bucket);
  const sections: Uint8Array[] = [
    json({ shelf, buckets }),
    ...short.map(({ packed }) => packed),
  ];
  for (const run of runsOf(sorted)) {
    const { ids, idEnds, times, authors, names, ends, text, wide } =
      run.columns;
    sections.push(
      json({ wide, notes: run.size, names }),
      Buffer.from(ids),
      bytesOf(idEnds),
      bytesOf(times),
      bytesOf(authors),
      bytesOf(ends),
      Buffer.from(text, wide ? "utf16le" : "latin1"),
    );
  }
  const bytes = Buffer.concat(
    sections.flatMap((section) => [
      bytesOf(Uint32Array.of(section.length)),
      section,
    ]),
  );
  return { packed: await gzipped(bytes), size: bytes.length };
}

/**
 * The notes of a shelf as they were packed.
 *
 * @throws {Error} when it is damaged
 */
export function unpackShelfText({ packed, size }: Packed): ShelfText {
  const sections = sectionsOf(gunzipSync(packed, { chunkSize: size + 64 }));
  const head: Head = JSON.parse(text(sections.shift()!));
  const { shelf, buckets } = head;
  const index = buckets.map((bucket) => ({
    bucket,
    packed: new Uint8Array(sections.shift()!),
    hashBytes: HASH_BYTES,
  }));
  const runs: NotesRun[] = [];
  while (sections.length > 0) {
    const [first, ids, idEnds, times, authors, ends, body] = sections.splice(
      0,
      7,
    );
    const { wide, names, notes } = JSON.parse(text(first!));
    const run = new NotesRun({
      ids: text(ids!),
      idEnds: new Uint32Array(copyOf(idEnds!)),
      times: new Float64Array(copyOf(times!)),
      authors: new Uint32Array(copyOf(authors!)),
      names,
      ends: new Uint32Array(copyOf(ends!)),
      text: body!.toString(wide ? "utf16le" : "latin1"),
      wide,
    });
    if (run.size !== notes) throw new RangeError("notes are missing");
    runs.push(run);
  }
  return { shelf, runs, index };
}

/** Whether two hold the same once they are unpacked: another release of gzip may pack it otherwise. */
export function isSameText(one: Packed, other: Packed): boolean {
  return gunzipSync(one.packed).equals(gunzipSync(other.packed));
}

/** Each stands behind its length, 4 bytes. */
function sectionsOf(bytes: Buffer): Buffer[] {
  const sections: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 4;
    at = start + bytes.readUInt32LE(at);
    sections.push(bytes.subarray(start, at));
  }
  return sections;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function text(bytes: Buffer): string {
  return bytes.toString();
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** At a place of its own, as columns of numbers need it. */
function copyOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
