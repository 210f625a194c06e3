import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { parseLikelihood } from "../../lib/domain/mod.ts";

describe("parseLikelihood()", () => {
  const known: [unknown, number][] = [
    ["25", 25],
    ["25%", 25],
    [" 25 % ", 25],
    ["12.5", 12.5],
    ["12.50%", 12.5],
    ["0", 0],
    ["100", 100],
    ["100.0", 100],
    ["0.25", 0.25],
    [0, 0],
    [12.5, 12.5],
    [100, 100],
  ];
  for (const [value, expected] of known) {
    it(`reads ${typeof value} '${value}' as ${expected}`, () => {
      expect(parseLikelihood(value)).toBe(expected);
    });
  }

  const unknown: unknown[] = [
    "",
    "%",
    "-1",
    "100.01",
    "101%",
    "high",
    "1e1",
    "0x10",
    "12,5",
    "25%%",
    "NaN",
    NaN,
    Infinity,
    -0.1,
    100.1,
    null,
    undefined,
    true,
    [25],
    {},
  ];
  for (const value of unknown) {
    const shown = typeof value === "object" ? JSON.stringify(value) : value;
    it(`does not know ${typeof value} '${shown}'`, () => {
      expect(parseLikelihood(value)).toBe(null);
    });
  }

  it("keeps fractions exactly, in every spelling", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
        const value = thousandths / 1000;
        expect(parseLikelihood(value)).toBe(value);
        expect(parseLikelihood(String(value))).toBe(value);
        expect(parseLikelihood(`${value}%`)).toBe(value);
      }),
    );
  });

  it("is never minus zero", () => {
    expect(Object.is(parseLikelihood(-0), 0)).toBe(true);
  });
});
