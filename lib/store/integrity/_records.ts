import { createHash } from "node:crypto";
import type { StreamName } from "../../domain/mod.ts";
import { addDifference, ExpectedRows, keyName, keyText } from "./_findings.ts";
import { joinBytes } from "../_doc.ts";
import { historyFlaw, newestChanges } from "./_history.ts";
import { type CheckContext, LARGE_ROWS_PAGE, rowsBelow } from "./_rows.ts";
import {
  recordKey,
  type Row,
  rowsOf,
  type StoredNote,
  type StoredOf,
} from "../_records.ts";
import { idPart, type Key, type TenantKeys } from "../keys.ts";
import { readStreamIndex, StreamIndex } from "../sync_index.ts";

/** The indexes of each stream's records. */
const INDEXES: Record<StreamName, (k: TenantKeys) => Key[]> = {
  cycles: () => [],
  leads: (k) => [k.leadsByCreated()],
  opportunities: (k) => [k.opportunitiesByClient(), k.hotListItems()],
  notes: (k) => [k.notesByDate(), k.notesByContact()],
  activities: (k) => [k.activitiesByDate(), k.activitiesByContact()],
};

/**
 * Compares the records of a stream with everything that is made from them: their index rows, the sync index,
 * tombstones, the parts of large notes. Holds a fingerprint per row.
 *
 * @returns how many records are stored
 */
export async function checkStream<S extends StreamName>(
  context: CheckContext,
  stream: S,
): Promise<number> {
  const { k, findings } = context;
  const named = await readNamed(context, stream);
  const indexes = new ExpectedRows(findings);
  const bodies = new Map<string, number>();
  const stored = await checkRecords(context, stream, named, (rows, value) => {
    rows.forEach((row) => indexes.expect(row));
    if (stream === "notes") expectBody(bodies, value as StoredNote);
  });
  for (const part of named.parts()) {
    addDifference(
      findings,
      `${keyName([stream, part])}: is in the sync index but not stored`,
    );
  }
  for (const index of INDEXES[stream](k)) {
    for await (const row of rowsBelow(context, index)) indexes.meet(row);
  }
  indexes.close();
  if (stream === "notes") await checkBodies(context, bodies);
  return stored;
}

/**
 * Compares each record with the sync index and the tombstones, and tells of the index rows that it asks for.
 *
 * @param named what the sync index names; what is stored is taken out of it
 */
async function checkRecords<S extends StreamName>(
  context: CheckContext,
  stream: S,
  named: StreamIndex,
  onRecord: (indexRows: Row[], value: StoredOf[S]) => void,
): Promise<number> {
  const { k, findings } = context;
  const gone = await tombstones(context, stream);
  const newest = await newestChanges(context, stream);
  const prefix = recordKey(k, stream, "").slice(0, -1);
  let stored = 0;
  for await (const { key, value } of rowsBelow<StoredOf[S]>(context, prefix)) {
    stored++;
    const part = String(key.at(-1));
    if (!named.has(part)) {
      addDifference(findings, `${keyName(key)}: is not in the sync index`);
    }
    named.delete(part);
    if (gone.has(part)) {
      addDifference(
        findings,
        `${keyName(key)}: is stored beside its tombstone`,
      );
    }
    const [own, ...indexRows] = rowsFrom(k, stream, value) ?? [];
    if (!own || keyText(own.key) !== keyText(key)) {
      addDifference(findings, `${keyName(key)}: is no record of this id`);
      continue;
    }
    const flaw = newest &&
      historyFlaw(value as StoredOf["leads"], newest.get(part));
    if (flaw) addDifference(findings, `${keyName(key)}: ${flaw}`);
    onRecord(indexRows, value);
  }
  findings.records += stored;
  return stored;
}

/** What the sync index names; nothing where it cannot be read. */
async function readNamed<S extends StreamName>(
  { port, k, findings }: CheckContext,
  stream: S,
): Promise<StreamIndex> {
  try {
    return await readStreamIndex(port, k, stream);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) {
      throw error;
    }
    addDifference(findings, `sync_index / ${stream}: cannot be read`);
    return new StreamIndex(stream);
  }
}

/** The rows that a stored value asks for, its own first; null where it is no record at all. */
function rowsFrom<S extends StreamName>(
  k: TenantKeys,
  stream: S,
  value: StoredOf[S],
): Row[] | null {
  try {
    return rowsOf(k, stream, value);
  } catch {
    return null;
  }
}

/** Encoded ids of the tombstones of a stream. */
async function tombstones(
  context: CheckContext,
  stream: StreamName,
): Promise<Set<string>> {
  const parts = new Set<string>();
  const rows = rowsBelow(context, context.k.tombstones(stream));
  for await (const { key } of rows) parts.add(String(key.at(-1)));
  return parts;
}

function expectBody(
  bodies: Map<string, number>,
  { id, body }: StoredNote,
): void {
  if (body) bodies.set(`${idPart(id)}\0${body.version}`, body.parts);
}

/** Compares the parts of large notes with what the notes name: all there, in order, and of the content they say. */
async function checkBodies(
  context: CheckContext,
  wanted: Map<string, number>,
): Promise<void> {
  const { k, findings } = context;
  const prefix = k.allNoteBodies();
  let name = "";
  let pieces: Uint8Array[] = [];
  const close = () => {
    if (pieces.length === 0) return;
    const [part = "", version = ""] = name.split("\0");
    const line = keyName([...prefix, part, version]);
    const parts = wanted.get(name);
    wanted.delete(name);
    if (parts === undefined) {
      addDifference(findings, `${line}: belongs to no note`);
    } else if (
      pieces.length !== parts || hashOf(joinBytes(pieces)) !== version
    ) addDifference(findings, `${line}: is not what its note names`);
  };
  const rows = rowsBelow<Uint8Array>(context, prefix, LARGE_ROWS_PAGE);
  for await (const { key, value } of rows) {
    findings.indexRows++;
    const next = key.slice(prefix.length, -1).map(String).join("\0");
    if (next !== name) {
      close();
      name = next;
      pieces = [];
    }
    pieces.push(value instanceof Uint8Array ? value : new Uint8Array());
  }
  close();
  for (const missing of wanted.keys()) {
    const line = keyName([...prefix, ...missing.split("\0")]);
    addDifference(findings, `${line}: is missing, though a note names it`);
  }
}

/** As a note names its parts. */
function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
