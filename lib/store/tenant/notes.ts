import {
  fold,
  type Lead,
  matches,
  nameOf,
  type Note,
  type NoteRow,
} from "../../domain/mod.ts";
import type { KvPort } from "../_kv.ts";
import { readBody } from "../_note_bodies.ts";
import type { StoredNote } from "../_records.ts";
import { idPart, type Key, type TenantKeys } from "../keys.ts";
import { datedPage, type DatedPlace, datedRows, type Span } from "./_dated.ts";
import { foundPage, foundRows } from "./_found_notes.ts";
import type { NotesText } from "./_notes_text.ts";
import { notesText } from "./_searched_notes.ts";
import { settled } from "./kept.ts";
import type { Opened } from "./opened.ts";
import { ChangedMeanwhile, recordsOf, reread } from "../_read.ts";
import type { Page } from "./page.ts";

/** Which page of the notes is read. */
export interface NotesQuery {
  limit: number;
  offset?: number;
  cursor?: string;
  /** Case-insensitive part of content or author, after NFC. */
  search?: string;
  /** Case-insensitive part of the author, after NFC. */
  author?: string;
  /** Id of the person. */
  contact?: string;
  /** Of [from, to), epoch milliseconds. */
  dates?: Span;
  /** From the oldest to the newest; those without a date last both ways. */
  oldestFirst?: boolean;
  /**
   * Only notes that the portal knew by then, epoch milliseconds, as they are now. `total` then counts later ones of
   * an earlier date too, and a page may have fewer rows than its limit.
   */
  knownAt?: number;
}

/** Which notes are read one after the other. */
export type EachNoteQuery = Omit<NotesQuery, "limit" | "offset" | "cursor">;

/** The newest notes as a page begins with them, frozen. */
export interface NewestNotes {
  readonly list: Page<NoteRow>;
  /** Names by id of the people whose notes they are, as far as those are stored. */
  readonly people: readonly (readonly [id: string, name: string])[];
}

/** The notes of a tenant. */
export interface NoteReader {
  /** Newest first; those without a date last. */
  listNotes(query: NotesQuery): Promise<Page<NoteRow>>;
  /** The first of all notes, newest first. Two reads for each state of the tenant, else none. */
  newestNotes(limit: number): Promise<NewestNotes>;
  /** Every note that matches, each whole, read while they are asked for. */
  eachNote(
    query: EachNoteQuery,
  ): AsyncGenerator<NoteRow>;
  getNote(id: string): Promise<Note | null>;
}

/** Reads them under the keys of an opened tenant. */
export function noteReader(at: Opened): NoteReader {
  return {
    listNotes: (query) => listNotes(at, query),
    newestNotes: (limit) =>
      settled(at, `newest notes ${limit}`, () => newestNotes(at, limit)),
    eachNote: (query) => eachNote(at, query),
    getNote: (id) => getNote(at, id),
  };
}

async function newestNotes(at: Opened, limit: number): Promise<NewestNotes> {
  const list = await listNotes(at, { limit });
  const ids = list.rows.flatMap(({ contactId }) => contactId ?? []);
  const leads = await recordsOf<Lead>(at.port, ids, at.k.lead);
  return {
    list,
    people: [...leads].map(([id, lead]) => [id, nameOf(lead)]),
  };
}

async function listNotes(
  at: Opened,
  { limit, offset, cursor, ...which }: NotesQuery,
): Promise<Page<NoteRow>> {
  const { contact, dates, knownAt, oldestFirst: upwards = false } = which;
  const narrowed = narrowingOf(which);
  const query = {
    limit,
    ...offset === undefined ? {} : { offset },
    ...cursor === undefined ? {} : { cursor },
    upwards,
    narrowed,
  };
  const text = await textFor(at, which);
  const list = text
    ? await foundPage(at, text, { ...query, ...which })
    : await datedPage<NoteRow>(at.port, indexOf(at, contact), {
      ...query,
      ...dates ? { dates } : {},
      accepts: (row) => isSelected(at, which, row),
      total: narrowed === "" ? at.state.counts.notes ?? 0 : null,
      begin: beginOf(knownAt, upwards),
    });
  if (knownAt === undefined) return list;
  const rows = await notesKnownAt(at.port, at.k, list.rows, knownAt);
  return { ...list, rows };
}

