import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { MAX_VALUE_BYTES } from "../../lib/store/_batch.ts";
import {
  decodeParts,
  encodeDoc,
  isDocHead,
  joinBytes,
  splitBytes,
} from "../../lib/store/_doc.ts";

/** Random enough to stay large when it is packed. */
function largeDoc(rows: number) {
  let seed = 1;
  const next = () => seed = (seed * 48271) % 0x7fffffff;
  return {
    rows: Array.from({ length: rows }, () => ({
      name: `Stage ${next().toString(36)}${next().toString(36)} – 😀`,
      count: next(),
      value: null,
    })),
  };
}

describe("encodeDoc()", () => {
  it("keeps a small document as one value", () => {
    const doc = { day: "2026-03-11", rows: [1, 2] };
    expect(encodeDoc(doc, "v1")).toEqual({ head: doc, parts: [] });
  });

  it("splits a large document into parts that each fit one value, and gives it back whole", () => {
    const doc = largeDoc(8_000);
    const { head, parts } = encodeDoc(doc, "v1");
    expect(isDocHead(head)).toBe(true);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ suffix }) => suffix)).toEqual(
      parts.map((_, n) => ["v1", n]),
    );
    const sizes = parts.map(({ value }) => value.byteLength);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_VALUE_BYTES);
    expect(decodeParts(parts.map(({ value }) => value))).toEqual(doc);
  });

  it("names its parts by version, so that a new version never overwrites one being read", () => {
    const doc = largeDoc(8_000);
    const [first] = encodeDoc(doc, "v1").parts;
    const [second] = encodeDoc(doc, "v2").parts;
    expect(first!.suffix).not.toEqual(second!.suffix);
  });
});

describe("splitBytes()", () => {
  it("makes pieces that joinBytes() puts together again", () => {
    fc.assert(
      fc.property(fc.nat(3 * MAX_VALUE_BYTES), (length) => {
        const bytes = new Uint8Array(length).map((_, n) => n * 31);
        const pieces = splitBytes(bytes);
        expect(pieces.length).toBe(
          Math.max(1, Math.ceil(length / MAX_VALUE_BYTES)),
        );
        expect(joinBytes(pieces)).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });
});
