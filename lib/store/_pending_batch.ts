import { Budget, type Change } from "./_batch.ts";
import type { TenantKeys } from "./keys.ts";
import { bucketOf, packBucket, type StreamIndex } from "./sync_index.ts";

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
    const growth = 3 * part.length + 2 + 16;
    const bucketBytes = this.#buckets.has(n)
      ? 0
      : packBucket(this.index.bucket(n)).length;
    const fits = this.#budget.take({
      sets: [...change.sets, {
        key: this.k.syncIndex(this.index.stream, n),
        value: new Uint8Array(bucketBytes + growth),
      }],
      deletes: change.deletes,
    });
    if (!fits && !this.empty) return false;
    this.#change.sets.push(...change.sets);
    this.#change.deletes.push(...change.deletes);
    this.#buckets.add(n);
    if (hash === null) this.index.delete(part);
    else this.index.set(part, hash);
    return true;
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
