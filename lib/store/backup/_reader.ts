import { createHash } from "node:crypto";
import { TerminalError, TransientError } from "../../domain/mod.ts";
import { type BackupRow, decodeRow } from "./_codec.ts";
import {
  BACKUP_VERSION,
  type BackupHeader,
  type BackupSummary,
  type BackupTrailer,
  headerSchema,
  trailerSchema,
} from "./_format.ts";
import { isLeftOut } from "./rows.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";

/** No row comes near: a value has at most 64 KiB, and JSON makes six characters of one at worst. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/**
 * Reads a backup from its first to its last line and checks it whole.
 *
 * @param file The file's bytes, gzip.
 * @param onRow Gets the rows in their order, before it is known whether the rest of the file is in order.
 * @throws {TerminalError} when it is no backup, is damaged, or is newer than this release.
 */
export async function readBackup(
  file: ReadableStream<Uint8Array<ArrayBuffer>>,
  onRow: (row: BackupRow) => Promise<void> | void,
): Promise<BackupSummary> {
  const hash = createHash("sha256");
  let header: BackupHeader | null = null;
  let trailer: BackupTrailer | null = null;
  let rows = 0;
  for await (const line of linesOf(file)) {
    if (trailer) throw damaged("something follows its last line");
    const json = parseLine(line);
    if (!header) header = parseHeader(json);
    else if (Array.isArray(json)) {
      await onRow(parseRow(json));
      rows++;
    } else {
      trailer = parseTrailer(json);
      if (trailer.rows !== rows) {
        throw damaged(`it holds ${rows} rows of ${trailer.rows}`);
      }
      if (trailer.sha256 !== hash.digest("hex")) {
        throw damaged("its checksum is wrong");
      }
      continue;
    }
    hash.update(line);
  }
  if (!header) throw damaged("it is empty");
  if (!trailer) throw damaged("its end is missing");
  return { ...header, ...trailer };
}

/** Lines with their breaks. */
async function* linesOf(
  file: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const chunk of unpacked(file)) {
    const bytes = rest.length === 0 ? chunk : concat(rest, chunk);
    let from = 0;
    let at = bytes.indexOf(LINE_BREAK, rest.length);
    for (; at >= 0; at = bytes.indexOf(LINE_BREAK, from)) {
      yield checkedLength(bytes.subarray(from, at + 1));
      from = at + 1;
    }
    rest = checkedLength(bytes.slice(from));
  }
  if (rest.length > 0) throw damaged("its last line is cut off");
}

function checkedLength<T extends Uint8Array>(line: T): T {
  if (line.length > MAX_LINE_BYTES) throw damaged("a line is too long");
  return line;
}

async function* unpacked(
  file: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // What the file itself answers is told apart from what unpacking says of its bytes.
  let unread: unknown;
  const noted = ReadableStream.from(async function* () {
    try {
      yield* file;
    } catch (error) {
      unread = error;
      throw error;
    }
  }());
  const chunks = noted.pipeThrough(new DecompressionStream("gzip"))[
    Symbol.asyncIterator
  ]();
  try {
    for (;;) {
      const next = await chunks.next().catch((cause) => {
        if (unread !== undefined) throw cannotRead(unread);
        throw damaged(reasonOf(cause), cause);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

function parseLine(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch (cause) {
    throw damaged("a line is no JSON", cause);
  }
}

function parseHeader(json: unknown): BackupHeader {
  const { success, data } = headerSchema.safeParse(json);
  if (!success) throw damaged("its first line is not a backup's");
  if (data.version > BACKUP_VERSION) {
    throw new TerminalError(
      `Cannot restore: the backup has format ${data.version}, this release knows up to ${BACKUP_VERSION}. ` +
        "Install the newer release",
    );
  }
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (data.schemaVersion > newest) {
    throw new TerminalError(
      `Cannot restore: the backup's schema is version ${data.schemaVersion}, this release knows up to ${newest}. ` +
        "Install the newer release",
    );
  }
  return data;
}

function parseRow(json: unknown): BackupRow {
  try {
    const row = decodeRow(json);
    if (isLeftOut(row.key)) throw new TypeError("it belongs into no backup");
    return row;
  } catch (cause) {
    throw damaged(`a row cannot be read: ${reasonOf(cause)}`, cause);
  }
}

function parseTrailer(json: unknown): BackupTrailer {
  const { success, data } = trailerSchema.safeParse(json);
  if (!success) throw damaged("a line is neither a row nor the last line");
  return data;
}

function damaged(why: string, cause?: unknown): TerminalError {
  return new TerminalError(
    `Cannot restore: the file is damaged, or no backup of Tetherboard (${why})`,
    { cause },
  );
}

function cannotRead(cause: unknown): TransientError {
  return new TransientError(
    `Cannot restore: the file cannot be read (${reasonOf(cause)})`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function concat(
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
