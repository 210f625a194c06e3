import { idPart } from "../lib/store/mod.ts";
import { tenantRows } from "./_dump.ts";

/** The record's own rows, by stream. */
const RECORDS = {
  cycles: "sales_cycles",
  leads: "leads",
  opportunities: "opportunities",
  notes: "ct_notes",
  activities: "ct_scheduled_activities",
} as const;

/** The date of a record in its dated index. */
const DATED = {
  leads: { index: "leads_by_created", field: "createdAt" },
  notes: { index: "ct_notes_by_date", field: "noteDate" },
  activities: {
    index: "ct_scheduled_activities_by_date",
    field: "scheduledAt",
  },
} as const;

type Fields = Record<string, unknown>;

/** All rows of a tenant by the first part of their keys. */
class Rows {
  readonly #byKind = new Map<string, Map<string, unknown>>();

  constructor(rows: readonly Deno.KvEntry<unknown>[]) {
    for (const { key, value } of rows) {
      this.of(String(key[2])).set(textOf(key.slice(3)), value);
    }
  }

  /** Rest of the key as text -> value. */
  of(kind: string): Map<string, unknown> {
    let rows = this.#byKind.get(kind);
    if (!rows) this.#byKind.set(kind, rows = new Map());
    return rows;
  }
}

/**
 * What is wrong with a tenant's rows, as sentences; empty when all is well: every index row has its record
 * and every record its index rows, the sync index names the records that are stored and no others, the hot
 * list is what the opportunities say, large notes have their parts, manifests their chunks.
 */
export async function findFlaws(
  kv: Deno.Kv,
  tenantId: string,
): Promise<string[]> {
  const rows = new Rows(await tenantRows(kv, tenantId));
  return [
    ...datedIndexes(rows),
    ...clients(rows),
    ...hotList(rows),
    ...contacts(rows),
    ...bodies(rows),
    ...syncIndex(rows),
    ...chunks(rows),
    ...counts(rows),
  ];
}

/** @throws {Error} that lists every flaw. */
export async function assertSound(kv: Deno.Kv, tenantId: string) {
  const flaws = await findFlaws(kv, tenantId);
  if (flaws.length > 0) {
    throw new Error(`The store is not sound:\n${flaws.join("\n")}`);
  }
}

/** Compares an index with the rows that the records ask for, both ways. */
function compare(
  kind: string,
  wanted: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
): string[] {
  return [
    ...[...wanted.keys()].filter((key) => !found.has(key)).map((key) =>
      `${kind}: no row ${key}, which a record asks for`
    ),
    ...[...found.keys()].filter((key) => !wanted.has(key)).map((key) =>
      `${kind}: row ${key} belongs to no record`
    ),
    ...[...wanted].filter(([key, value]) =>
      value !== undefined && found.has(key) &&
      JSON.stringify(found.get(key)) !== JSON.stringify(value)
    ).map(([key]) => `${kind}: row ${key} does not hold what the record says`),
  ];
}

function datedIndexes(rows: Rows): string[] {
  return Object.entries(DATED).flatMap(([stream, { index, field }]) => {
    const wanted = new Map<string, unknown>();
    const records = rows.of(RECORDS[stream as keyof typeof DATED]);
    for (const [part, value] of records) {
      const date = (value as Fields)[field] ?? "0000";
      wanted.set(`${date} / ${part}`, undefined);
    }
    return [
      ...compare(index, wanted, rows.of(index)),
      ...coveringValues(index, records, rows.of(index)),
    ];
  });
}

/** A covering row may shorten a text, but what it holds must be the record's. */
function coveringValues(
  index: string,
  records: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
): string[] {
  const flaws: string[] = [];
  for (const [key, value] of found) {
    const part = key.slice(key.indexOf(" / ") + 3);
    const record = records.get(part) as Fields | undefined;
    for (const [name, field] of Object.entries(value as Fields)) {
      if (!record || !(name in record) || record[name] === field) continue;
      const whole = String(record[name] ?? "");
      const shortened = typeof field === "string" &&
        (whole === "" || whole.startsWith(field));
      if (!shortened) flaws.push(`${index}: ${key} has another ${name}`);
    }
  }
  return flaws;
}

