import type { StreamName } from "../domain/mod.ts";
import { decode, readRow } from "./_answer.ts";
import { NOTE_FIELDS } from "./_fields.ts";
import { elements, exactValue, isShallow } from "./_json.ts";
import { idText, isRecord, pick } from "./_pick.ts";
import type { RawRow } from "./types.ts";
import { rowId } from "./wire.ts";

/** Marks a line that holds base64 of bytes that are not valid UTF-8. JSON text never starts like this. */
const BYTES = "base64:";
/** Begins a line of a contact's history: whose note it is, as a JSON text. JSON text never starts like this. */
const CONTACT = /^contact:("(?:[^"\\]|\\.)*") /;

/** A raw record as one line of text, from which {@linkcode parseRawLine} makes the same row again. */
export function rawLine(
  { raw, rawBytes, contactId }: Pick<RawRow, "raw" | "rawBytes" | "contactId">,
): string {
  const contact = contactId === undefined
    ? ""
    : `contact:${JSON.stringify(contactId)} `;
  const record = rawBytes
    ? BYTES + rawBytes.toBase64()
    : raw.replaceAll(/[\r\n]+/g, " ");
  return contact + record;
}

/** The row of a kept line, read by today's rules. */
export function parseRawLine(stream: StreamName, line: string): RawRow {
  const [prefix, contact] = CONTACT.exec(line) ?? [];
  if (prefix === undefined || contact === undefined) {
    return parseRecord(stream, line);
  }
  const row = parseRecord(stream, line.slice(prefix.length));
  return noteOfContact(String(JSON.parse(contact)), row);
}

function parseRecord(stream: StreamName, line: string): RawRow {
  const row = plainRow(line) ?? anyRow(line);
  return { ...row, id: rowId(stream, row.value) };
}

/** The row of almost every line, for little work: an object, valid text, too few brackets to be nested deeply. */
function plainRow(raw: string): Omit<RawRow, "id"> | null {
  if (!raw.startsWith("{") || !isShallow(raw)) return null;
  const value = exactValue(raw, JSON.parse(raw));
  return isRecord(value) ? { raw, rawBytes: null, value, flags: [] } : null;
}

/** The row of any line. */
function anyRow(line: string): Omit<RawRow, "id"> {
  const record = line.startsWith(BYTES)
    ? Uint8Array.fromBase64(line.slice(BYTES.length))
    : new TextEncoder().encode(line);
  const bytes = new Uint8Array(record.length + 2);
  bytes.set([0x5b]);
  bytes.set(record, 1);
  bytes.set([0x5d], record.length + 1);
  const list: unknown = JSON.parse(decode(bytes).text);
  const value: unknown = Array.isArray(list) ? list[0] : undefined;
  return readRow(value, bytes, elements(bytes)[0]);
}

/** The contact that a note names itself; null when it names none. */
export function namedContact({ value }: Pick<RawRow, "value">): string | null {
  return idText(pick(value, NOTE_FIELDS.contact_id.aliases));
}

/**
 * A note as this contact's. What it says itself of its contact gives way where it is something else; a note that
 * names the contact has the same value, and so the same content hash, as one of the list of all notes.
 */
export function noteOfContact(contactId: string, row: RawRow): RawRow {
  const value = namedContact(row) === contactId
    ? row.value
    : { ...row.value, contact_id: contactId };
  return { ...row, value, contactId };
}
