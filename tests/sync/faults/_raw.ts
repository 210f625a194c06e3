import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { StreamName } from "../../../lib/domain/mod.ts";
import type { RawManifest } from "../../../lib/store/mod.ts";
import { tenantRows } from "../../_dump.ts";
import type { SyncRig } from "../../_sync.ts";

/** The raw lines that the newest manifest names for a stream, read on their own. */
export async function rawLines(
  { kv, tenant }: SyncRig,
  stream: StreamName,
): Promise<string[]> {
  const rows = await tenantRows(kv, tenant.id);
  const newest = rows.findLast(({ key }) => key[2] === "ct_raw_snapshots");
  return linesOf(rows, (newest!.value as RawManifest).streams[stream]);
}

function linesOf(
  rows: readonly Deno.KvEntry<unknown>[],
  stream: RawManifest["streams"][StreamName],
): string[] {
  return (stream?.chunks ?? []).flatMap(({ sha256, packed }) => {
    if (packed) return textOf([packed]).split("\n");
    const parts = rows.filter(({ key }) =>
      key[2] === "ct_raw_chunks" && key[3] === sha256
    ).map(({ value }) => value as Uint8Array);
    return textOf(parts).split("\n");
  });
}

/** Upstream ids of a stream in every raw record that a manifest names; `field` holds the id. */
export async function rawIds(
  { kv, tenant }: SyncRig,
  stream: StreamName,
  field: string,
): Promise<Set<string>> {
  const rows = await tenantRows(kv, tenant.id);
  const ids = rows.filter(({ key }) => key[2] === "ct_raw_snapshots")
    .flatMap(({ value }) =>
      linesOf(rows, (value as RawManifest).streams[stream])
    )
    .map((line) => String(JSON.parse(line)[field]));
  return new Set(ids);
}

/** Characters of raw text that are stored, in all chunks. */
export async function rawChars(
  kv: Deno.Kv,
  tenantId: string,
): Promise<number> {
  const chunks = new Map<unknown, Uint8Array[]>();
  for (const { key, value } of await tenantRows(kv, tenantId)) {
    if (key[2] !== "ct_raw_chunks") continue;
    chunks.set(key[3], [...chunks.get(key[3]) ?? [], value as Uint8Array]);
  }
  return [...chunks.values()].reduce(
    (sum, parts) => sum + textOf(parts).length,
    0,
  );
}

function textOf(parts: readonly Uint8Array[]): string {
  return new TextDecoder().decode(gunzipSync(Buffer.concat(parts)));
}
