/** Mixes integers into one evenly spread 32-bit hash (murmur3's finalizer per key). */
export function mix(...keys: number[]): number {
  let hash = 0x2545f491;
  for (const key of keys) {
    hash = Math.imul(hash ^ key, 0x9e3779b1);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** FNV-1a over UTF-16 units: a 32-bit seed from a name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** A hash as a number in [0, 1). */
export function unit(hash: number): number {
  return hash / 0x1_0000_0000;
}

/** The item that a hash selects. Throws RangeError on an empty list. */
export function pick<T>(items: readonly T[], hash: number): T {
  const item = items[hash % items.length];
  if (item === undefined) {
    throw new RangeError("Cannot pick from an empty list");
  }
  return item;
}

/** A small sequential generator (splitmix32). The same seed gives the same sequence. */
export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 random bits. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    return mix(this.#state);
  }

  /** A number in [0, 1). */
  unit(): number {
    return unit(this.next());
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.unit() < p;
  }

  /**
   * How many events happen in a span in which `mean` are expected: Poisson by Knuth's
   * product, and for large means its normal approximation.
   */
  poisson(mean: number): number {
    if (mean > 50) {
      const normal = Math.sqrt(-2 * Math.log(1 - this.unit())) *
        Math.cos(2 * Math.PI * this.unit());
      return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
    }
    const limit = Math.exp(-mean);
    let events = 0;
    for (let p = this.unit(); p > limit; p *= this.unit()) events++;
    return events;
  }
}
