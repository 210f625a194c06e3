import { createHash } from "node:crypto";
import * as z from "zod";
import { type BackupRow, encodeRow } from "./_codec.ts";

const FORMAT = "tetherboard-backup";
/** Grows when an older release could not read the file any more. */
export const BACKUP_VERSION = 1;
/** Characters that are packed at once. */
const CHUNK_CHARS = 64 * 1024;

/** The first line. */
export const headerSchema = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  schemaVersion: z.int().min(0),
  storeId: z.string().min(1),
  /** ISO 8601 UTC. */
  createdAt: z.string(),
});
/** The last line: how many rows there are, and the SHA-256 of all lines before, breaks included. */
export const trailerSchema = z.object({
  rows: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BackupHeader = z.infer<typeof headerSchema>;
export type BackupTrailer = z.infer<typeof trailerSchema>;

/** What a whole backup says of itself. */
export interface BackupSummary extends BackupHeader, BackupTrailer {}

/**
 * The lines of a backup, not yet packed: the header, a line for each row, the trailer.
 *
 * @param onEnd Told what the file says of itself, once the last line was taken.
 */
export async function* encodeBackup(
  about: Omit<BackupHeader, "format" | "version">,
  rows: AsyncIterable<BackupRow>,
  onEnd: (summary: BackupSummary) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const hash = createHash("sha256");
  const header = { format: FORMAT, version: BACKUP_VERSION, ...about } as const;
  let text = JSON.stringify(header) + "\n";
  let count = 0;
  const take = () => {
    const bytes = encoder.encode(text);
    text = "";
    hash.update(bytes);
    return bytes;
  };
  for await (const row of rows) {
    text += encodeRow(row) + "\n";
    count++;
    if (text.length >= CHUNK_CHARS) yield take();
  }
  yield take();
  const trailer = { rows: count, sha256: hash.digest("hex") };
  yield encoder.encode(JSON.stringify(trailer) + "\n");
  onEnd({ ...header, ...trailer });
}
