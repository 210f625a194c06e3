import { TransientError } from "../domain/mod.ts";
import { decodeParts, isDocHead } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import type { Key } from "./keys.ts";

/** Every value below a prefix, in the order of the keys. */
export async function readAll<T>(port: KvPort, prefix: Key): Promise<T[]> {
  const values: T[] = [];
  for await (const { value } of port.list<T>({ prefix })) values.push(value);
  return values;
}

/**
 * The values below a prefix, the last key first.
 *
 * @param end only what stands before this key
 */
export async function readNewest<T>(
  port: KvPort,
  prefix: Key,
  limit: number,
  end?: Key,
): Promise<T[]> {
  const rows: T[] = [];
  const selector = end ? { prefix, end } : { prefix };
  const list = port.list<T>(selector, { limit, reverse: true });
  for await (const { value } of list) rows.push(value);
  return rows;
}

/** The records of these ids under their keys, as far as they are stored; one read, none for no id. */
export async function recordsOf<T>(
  port: KvPort,
  ids: Iterable<string>,
  keyOf: (id: string) => Key,
): Promise<Map<string, T>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const entries = await port.getMany<T>(wanted.map(keyOf));
  const records = new Map<string, T>();
  entries.forEach(({ value }, at) => {
    if (value !== null) records.set(wanted[at]!, value);
  });
  return records;
}

/** The documents under these keys, null where there is none. One read, and one more for each chunked one. */
export async function readDocs(port: KvPort, keys: Key[]): Promise<unknown[]> {
  return await reread(async () => {
    const heads = await port.getMany<unknown>(keys);
    return await Promise.all(
      heads.map(({ key, value }) => wholeDoc(port, key, value)),
    );
  });
}

async function wholeDoc(
  port: KvPort,
  key: Key,
  head: unknown,
): Promise<unknown> {
  if (!isDocHead(head)) return head;
  if ("packed" in head) return decodeParts([head.packed]);
  const pieces: Uint8Array[] = [];
  const { version, parts } = head.chunked;
  const list = port.list<Uint8Array>({ prefix: [...key, version] });
  for await (const { value } of list) pieces.push(value);
  if (pieces.length < parts) throw new ChangedMeanwhile();
  return decodeParts(pieces);
}

/** A sync put a new version in place of the one whose parts are being read. */
export class ChangedMeanwhile extends TransientError {
  override name = "ChangedMeanwhile";
  override message = "Cannot read the parts of this: they are being replaced";
}

/** Reads again, at most twice, what changed while it was read. */
export async function reread<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === 3) throw error;
    }
  }
}
