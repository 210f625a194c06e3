import { Buffer } from "node:buffer";
import process from "node:process";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Cells } from "./cells.ts";
import { NotesRun, runsOf } from "./run.ts";

/**
 * What another text is packed by is not read: texts are stored as searches compare them, and the rules of that are
 * Unicode's. Its first number grows with whatever changes here or in `fold()`.
 */
export function textFormat(): string {
  return `1, Unicode ${process.versions.unicode}`;
}

/** Bytes of a note's content hash: two that differ agree once in 2^64. */
const HASH_BYTES = 8;

/** The notes of a shelf, as they are packed. */
export interface ShelfText {
  /** Number of the shelf. */
  shelf: number;
  runs: readonly NotesRun[];
  /** The beginning of the content hash of each note by its encoded id, one character a byte. */
  hashes(): Map<string, string>;
}

/** What stands in the database: gzip, which holds a checksum, and the bytes that it makes. */
export interface Packed {
  packed: Uint8Array;
  size: number;
}

/**
 * Packs the notes of a shelf; the same notes always to the same bytes.
 *
 * @param hashes content hashes by encoded id; a note without one is read again where its shelf has changed
 */
export function packShelfText(
  shelf: number,
  notes: readonly Cells[],
  hashes: ReadonlyMap<string, string>,
): Packed {
  const sorted = notes.toSorted((a, b) => a.part < b.part ? -1 : 1);
  const sections: Uint8Array[] = [json(shelf)];
  for (const run of runsOf(sorted)) {
    const { ids, idEnds, times, authors, names, ends, text, wide } =
      run.columns;
    sections.push(
      json({ wide, notes: run.size, names }),
      Buffer.from(ids),
      bytesOf(idEnds),
      Buffer.from(
        run.parts().map((part) =>
          (hashes.get(part) ?? "").slice(0, HASH_BYTES).padEnd(
            HASH_BYTES,
            "\0",
          )
        ).join(""),
        "latin1",
      ),
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
  return { packed: new Uint8Array(gzipSync(bytes)), size: bytes.length };
}

/**
 * The notes of a shelf as they were packed.
 *
 * @throws {Error} when it is damaged
 */
export function unpackShelfText({ packed, size }: Packed): ShelfText {
  const sections = sectionsOf(gunzipSync(packed, { chunkSize: size + 64 }));
  const shelf: number = JSON.parse(text(sections.shift()!));
  const runs: NotesRun[] = [];
  const hashes: Buffer[] = [];
  while (sections.length > 0) {
    const [head, ids, idEnds, some, times, authors, ends, body] = sections
      .splice(0, 8);
    const { wide, names, notes } = JSON.parse(text(head!));
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
    hashes.push(some!);
  }
  return { shelf, runs, hashes: () => hashesOf(runs, hashes) };
}

/** Whether two hold the same once they are unpacked: another release of gzip may pack it otherwise. */
export function isSameText(one: Packed, other: Packed): boolean {
  return gunzipSync(one.packed).equals(gunzipSync(other.packed));
}

function hashesOf(
  runs: readonly NotesRun[],
  all: readonly Buffer[],
): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const [at, run] of runs.entries()) {
    const some = all[at]!.toString("latin1");
    for (const [n, part] of run.parts().entries()) {
      hashes.set(part, some.slice(n * HASH_BYTES, (n + 1) * HASH_BYTES));
    }
  }
  return hashes;
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
