import { say } from "./_children.ts";

/** What a child that only writes is told. */
export interface RawJob {
  /** The database whose rows are taken. */
  from: string;
  /** The empty one that takes them. */
  to: string;
  /** As they were written, which is as the API lists the records; or sorted by their keys beforehand. */
  order: "arrival" | "key";
}

export interface RawResult {
  ms: number;
  rows: number;
}

/** Rows of one atomic operation. */
const BATCH_ROWS = 900;
/** Bytes of one, as far as they are known without serializing: rows of plain fields count as this. */
const BATCH_BYTES = 600_000;
const PLAIN_ROW_BYTES = 1_000;

async function write(kv: Deno.Kv, rows: Deno.KvEntry<unknown>[]) {
  let atomic = kv.atomic();
  let count = 0;
  let bytes = 0;
  for (const { key, value } of rows) {
    atomic.set(key, value);
    count++;
    bytes += bytesOf(value);
    if (count < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    await atomic.commit();
    atomic = kv.atomic();
    count = bytes = 0;
  }
  await atomic.commit();
}

/** What is packed stands in a row, or in a field of one. */
function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  const parts = Object.values(value ?? {})
    .filter((part) => part instanceof Uint8Array);
  return parts.reduce((sum, { length }) => sum + length, PLAIN_ROW_BYTES);
}

function byVersionstamp(
  { versionstamp: a }: Deno.KvEntry<unknown>,
  { versionstamp: b }: Deno.KvEntry<unknown>,
): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Writes what a sync left in a database into another, and nothing else, in a process of its own. */
if (import.meta.main) {
  const { from, to, order }: RawJob = JSON.parse(Deno.args[0]!);
  const source = await Deno.openKv(from);
  const rows = await Array.fromAsync(source.list({ prefix: [] }));
  source.close();
  if (order === "arrival") rows.sort(byVersionstamp);
  const kv = await Deno.openKv(to);
  const start = performance.now();
  await write(kv, rows);
  say(
    {
      ms: performance.now() - start,
      rows: rows.length,
    } satisfies RawResult,
  );
  kv.close();
}
