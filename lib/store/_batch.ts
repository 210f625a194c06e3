import type { Key } from "./keys.ts";
import { estimateBytes, keyBytes } from "./_size.ts";

/** The largest value we write; Deno KV takes 64 KiB serialized. */
export const MAX_VALUE_BYTES = 60 * 1024;

/**
 * Budgets of one atomic operation, each below Deno KV's own limit (1,000; 80 KiB; 800 KiB). To hand one over that
 * is as large as they allow takes 10 to 20 ms, in which the thread serves no page.
 */
const LIMITS = { mutations: 300, keyBytes: 70 * 1024, bytes: 400 * 1024 };

/**
 * Things that belong into one atomic operation together: a record, its index rows, its bucket.
 */
export interface Change {
  sets: { key: Key; value: unknown }[];
  deletes: Key[];
}

/** What something takes of an atomic operation; `bytes` are keys and values together. */
export interface Cost {
  mutations: number;
  keyBytes: number;
  bytes: number;
}

const NOTHING: Cost = { mutations: 0, keyBytes: 0, bytes: 0 };

/** Counts what a change costs against the budgets of one atomic operation. */
export class Budget {
  #taken: Cost = NOTHING;

  /** True, and counted, if the change, and whatever else comes with it, still fits; false, and not counted, otherwise. */
  take(change: Change, more: Cost = NOTHING): boolean {
    let { mutations, keyBytes: keysSize, bytes } = this.#taken;
    for (const { key, value } of change.sets) {
      const size = keyBytes(key);
      keysSize += size;
      bytes += size + estimateBytes(value);
    }
    for (const key of change.deletes) {
      const size = keyBytes(key);
      keysSize += size;
      bytes += size;
    }
    mutations += change.sets.length + change.deletes.length + more.mutations;
    keysSize += more.keyBytes;
    bytes += more.bytes;
    const fits = mutations <= LIMITS.mutations &&
      keysSize <= LIMITS.keyBytes && bytes <= LIMITS.bytes;
    if (fits) this.#taken = { mutations, keyBytes: keysSize, bytes };
    return fits;
  }
}
