import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { idPart } from "../../lib/store/keys.ts";
import {
  bucketOf,
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
    expect(["", "1", "10023", "é😀", "~ab"].map(bucketOf))
      .toEqual([197, 131, 29, 100, 7]);
  });

  it("gets its share of 100,000 ids", () => {
    const sizes = new Array(256).fill(0);
    for (let id = 1; id <= 100_000; id++) sizes[bucketOf(String(id))]++;
    expect(Math.min(...sizes)).toBeGreaterThan(200);
    expect(Math.max(...sizes)).toBeLessThan(700);
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
        for (let n = 0; n < 256; n++) {
          loaded.load(n, packBucket(index.bucket(n)));
        }
        for (const one of [index, loaded]) {
          expect(one.size).toBe(model.size);
          expect([...one.parts()].sort()).toEqual([...model.keys()].sort());
          for (const [id, hash] of model) expect(one.get(id)).toBe(hash);
        }
      }),
      { numRuns: 50 },
    );
  });
});
