import type { Change } from "../_batch.ts";
import { joinBytes, splitBytes } from "../_doc.ts";
import type { Key, TenantKeys } from "../keys.ts";
import { type Packed, textFormat } from "./pack.ts";
import type { NotesSource } from "./read_notes.ts";

/** `["t", id, "notes_text", shelf, n]`: a part of the packed text of the notes of a shelf. */
interface StoredPart {
  format: string;
  /** The stamp of the shelf whose notes these are. */
  of: string;
  /** The latest replay that had written records by then. */
  rewrittenBy: string | null;
  /** How many parts there are. */
  parts: number;
  /** Bytes of all parts together once they are unpacked. */
  size: number;
  packed: Uint8Array;
}

/** The rows of a shelf. */
export interface StoredText {
  shelf: number;
  keys: Key[];
  /** Null where they are not what is read here; see `flaw`. */
  text: Pick<StoredPart, "of" | "rewrittenBy"> & Packed | null;
  /** Why they cannot be read; null where they can be, or where another release or runtime has packed them. */
  flaw: string | null;
}

/** Rows read at a time. */
const PAGE = 64;

/** What is stored of the text of notes, shelf by shelf. */
export async function* storedTexts(
  { port, k }: NotesSource,
): AsyncGenerator<StoredText> {
  let rows: Deno.KvEntry<StoredPart>[] = [];
  let shelf = -1;
  const list = port.list<StoredPart>({ prefix: k.notesTexts() }, {
    pageSize: PAGE,
  });
  for await (const row of list) {
    const next = Number(row.key.at(-2));
    if (next !== shelf && rows.length > 0) {
      yield textOf(shelf, rows);
      rows = [];
    }
    shelf = next;
    rows.push(row);
  }
  if (rows.length > 0) yield textOf(shelf, rows);
}

/** The rows of one shelf, as they stand now. */
export async function storedText(
  { port }: NotesSource,
  shelf: number,
  keys: readonly Key[],
): Promise<StoredText | null> {
  const entries = await port.getMany<StoredPart>([...keys]);
  const rows = entries.filter((entry) => entry.versionstamp !== null);
  return rows.length === 0 ? null : textOf(shelf, rows);
}

function textOf(
  shelf: number,
  rows: readonly Deno.KvEntry<StoredPart>[],
): StoredText {
  const keys = rows.map(({ key }) => key);
  const [first] = rows;
  const { format, of, rewrittenBy, parts, size } = first!.value ?? {};
  const unread = { shelf, keys, text: null };
  if (format !== textFormat()) {
    const flaw = typeof format === "string" ? null : "is no text of notes";
    return { ...unread, flaw };
  }
  const isWhole = rows.length === parts &&
    rows.every(({ key, value }, n) =>
      key.at(-1) === n && value?.of === of && value.format === format &&
      value.parts === parts && value.packed instanceof Uint8Array
    );
  if (!isWhole) return { ...unread, flaw: "is not whole" };
  const packed = joinBytes(rows.map(({ value }) => value.packed));
  return {
    shelf,
    keys,
    text: { of: of!, rewrittenBy: rewrittenBy!, packed, size: size! },
    flaw: null,
  };
}

/** Puts a shelf's text in place of what is stored of it: changes that are each of one row. */
export function textChanges(
  k: TenantKeys,
  shelf: number,
  { of, rewrittenBy, packed, size }: NonNullable<StoredText["text"]>,
  before: readonly Key[],
): Change[] {
  const pieces = splitBytes(packed);
  const sets = pieces.map((piece, n): Change => ({
    sets: [{
      key: k.notesText(shelf, n),
      value: {
        format: textFormat(),
        of,
        rewrittenBy,
        parts: pieces.length,
        size,
        packed: piece,
      } satisfies StoredPart,
    }],
    deletes: [],
  }));
  const beyond = before.filter((key) => Number(key.at(-1)) >= pieces.length);
  return [...sets, ...deletesOf(beyond)];
}

export function deletesOf(keys: readonly Key[]): Change[] {
  return keys.map((key) => ({ sets: [], deletes: [key] }));
}
