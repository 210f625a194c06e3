import type { StreamName } from "../domain/mod.ts";
import { decode, readRow } from "./_answer.ts";
import { elements } from "./_json.ts";
import type { RawRow } from "./types.ts";
import { rowId } from "./wire.ts";

/** Marks a line that holds base64 of bytes that are not valid UTF-8. JSON text never starts like this. */
const BYTES = "base64:";

/** A raw record as one line of text, from which {@linkcode parseRawLine} makes the same row again. */
export function rawLine({ raw, rawBytes }: RawRow): string {
  return rawBytes
    ? BYTES + rawBytes.toBase64()
    : raw.replaceAll(/[\r\n]+/g, " ");
}

/** The row of a kept line, read by today's rules. */
export function parseRawLine(stream: StreamName, line: string): RawRow {
  const record = line.startsWith(BYTES)
    ? Uint8Array.fromBase64(line.slice(BYTES.length))
    : new TextEncoder().encode(line);
  const bytes = new Uint8Array(record.length + 2);
  bytes.set([0x5b]);
  bytes.set(record, 1);
  bytes.set([0x5d], record.length + 1);
  const list: unknown = JSON.parse(decode(bytes).text);
  const value: unknown = Array.isArray(list) ? list[0] : undefined;
  const row = readRow(value, bytes, elements(bytes)[0]);
  return { ...row, id: rowId(stream, row.value) };
}