function clients(rows: Rows): string[] {
  const wanted = new Map<string, unknown>();
  for (const [part, value] of rows.of(RECORDS.opportunities)) {
    const { clientId } = value as Fields;
    if (clientId !== null) {
      wanted.set(`${idPart(String(clientId))} / ${part}`, undefined);
    }
  }
  const index = "opportunities_by_client";
  return compare(index, wanted, rows.of(index));
}

function hotList(rows: Rows): string[] {
  const wanted = new Map<string, unknown>();
  for (const [part, value] of rows.of(RECORDS.opportunities)) {
    const { hot } = value as { hot: { rank: number; item: unknown } | null };
    if (hot) wanted.set(`${hot.rank} / ${part}`, hot.item);
  }
  return compare("hot_list_items", wanted, rows.of("hot_list_items"));
}

function contacts(rows: Rows): string[] {
  return (["notes", "activities"] as const).flatMap((stream) => {
    const wanted = new Map<string, unknown>();
    const { index, field } = DATED[stream];
    const byDate = rows.of(index);
    for (const [part, value] of rows.of(RECORDS[stream])) {
      const { contactId, [field]: date } = value as Fields;
      if (contactId === null) continue;
      const dated = `${date ?? "0000"} / ${part}`;
      wanted.set(`${idPart(String(contactId))} / ${dated}`, byDate.get(dated));
    }
    const byContact = index.replace("_by_date", "_by_contact");
    return compare(byContact, wanted, rows.of(byContact));
  });
}

function bodies(rows: Rows): string[] {
  const wanted = new Map<string, unknown>();
  for (const [part, value] of rows.of(RECORDS.notes)) {
    const { body } = value as {
      body: { version: string; parts: number } | null;
    };
    for (let n = 0; n < (body?.parts ?? 0); n++) {
      wanted.set(`${part} / ${body!.version} / ${n}`, undefined);
    }
  }
  return compare("ct_note_bodies", wanted, rows.of("ct_note_bodies"));
}

/** Reads the packed buckets on its own: length (2 bytes), id, 16 bytes of hash, again and again. */
function syncIndex(rows: Rows): string[] {
  const named: Record<string, Map<string, unknown>> = {};
  for (const [key, value] of rows.of("sync_index")) {
    const [stream = ""] = key.split(" / ");
    const ids = named[stream] ??= new Map();
    const packed = value as Uint8Array;
    for (let at = 0; at < packed.length;) {
      const length = packed[at]! * 256 + packed[at + 1]!;
      const id = packed.subarray(at + 2, at + 2 + length);
      ids.set(new TextDecoder().decode(id), undefined);
      at += 2 + length + 16;
    }
  }
  return Object.entries(RECORDS).flatMap(([stream, kind]) => {
    const wanted = new Map(
      [...rows.of(kind).keys()].map((part) => [part, undefined] as const),
    );
    return compare(`sync_index ${stream}`, wanted, named[stream] ?? new Map());
  });
}

interface Manifest {
  streams: Record<string, { chunks: { sha256: string; parts: number }[] }>;
}

function chunks(rows: Rows): string[] {
  const stored = rows.of("ct_raw_chunks");
  const flaws: string[] = [];
  for (const [key, value] of rows.of("ct_raw_snapshots")) {
    for (const { chunks } of Object.values((value as Manifest).streams)) {
      for (const { sha256, parts } of chunks) {
        for (let n = 0; n < parts; n++) {
          if (stored.has(`${sha256} / ${n}`)) continue;
          flaws.push(
            `ct_raw_snapshots: ${key} names chunk ${sha256}, part ${n}`,
          );
        }
      }
    }
  }
  return flaws;
}

/** Holds where the latest run ended: an interrupted one has not counted yet. */
function counts(rows: Rows): string[] {
  const state = rows.of("sync_state").get("") as
    | { status: string; counts: Record<string, number>; errorMessage: string }
    | undefined;
  if (state?.status !== "success") return [];
  return Object.entries(RECORDS).flatMap(([stream, kind]) => {
    const stored = rows.of(kind).size;
    const counted = state.counts[stream] ?? 0;
    return counted === stored
      ? []
      : [`sync_state: counts ${counted} ${stream}, ${stored} are stored`];
  });
}

function textOf(parts: Deno.KvKey): string {
  return parts.map(String).join(" / ");
}
