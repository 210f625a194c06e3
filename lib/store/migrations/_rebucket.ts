import { type StreamName, STREAMS } from "../../domain/mod.ts";
import type { KvPort } from "../_kv.ts";
import { type Key, prefixes, type TenantKeys, tenantKeys } from "../keys.ts";
import {
  bucketNumber,
  bucketOf,
  FIRST_BUCKET,
  packBucket,
  StreamIndex,
  unpackBucket,
} from "../sync_index.ts";

/** Buckets written at a time: each has at most 60 KiB. */
const AT_ONCE = 8;

/**
 * Schema version 2: the entries of the sync index move to the buckets that `bucketOf` gives them now. The new ones
 * have numbers of their own and are all written before the first of the old ones goes, so that this may be killed
 * anywhere and run again. No sync may be under way.
 */
export async function rebucket(port: KvPort): Promise<void> {
  const tenants = port.list({ prefix: prefixes.tenants() });
  for await (const { key } of tenants) {
    const k = tenantKeys(String(key.at(-1)));
    for (const stream of STREAMS) await rebucketStream(port, k, stream);
  }
}

async function rebucketStream(
  port: KvPort,
  k: TenantKeys,
  stream: StreamName,
): Promise<void> {
  const index = new StreamIndex(stream);
  const old: Key[] = [];
  const buckets = port.list<Uint8Array>({ prefix: k.syncIndexes(stream) });
  for await (const { key, value } of buckets) {
    if (bucketNumber(key) < FIRST_BUCKET) old.push(key);
    for (const [part, hash] of unpackBucket(value)) index.set(part, hash);
  }
  if (old.length === 0) return;
  const numbers = new Set([...index.parts()].map(bucketOf));
  let sets: { key: Key; value: Uint8Array }[] = [];
  for (const n of numbers) {
    const key = k.syncIndex(stream, n);
    sets.push({ key, value: packBucket(index.bucket(n)) });
    if (sets.length < AT_ONCE) continue;
    await port.commit({ sets });
    sets = [];
  }
  await port.commit({ sets });
  await port.commit({ deletes: old });
}
