import type { Key } from "./keys.ts";
import { estimateBytes, keyBytes } from "./_size.ts";

/** The largest value we write; Deno KV takes 64 KiB serialized. */
export const MAX_VALUE_BYTES = 60 * 1024;

/** Budgets of one atomic operation, each below Deno KV's own limit (1,000; 80 KiB; 800 KiB). */
const LIMITS = { mutations: 900, keyBytes: 70 * 1024, bytes: 700 * 1024 };

/**
 * Things that belong into one atomic operation together: a record, its index rows, its bucket.
 */
export interface Change {
  sets: { key: Key; value: unknown }[];
  deletes: Key[];
}

/** Counts what a change costs against the budgets of one atomic operation. */
export class Budget {
  #mutations = 0;
  #keyBytes = 0;
  #bytes = 0;

  /** True, and counted, if the change still fits; false, and not counted, otherwise. */
  take(change: Change): boolean {
    let keysSize = 0;
    let size = 0;
    for (const { key, value } of change.sets) {
      keysSize += keyBytes(key);
      size += estimateBytes(value);
    }
    for (const key of change.deletes) keysSize += keyBytes(key);
    const mutations = change.sets.length + change.deletes.length;
    const fits = this.#mutations + mutations <= LIMITS.mutations &&
      this.#keyBytes + keysSize <= LIMITS.keyBytes &&
      this.#bytes + keysSize + size <= LIMITS.bytes;
    if (!fits) return false;
    this.#mutations += mutations;
    this.#keyBytes += keysSize;
    this.#bytes += keysSize + size;
    return true;
  }
}
