import { Budget, type Change, type Cost } from "./_batch.ts";
import { keyBytes } from "./_size.ts";
import type { TenantKeys } from "./keys.ts";
import {
  bucketOf,
  entryBytes,
  packBucket,
  type StreamIndex,
} from "./sync_index.ts";

/** One atomic operation in the making: changed records with the buckets that name them. */
export class PendingBatch {
  #change: Change = { sets: [], deletes: [] };
  #budget = new Budget();
  #buckets = new Set<number>();

  constructor(
    private readonly k: TenantKeys,
    private readonly index: StreamIndex,
  ) {}

  get empty(): boolean {
    return this.#buckets.size === 0;
  }

  /** False when it does not fit any more; a change that is too large for an empty batch is let through. */
  add(part: string, hash: string | null, change: Change): boolean {
    const n = bucketOf(part);
    const fits = this.#budget.take(change, this.#bucketCost(n, part));
    if (!fits && !this.empty) return false;
    this.#change.sets.push(...change.sets);
    this.#change.deletes.push(...change.deletes);
    this.#buckets.add(n);
    if (hash === null) this.index.delete(part);
    else this.index.set(part, hash);
    return true;
  }

  /** What an entry adds to the operation: to a bucket that is in it already its own bytes, else the whole bucket. */
  #bucketCost(n: number, part: string): Cost {
    const bytes = entryBytes(part);
    if (this.#buckets.has(n)) return { mutations: 0, keyBytes: 0, bytes };
    const key = keyBytes(this.k.syncIndex(this.index.stream, n));
    return {
      mutations: 1,
      keyBytes: key,
      bytes: key + this.index.bytes(n) + bytes,
    };
  }

  /** The operation so far, with its buckets; starts a new one. */
  take(): Change {
    const { sets, deletes } = this.#change;
    for (const n of this.#buckets) {
      const key = this.k.syncIndex(this.index.stream, n);
      const bucket = this.index.bucket(n);
      if (bucket.size === 0) deletes.push(key);
      else sets.push({ key, value: packBucket(bucket) });
    }
    this.#change = { sets: [], deletes: [] };
    this.#budget = new Budget();
    this.#buckets.clear();
    return { sets, deletes };
  }
}
