import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  canonicalJson,
  contentHash,
  rulesKey,
} from "../../lib/clienttether/mod.ts";

const settings = { timezone: "America/New_York", fieldAliases: {} };

describe("contentHash()", () => {
  it("is 16 bytes", () => {
    const hash = contentHash({ a: 1 }, "rules");
    expect(hash).toBeInstanceOf(Uint8Array);
    expect(hash.byteLength).toBe(16);
    expect(hash.buffer.byteLength).toBe(16);
  });

  it("does not depend on the order of fields, at any depth", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(contentHash(reversed(value), "r")).toEqual(
        contentHash(value, "r"),
      );
    }));
  });

  it("changes with a value, with the order of a list and with the rules", () => {
    const hash = contentHash({ a: [1, 2] }, "r1");
    expect(contentHash({ a: [1, 3] }, "r1")).not.toEqual(hash);
    expect(contentHash({ a: [2, 1] }, "r1")).not.toEqual(hash);
    expect(contentHash({ a: [1, 2] }, "r2")).not.toEqual(hash);
  });

  it("tells lone surrogates apart", () => {
    expect(contentHash({ a: "\ud800" }, "r")).not.toEqual(
      contentHash({ a: "\ud801" }, "r"),
    );
  });

  it("hears a field named __proto__", () => {
    const row = JSON.parse('{"id":"1","__proto__":{"x":1}}');
    expect(contentHash(row, "r")).not.toEqual(contentHash({ id: "1" }, "r"));
  });
});

describe("canonicalJson()", () => {
  it("is JSON of the same value with its keys sorted", () => {
    expect(canonicalJson({ b: [{ d: null, c: "é\n" }], a: 1.5 })).toBe(
      '{"a":1.5,"b":[{"c":"é\\n","d":null}]}',
    );
  });
});

describe("rulesKey()", () => {
  it("changes with the zone and with either alias list", () => {
    const keys = [
      rulesKey(settings),
      rulesKey({ ...settings, timezone: "America/Chicago" }),
      rulesKey({ ...settings, fieldAliases: { market: ["x"] } }),
      rulesKey({ ...settings, fieldAliases: { units: ["x"] } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is the same for the same rules", () => {
    expect(rulesKey({ ...settings })).toBe(rulesKey(settings));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([k, v]) => [k, reversed(v)]),
  );
}
