import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { previewUtf8, type StreamName } from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { idPart, type TenantKeys, tenantKeys } from "./keys.ts";

/** A record that could not be normalized; its older version stays in place. */
export interface Quarantined {
  /** The upstream id, or a stand-in made from the content where there is none. */
  id: string;
  stream: StreamName;
  reason: string;
  /** The record's JSON text, whole unless `truncated`. */
  raw: string;
  /** Whether `raw` is only the beginning: the record is larger than one value of the database. */
  truncated?: boolean;
  hash: string;
  firstSeenAt: string;
  lastSeenAt: string;
  /** Of a note from the history of a contact: whose note it is. */
  contactId?: string;
}

/** `["t", id, "quarantine", stream, id]`: the raw text packed. Rows of earlier releases hold it as text. */
export type StoredQuarantined = Omit<Quarantined, "raw"> & {
  raw: Uint8Array | string;
};

/** Rows read at a time: each may be as large as a value can be. */
const QUARANTINE_PAGE = 100;
/** Bytes of the packed raw text that leave room for the other fields of the value. */
const MAX_RAW_BYTES = 56 * 1024;
/** Where earlier releases cut a raw text. */
const EARLIER_MAX_CHARS = 12_000;

/** The row with its raw text packed; of one that is too large even so, as much of its beginning as fits. */
function encodeQuarantined(row: Quarantined): StoredQuarantined {
  let text = row.raw;
  let raw = gzipSync(text);
  while (raw.length > MAX_RAW_BYTES) {
    const share = 0.95 * MAX_RAW_BYTES / raw.length;
    const bytes = Math.floor(Buffer.byteLength(text) * share);
    text = previewUtf8(text, bytes).text;
    raw = gzipSync(text);
  }
  return {
    ...row,
    raw: new Uint8Array(raw),
    truncated: text.length < row.raw.length || (row.truncated ?? false),
  };
}

/**
 * The row as it was put. Its raw text is unpacked when it is asked for, since a sync needs the others' fields alone;
 * asking throws where the text is damaged.
 */
export function decodeQuarantined(value: StoredQuarantined): Quarantined {
  const { raw: kept, truncated, ...row } = value;
  return {
    ...row,
    truncated: truncated ??
      (typeof kept === "string" && kept.length >= EARLIER_MAX_CHARS),
    get raw() {
      return typeof kept === "string"
        ? kept
        : new TextDecoder().decode(gunzipSync(kept));
    },
  };
}

/** The rows in quarantine of a tenant, or of one of its streams, by stream and encoded id. */
export function listQuarantine(
  store: Store,
  tenantId: string,
  stream?: StreamName,
): AsyncGenerator<Quarantined> {
  return eachRow(kvOf(store), tenantKeys(tenantId), stream);
}

/** Rows in quarantine of a stream, by encoded id. */
export async function readQuarantine(
  port: KvPort,
  k: TenantKeys,
  stream: StreamName,
): Promise<Map<string, Quarantined>> {
  const rows = new Map<string, Quarantined>();
  for await (const row of eachRow(port, k, stream)) {
    rows.set(idPart(row.id), row);
  }
  return rows;
}

async function* eachRow(
  port: KvPort,
  k: TenantKeys,
  stream?: StreamName,
): AsyncGenerator<Quarantined> {
  const rows = port.list<StoredQuarantined>(
    { prefix: k.quarantine(stream) },
    { pageSize: QUARANTINE_PAGE },
  );
  for await (const { value } of rows) yield decodeQuarantined(value);
}

/** What puts rows into quarantine and takes others out. */
export function quarantineChanges(
  k: TenantKeys,
  stream: StreamName,
  put: readonly Quarantined[],
  release: readonly string[],
): Change[] {
  return [
    ...put.map((row) => ({
      sets: [{
        key: k.quarantined(stream, row.id),
        value: encodeQuarantined(row),
      }],
      deletes: [],
    })),
    ...release.map((id) => ({
      sets: [],
      deletes: [k.quarantined(stream, id)],
    })),
  ];
}

/** One row in quarantine, or null. */
export async function getQuarantined(
  store: Store,
  tenantId: string,
  stream: StreamName,
  id: string,
): Promise<Quarantined | null> {
  const key = tenantKeys(tenantId).quarantined(stream, id);
  const { value } = await kvOf(store).get<StoredQuarantined>(key);
  return value && decodeQuarantined(value);
}
