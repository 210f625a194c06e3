import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  divideHalfAway,
  parseMoneyCents,
  weightedCents,
} from "../../lib/domain/mod.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const cents = fc.integer({ min: -MAX, max: MAX }).filter((n) => n !== 0);

/** Cents as plain decimal text, by digits alone. */
function plainText(value: number): string {
  const digits = String(Math.abs(value)).padStart(3, "0");
  return `${value < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

describe("parseMoneyCents()", () => {
  const amounts: [unknown, number][] = [
    ["$1,234.50", 123450],
    ["1234.5", 123450],
    ["1234", 123400],
    ["  $45,000 ", 4500000],
    ["$ 45,000.00", 4500000],
    ["1,234,567.89", 123456789],
    ["-500", -50000],
    ["-$500", -50000],
    ["$-500", -50000],
    ["\u2212$500", -50000],
    ["0.01", 1],
    ["007", 700],
    [1234.5, 123450],
    [-500, -50000],
    [0.07, 7],
    [19.99, 1999],
    [4.35, 435],
    [500n, 50000],
    ["90071992547409.91", MAX],
    ["-90071992547409.91", -MAX],
  ];
  for (const [value, expected] of amounts) {
    it(`reads ${typeof value} '${value}' as ${expected} cents`, () => {
      expect(parseMoneyCents(value)).toBe(expected);
    });
  }

  const sizeless: unknown[] = [
    "",
    "   ",
    "(500)",
    "1.5M",
    "500K",
    "NaN",
    "Infinity",
    "1e5",
    "TBD",
    "$",
    "-",
    "--500",
    "-$-500",
    "+500",
    "500-",
    "1,23",
    "1,2345",
    ",123",
    "1234,567",
    "1.",
    ".5",
    "1.2.3",
    "1 234",
    "\u20ac500",
    "500 USD",
    "90071992547409.92",
    "9".repeat(400),
    NaN,
    Infinity,
    1e21,
    1e-7,
    null,
    undefined,
    true,
    {},
    [500],
  ];
  for (const value of sizeless) {
    const shown = typeof value === "object"
      ? JSON.stringify(value)
      : String(value).slice(0, 20);
    it(`finds no size in ${typeof value} '${shown}'`, () => {
      expect(parseMoneyCents(value)).toBe(null);
    });
  }

  for (const value of ["0", "$0.00", "-0", "0.004", "-0.0049", 0, -0]) {
    it(`takes zero for no size: '${value}'`, () => {
      expect(parseMoneyCents(value)).toBe(null);
    });
  }

  it("rounds more than two decimals half away from zero", () => {
    expect(parseMoneyCents("1.005")).toBe(101);
    expect(parseMoneyCents("1.00499999999999999999")).toBe(100);
    expect(parseMoneyCents("-1.005")).toBe(-101);
    expect(parseMoneyCents(1.005)).toBe(101);
    expect(parseMoneyCents("0.005")).toBe(1);
    expect(parseMoneyCents("-0.995")).toBe(-100);
  });

  it("reads every amount back from its plain text", () => {
    fc.assert(fc.property(cents, (value) => {
      expect(parseMoneyCents(plainText(value))).toBe(value);
    }));
  });

  it("reads every amount back from its grouped text in dollars", () => {
    fc.assert(fc.property(cents, (value) => {
      const plain = plainText(Math.abs(value));
      const [whole = "", fraction = ""] = plain.split(".");
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
      const sign = value < 0 ? "-" : "";
      expect(parseMoneyCents(`${sign}$${grouped}.${fraction}`)).toBe(value);
    }));
  });

  it("reads a JSON number as the decimal it is written as", () => {
    const dollars = fc.integer({ min: 1, max: 99_999_999_999 });
    fc.assert(fc.property(dollars, (value) => {
      expect(parseMoneyCents(JSON.parse(plainText(value)))).toBe(value);
    }));
  });

  it("adds as text adds: the sum of parsed amounts is the parsed sum", () => {
    const small = fc.integer({ min: 1, max: 1e12 });
    fc.assert(fc.property(small, small, (a, b) => {
      const sum = Number(parseMoneyCents(plainText(a))) +
        Number(parseMoneyCents(plainText(b)));
      expect(sum).toBe(parseMoneyCents(plainText(a + b)));
    }));
  });

  it("never throws and gives a safe integer other than 0 or null", () => {
    fc.assert(fc.property(fc.anything(), (value) => {
      const parsed = parseMoneyCents(value);
      expect(parsed === null || Number.isSafeInteger(parsed)).toBe(true);
      expect(parsed).not.toBe(0);
    }));
  });
});

describe("weightedCents()", () => {
  it("multiplies by a hundredth of the likelihood", () => {
    expect(weightedCents(4_500_000, 60)).toBe(2_700_000);
    expect(weightedCents(4_500_000, 12.5)).toBe(562_500);
    expect(weightedCents(4_500_000, 0)).toBe(0);
    expect(weightedCents(4_500_000, 100)).toBe(4_500_000);
  });

  it("rounds half away from zero", () => {
    expect(weightedCents(50, 1)).toBe(1);
    expect(weightedCents(49, 1)).toBe(0);
    expect(weightedCents(-50, 1)).toBe(-1);
    expect(weightedCents(-49, 1)).toBe(0);
    expect(weightedCents(250, 50.2)).toBe(126);
    expect(weightedCents(-250, 50.2)).toBe(-126);
  });

  it("takes a fraction as the decimal it is written as", () => {
    // 1.15 x 100 is 114.99999999999999 in binary.
    expect(weightedCents(10_000, 1.15)).toBe(115);
    // 333 x 33.3 = 11088.9 -> 110.889 -> 111
    expect(weightedCents(333, 33.3)).toBe(111);
    // Half a cent exactly: 1000 x 0.05 / 100 = 0.5
    expect(weightedCents(1000, 0.05)).toBe(1);
    expect(weightedCents(MAX, 1e-7)).toBe(9_007_199);
  });

  it("is never minus zero", () => {
    expect(Object.is(weightedCents(-1, 0), 0)).toBe(true);
    expect(Object.is(weightedCents(-1, 0.1), 0)).toBe(true);
  });

  it("agrees with whole arithmetic for every amount and whole or half per cent", () => {
    const halves = fc.integer({ min: 0, max: 200 });
    fc.assert(fc.property(cents, halves, (size, half) => {
      const exact = divideHalfAway(BigInt(size) * BigInt(half), 200n);
      expect(BigInt(weightedCents(size, half / 2))).toBe(exact);
    }));
  });

  it("is odd: a negative amount weighs as much as its opposite", () => {
    const pct = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(fc.property(cents, pct, (size, likelihood) => {
      expect(weightedCents(-size, likelihood) + 0)
        .toBe(0 - weightedCents(size, likelihood));
    }));
  });
});

describe("divideHalfAway()", () => {
  it("is off by at most half, and away from zero at the half", () => {
    const dividends = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    const divisors = fc.bigInt({ min: 1n, max: 10n ** 6n });
    fc.assert(fc.property(dividends, divisors, (dividend, divisor) => {
      const error = divideHalfAway(dividend, divisor) * divisor - dividend;
      const doubled = 2n * (error < 0n ? -error : error);
      expect(doubled <= divisor).toBe(true);
      if (doubled === divisor) expect(error > 0n).toBe(dividend > 0n);
    }));
  });
});