async function* eachNote(
  at: Opened,
  which: EachNoteQuery,
): AsyncGenerator<NoteRow> {
  const { knownAt } = which;
  const text = await textFor(at, which);
  const rows = text ? foundRows(at, text, which) : selectedRows(at, which);
  for await (const row of rows) {
    if (knownAt !== undefined && !await isKnownAt(at, row, knownAt)) continue;
    const note = row.truncated ? await getNote(at, row.id) : null;
    yield note ? { ...row, content: note.content, truncated: false } : row;
  }
}

/** The text in which notes of all people are searched; null where the rows themselves are looked at. */
async function textFor(
  at: Opened,
  { search, author, contact }: EachNoteQuery,
): Promise<NotesText | null> {
  if (contact !== undefined || (!search && !author)) return null;
  return await notesText(at);
}

/** Says what a list is narrowed to; nothing for the whole list. */
function narrowingOf(
  { search, author, contact, dates }: EachNoteQuery,
): string {
  if (!search && !author && contact === undefined && !dates) return "";
  return JSON.stringify([
    fold(search ?? ""),
    fold(author ?? ""),
    contact ?? null,
    dates ? [dates.from, dates.to] : null,
  ]);
}

/** The rows that match, each looked at. */
async function* selectedRows(
  at: Opened,
  which: EachNoteQuery,
): AsyncGenerator<NoteRow> {
  const { contact, dates, oldestFirst = false, knownAt } = which;
  const rows = datedRows<NoteRow>(at.port, indexOf(at, contact), {
    upwards: oldestFirst,
    after: beginOf(knownAt, oldestFirst),
    ...dates ? { dates } : {},
  });
  for await (const { value: row } of rows) {
    if (await isSelected(at, which, row)) yield row;
  }
}

/** The index that holds the notes of a person, or all of them. */
function indexOf({ k }: Opened, contact: string | undefined): Key {
  return contact === undefined
    ? k.notesByDate()
    : [...k.notesByContact(), idPart(contact)];
}

function isSelected(
  at: Opened,
  { search, author, knownAt }: EachNoteQuery,
  row: NoteRow,
): boolean | Promise<boolean> {
  if (!isDatedBy(row, knownAt)) return false;
  if (author && !matches(author, row.author)) return false;
  return !search || hasText(at, search, row);
}

async function hasText(
  at: Opened,
  search: string,
  row: NoteRow,
): Promise<boolean> {
  if (matches(search, row.author)) return true;
  // Not in its beginning alone: where that is cut, a character may be another than in the whole.
  const whole = row.truncated ? await getNote(at, row.id) : row;
  return whole !== null && matches(search, whole.content);
}

/** Where notes begin that have a date up to an instant, of a list that runs downwards. */
function beginOf(
  instant: number | undefined,
  upwards: boolean,
): DatedPlace | null {
  return instant === undefined || upwards ? null : [isoOf(instant + 1), ""];
}

function isDatedBy(
  { noteDate }: NoteRow,
  instant: number | undefined,
): boolean {
  return instant === undefined || noteDate === null ||
    noteDate <= isoOf(instant);
}

async function isKnownAt(
  { port, k }: Opened,
  row: NoteRow,
  instant: number,
): Promise<boolean> {
  if (!isDatedBy(row, instant)) return false;
  return (await notesKnownAt(port, k, [row], instant)).length > 0;
}

/** Those of the notes that the portal had stored by an instant, epoch milliseconds. One read. */
export async function notesKnownAt(
  port: KvPort,
  k: TenantKeys,
  rows: readonly NoteRow[],
  instant: number,
): Promise<NoteRow[]> {
  const ids = rows.map(({ id }) => id);
  const notes = await recordsOf<StoredNote>(port, ids, k.note);
  return rows.filter(({ id }) => {
    const note = notes.get(id);
    return note !== undefined && Date.parse(note.createdAt) <= instant;
  });
}

function getNote(at: Opened, id: string): Promise<Note | null> {
  return reread(() => readNote(at, id));
}

async function readNote({ port, k }: Opened, id: string): Promise<Note | null> {
  const { value } = await port.get<StoredNote>(k.note(id));
  if (!value) return null;
  const { body, preview: _preview, truncated: _truncated, ...note } = value;
  if (!body) return note;
  const whole = await readBody(port, k, value);
  if (!whole) throw new ChangedMeanwhile();
  return { ...note, ...whole };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
