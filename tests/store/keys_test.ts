import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { datePart, idPart, tenantKeys } from "../../lib/store/keys.ts";

/** Any text, broken ones too: lone surrogates, NULs, marks of our own. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) =>
    String.fromCharCode(...units)
  ),
  fc.array(fc.constantFrom("~", "\0", "\ud800", "\udc00", "a", "ab", "😀"))
    .map((parts) => parts.join("")),
  fc.nat(4000).map((n) => "x".repeat(n)),
);

describe("tenantKeys()", () => {
  it("puts every key under its tenant, whatever the arguments", () => {
    fc.assert(fc.property(text, text, text, text, (tenant, a, b, c) => {
      for (const key of Object.values(tenantKeys(tenant))) {
        const made: unknown[] = Reflect.apply(key, undefined, [a, b, c]);
        expect(made.slice(0, 2)).toEqual(["t", tenant]);
      }
    }));
  });

  it("gives no two kinds of rows the same first part, but for a record and its own parts", () => {
    const kinds = new Map<string, string>();
    const shared = [];
    for (const [name, key] of Object.entries(tenantKeys("x"))) {
      const made: unknown[] = Reflect.apply(key, undefined, ["a", "b", "c"]);
      const shape = `${made[2]} with ${made.length} parts`;
      if (kinds.has(shape)) shared.push([kinds.get(shape), name]);
      kinds.set(shape, name);
    }
    expect(shared).toEqual([]);
  });

  it("holds a hot rank of minus zero as zero", () => {
    expect(Object.is(tenantKeys("x").hotListItem(-0, "1")[3], 0)).toBe(true);
  });
});

describe("idPart()", () => {
  it("gives different ids different parts", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(idPart(a) === idPart(b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
  });

  it("gives a part that is well formed, without NUL, and of at most 256 bytes", () => {
    fc.assert(fc.property(text, (id) => {
      const part = idPart(id);
      expect(part.isWellFormed()).toBe(true);
      expect(part.includes("\0")).toBe(false);
      expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(256);
    }));
  });

  it("leaves an ordinary id as it is", () => {
    expect(["1", "9007199254740993", "ab-c", "é", ""].map(idPart))
      .toEqual(["1", "9007199254740993", "ab-c", "é", ""]);
  });

  it("tells lone surrogates apart, which the database would not", () => {
    const parts = ["a\ud800", "a\ud801", "a\udc00", "a\ufffd"].map(idPart);
    expect(new Set(parts).size).toBe(4);
  });

  it("does not take an id for the hash of another", () => {
    const hashed = idPart("a\0b");
    expect(idPart(hashed)).not.toBe(hashed);
  });
});

describe("datePart()", () => {
  it("puts an unknown date before every other", () => {
    expect(datePart(null) < datePart("1970-01-01T00:00:00.000Z")).toBe(true);
  });
});
