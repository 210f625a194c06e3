import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { MAX_VALUE_BYTES } from "../../lib/store/_batch.ts";
import { idPart } from "../../lib/store/keys.ts";
import {
  bucketOf,
  FIRST_BUCKET,
  hashText,
  packBucket,
  StreamIndex,
  unpackBucket,
} from "../../lib/store/sync_index.ts";

const part = fc.string({ unit: "grapheme", maxLength: 300 }).map(idPart);
const hash = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(hashText);
const entries = fc.array(fc.tuple(part, hash)).map((pairs) => new Map(pairs));

describe("a bucket of the sync index", () => {
  it("comes back from its packed form as it was", () => {
    fc.assert(fc.property(entries, (bucket) => {
      expect(unpackBucket(packBucket(bucket))).toEqual(
        new Map([...bucket].sort(([a], [b]) => a < b ? -1 : 1)),
      );
    }));
  });

  it("packs to the same bytes in whatever order it was filled", () => {
    fc.assert(fc.property(entries, (bucket) => {
      const reversed = new Map([...bucket].reverse());
      expect(packBucket(reversed)).toEqual(packBucket(bucket));
    }));
  });

  it("is the same for an id in every release", () => {
    expect(["", "1", "10023", "161000000", "é😀", "~ab"].map(bucketOf))
      .toEqual([453, 256, 334, 340, 356, 263]);
  });

  it("gets its share of 100,000 ids", () => {
    const sizes = new Array(256).fill(0);
    for (const id of digits(100_000)) sizes[bucketOf(id) - FIRST_BUCKET]++;
    expect(Math.min(...sizes)).toBeGreaterThan(200);
    expect(Math.max(...sizes)).toBeLessThan(700);
  });

  it("gets its share of 100,000 ids that are not numbers", () => {
    const sizes = new Array(256).fill(0);
    for (const id of digits(100_000)) {
      sizes[bucketOf(`N${id}`) - FIRST_BUCKET]++;
    }
    expect(Math.min(...sizes)).toBeGreaterThan(200);
    expect(Math.max(...sizes)).toBeLessThan(700);
  });

  it("holds ids that follow each other together", () => {
    const buckets = new Set([...digits(1_000)].map(bucketOf));
    expect(buckets.size).toBeLessThan(10);
  });
});

describe("StreamIndex", () => {
  it("behaves like a map, loaded or filled", () => {
    const change = fc.tuple(part, fc.option(hash));
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const index = new StreamIndex("leads");
        const model = new Map<string, string>();
        for (const [id, hash] of changes) {
          if (hash === null) {
            index.delete(id);
            model.delete(id);
          } else {
            index.set(id, hash);
            model.set(id, hash);
          }
        }
        const loaded = new StreamIndex("leads");
        for (let n = FIRST_BUCKET; n < FIRST_BUCKET + 256; n++) {
          loaded.load(n, packBucket(index.bucket(n)));
        }
        for (const one of [index, loaded]) {
          expect(one.size).toBe(model.size);
          for (let n = FIRST_BUCKET; n < FIRST_BUCKET + 256; n++) {
            expect(one.bytes(n)).toBe(packBucket(one.bucket(n)).length);
          }
          expect([...one.parts()].sort()).toEqual([...model.keys()].sort());
          for (const [id, hash] of model) expect(one.get(id)).toBe(hash);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("refuses by a sentence what a bucket has no place for", () => {
    const index = new StreamIndex("notes");
    const full = idsOfBucket(
      FIRST_BUCKET + 7,
      Math.floor(MAX_VALUE_BYTES / 27) + 1,
    );
    const last = full.pop()!;
    expect(index.hasRoomFor(full)).toBe(true);
    for (const id of full) index.set(id, A_HASH);
    expect(index.hasRoomFor([last])).toBe(false);
    expect(() => index.set(last, A_HASH)).toThrow(
      `Cannot keep more notes: their index is full with ${full.length} records`,
    );
    expect(index.has(last)).toBe(false);
    expect(packBucket(index.bucket(7)).length).toBeLessThanOrEqual(
      MAX_VALUE_BYTES,
    );
    index.set(full[0]!, A_HASH);
    index.delete(full[0]!);
    index.set(last, A_HASH);
  });

  it("has room for 500,000 records of nine digits", () => {
    const index = new StreamIndex("leads");
    expect(index.hasRoomFor(digits(500_000))).toBe(true);
    expect(index.hasRoomFor(digits(600_000))).toBe(false);
  });
});

const A_HASH = hashText(new Uint8Array(16).fill(200));

function* digits(count: number): Generator<string> {
  for (let id = 0; id < count; id++) yield String(161_000_000 + id);
}

/** Ids of nine digits that belong into one bucket. */
function idsOfBucket(n: number, count: number): string[] {
  const ids: string[] = [];
  for (const id of digits(Infinity)) {
    if (bucketOf(id) === n) ids.push(id);
    if (ids.length === count) break;
  }
  return ids;
}
