import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { type StreamName, TerminalError } from "../domain/mod.ts";
import { MAX_VALUE_BYTES } from "./_batch.ts";
import { joinBytes, splitBytes } from "./_doc.ts";
import { gzipped } from "./_gzip.ts";
import type { KvPort } from "./_kv.ts";
import { partsOf } from "./_parts.ts";
import type { TenantKeys } from "./keys.ts";
import type { Lease } from "./lease.ts";
import { hashByte } from "./sync_index.ts";

/** A run of raw records: JSON texts, one a line, gzip, stored once by its content. */
export interface RawChunk {
  /** SHA-256 of the uncompressed text, hexadecimal. */
  sha256: string;
  /** Rows that hold it; 0 where the manifest does. */
  parts: number;
  count: number;
  /** Compressed. */
  bytes: number;
  /** The gzip itself where it is small enough to stand in the manifest that names it. */
  packed?: Uint8Array;
}

/** How many bytes of small chunks the manifest of a run still has room for. */
export interface RawRoom {
  left: number;
}

/** What one run kept of one stream. */
export interface RawStream {
  endpoint: string;
  /** `baseline`: every record; `changes`: those that changed, and the ids that went. */
  kind: "baseline" | "changes";
  count: number;
  bytes: number;
  /** SHA-256 over the chunks' own. */
  sha256: string;
  chunks: RawChunk[];
  /** Encoded ids. */
  removed: string[];
  /**
   * Whether it holds every record that was in place. Not so where a record may have stayed in place that it lacks,
   * since a row without an id, or a list that moved while it was read, does not say what is gone.
   */
  whole: boolean;
  /** Each of its rows is another record's. Absent: two may be of one, as lists that move while they are read have it. */
  distinct?: true;
  /**
   * Whether all of it was put in place. Not so where the list was refused as an accident, or the run ended on the
   * way; the stream's next success then keeps a baseline, so that what is in place can be told from raw alone.
   */
  applied: boolean;
}

/** `["t", id, "ct_raw_snapshots", fetchedAt, runId]`. */
export interface RawManifest {
  runId: string;
  fetchedAt: string;
  /** `fetchedAt` as a day of the tenant's zone, YYYY-MM-DD. */
  day: string;
  /** Whether the run came to its end, with figures of what was in place then. */
  finished: boolean;
  streams: Partial<Record<StreamName, RawStream>>;
}

/**
 * A chunk is closed after a record that the record's own text chooses, within these sizes (characters before
 * compression). Chunks thus keep their boundaries when records come or go before them, and are found again.
 */
const MIN_CHUNK_CHARS = 256 * 1024;
const MAX_CHUNK_CHARS = 768 * 1024;
/** Characters of a record that choose. They hold its id. */
const CHOOSING_CHARS = 120;
/** Of gzip: half the work of the usual 6, for an eighth more bytes. */
const LEVEL = 3;
/** Parts written in one atomic operation. */
const PARTS_A_COMMIT = 10;
/** Compressed bytes that a chunk in the manifest may have: three or four leads. A row costs as much as 1 KiB of it. */
const MAX_PACKED_BYTES = 1024;
/** Compressed bytes of all chunks in one manifest, which is written again with each stream. */
const RAW_ROOM_BYTES = 4 * 1024;

/** The room that a manifest has before anything stands in it. */
export function rawRoom(): RawRoom {
  return { left: RAW_ROOM_BYTES };
}

/**
 * Collects the raw records of a stream into chunks. A chunk that is stored already is not written again,
 * so that an unchanged day costs nothing; part 0 is written last, so that a chunk is there whole or not at all.
 * Where there is `room` a stream's only chunk, if it is small, has no row of its own: it comes with the manifest, which
 * is to be written before anything that follows from it.
 */
export class RawWriter {
  #lines: string[] = [];
  #chars = 0;
  #marked = false;
  #chunks: { chunk: RawChunk; marked: boolean }[] = [];

  constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly lease: Lease,
    private readonly room: RawRoom = { left: 0 },
  ) {}

  /**
   * `line`: one record, without a line break.
   * `marked`: the record changed, so its chunk has to be read again for normalizing.
   */
  async add(line: string, marked: boolean): Promise<void> {
    this.#lines.push(line);
    this.#chars += line.length;
    this.#marked ||= marked;
    const ends = hashByte(line.slice(0, CHOOSING_CHARS)) < 4;
    if (
      this.#chars >= MAX_CHUNK_CHARS || (ends && this.#chars >= MIN_CHUNK_CHARS)
    ) await this.#flush();
  }

  /** Forgets what was added: the list is read again from its start. */
  restart(): void {
    this.#lines = [];
    this.#chars = 0;
    this.#marked = false;
    this.#chunks = [];
  }

  /** Writes what is left. `marked` names the chunks that hold changed records. */
  async close(): Promise<{ chunks: RawChunk[]; marked: RawChunk[] }> {
    const only = this.#chunks.length === 0;
    if (this.#lines.length > 0) await this.#flush(only);
    return {
      chunks: this.#chunks.map(({ chunk }) => chunk),
      marked: this.#chunks.filter(({ marked }) => marked).map((one) =>
        one.chunk
      ),
    };
  }

  /** `only`: nothing comes before it and nothing after. */
  async #flush(only = false): Promise<void> {
    const text = new TextEncoder().encode(this.#lines.join("\n"));
    const sha256 = createHash("sha256").update(text).digest("hex");
    const packed = await gzipped(text, { level: LEVEL });
    const sums = { sha256, count: this.#lines.length, bytes: packed.length };
    const chunk = only && this.#takeRoom(packed.length)
      ? { ...sums, parts: 0, packed }
      : { ...sums, parts: await this.#store(sha256, packed) };
    this.#chunks.push({ chunk, marked: this.#marked });
    this.#lines = [];
    this.#chars = 0;
    this.#marked = false;
  }

  #takeRoom(bytes: number): boolean {
    if (bytes > Math.min(MAX_PACKED_BYTES, this.room.left)) return false;
    this.room.left -= bytes;
    return true;
  }

  /** The number of its parts, which are written where they are not stored already. */
  async #store(sha256: string, packed: Uint8Array): Promise<number> {
    const stored = await this.port.get(this.k.rawChunk(sha256, 0));
    if (stored.value === null) await this.#write(sha256, splitBytes(packed));
    return Math.max(1, Math.ceil(packed.length / MAX_VALUE_BYTES));
  }

  async #write(sha256: string, parts: Uint8Array[]): Promise<void> {
    const rows = parts.map((value, n) => ({
      key: this.k.rawChunk(sha256, n),
      value,
    })).reverse();
    for (const sets of partsOf(rows, PARTS_A_COMMIT)) {
      await this.lease.commit({ sets, deletes: [] });
    }
  }
}

/** The lines of a chunk, one a record. */
export async function readRawChunk(
  port: KvPort,
  k: TenantKeys,
  chunk: RawChunk,
): Promise<string[]> {
  const packed = chunk.packed ?? await storedChunk(port, k, chunk);
  return new TextDecoder().decode(gunzipSync(packed)).split("\n");
}

async function storedChunk(
  port: KvPort,
  k: TenantKeys,
  chunk: RawChunk,
): Promise<Uint8Array> {
  const keys = Array.from(
    { length: chunk.parts },
    (_, n) => k.rawChunk(chunk.sha256, n),
  );
  const parts = await port.getMany<Uint8Array>(keys);
  const pieces = parts.map((part) => part.value);
  if (pieces.some((piece) => piece === null)) {
    throw new TerminalError(
      `Cannot read the raw chunk ${
        chunk.sha256.slice(0, 12)
      }: a part is missing`,
    );
  }
  return joinBytes(pieces as Uint8Array[]);
}

/** A stream's entry in the manifest, before any of it is in place. */
export function rawStream(
  endpoint: string,
  kind: RawStream["kind"],
  chunks: RawChunk[],
  removed: string[],
  whole = false,
): RawStream {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk.sha256);
  return {
    endpoint,
    kind,
    count: chunks.reduce((sum, chunk) => sum + chunk.count, 0),
    bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    sha256: hash.digest("hex"),
    chunks,
    removed,
    whole,
    applied: false,
  };
}
