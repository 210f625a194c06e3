import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  formatCount,
  formatMoney,
  formatMoneyCompact,
  formatPercent,
  formatSigned,
  parseMoneyCents,
} from "../../lib/domain/mod.ts";

describe("formatMoney()", () => {
  it("writes money in full, cents only where there are any", () => {
    expect(formatMoney(125_000_000, "USD")).toBe("$1,250,000");
    expect(formatMoney(123_450, "USD")).toBe("$1,234.50");
    expect(formatMoney(7, "USD")).toBe("$0.07");
    expect(formatMoney(0, "USD")).toBe("$0");
  });

  it("writes negative amounts with a proper minus sign", () => {
    expect(formatMoney(-50_000, "USD")).toBe("\u2212$500");
    expect(formatMoney(-5, "USD")).toBe("\u2212$0.05");
    expect(formatMoney(-0, "USD")).toBe("$0");
  });

  it("writes other currencies", () => {
    expect(formatMoney(123_450, "EUR")).toBe("\u20ac1,234.50");
    expect(formatMoney(123_400, "CAD")).toBe("CA$1,234");
    expect(formatMoney(123_450, "JPY")).toBe("\u00a51,234.50");
  });

  it("writes an unknown amount as a dash", () => {
    expect(formatMoney(null, "USD")).toBe("\u2013");
  });

  it("is exact for every amount: it reads back as the same cents", () => {
    const max = Number.MAX_SAFE_INTEGER;
    fc.assert(fc.property(fc.integer({ min: -max, max }), (cents) => {
      expect(parseMoneyCents(formatMoney(cents, "USD"))).toBe(cents || null);
    }));
  });
});

describe("formatMoneyCompact()", () => {
  const cards: [number | null, string][] = [
    [125_000_000, "$1.25M"],
    [78_000_000, "$780K"],
    [829_400_000, "$8.29M"],
    [100_000_000, "$1M"],
    [1_234_567_800, "$12.3M"],
    [99_999_900, "$1M"],
    [125_000, "$1.25K"],
    [99_950, "$999.50"],
    [50_000, "$500"],
    [0, "$0"],
    [-78_000_000, "\u2212$780K"],
    [null, "\u2013"],
  ];
  for (const [cents, text] of cards) {
    it(`writes ${cents} cents as '${text}'`, () => {
      expect(formatMoneyCompact(cents, "USD")).toBe(text);
    });
  }
});

describe("formatCount(), formatPercent() and formatSigned()", () => {
  it("group thousands", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
    expect(formatCount(-12)).toBe("\u221212");
    expect(formatCount(null)).toBe("\u2013");
  });

  it("write percentages with at most two decimals", () => {
    expect(formatPercent(25)).toBe("25%");
    expect(formatPercent(12.5)).toBe("12.5%");
    expect(formatPercent(100 / 3)).toBe("33.33%");
    expect(formatPercent(-25)).toBe("\u221225%");
    expect(formatPercent(-0.001)).toBe("0%");
    expect(formatPercent(null)).toBe("\u2013");
  });

  it("write differences with their sign", () => {
    expect(formatSigned(6)).toBe("+6");
    expect(formatSigned(-3)).toBe("\u22123");
    expect(formatSigned(0)).toBe("0");
    expect(formatSigned(null)).toBe("\u2013");
    const compact = (cents: number | null) => formatMoneyCompact(cents, "USD");
    expect(formatSigned(22_000_000, compact)).toBe("+$220K");
    expect(formatSigned(12.5, formatPercent)).toBe("+12.5%");
  });
});

describe("what is written without Intl", () => {
  const plain = (text: string) =>
    /[1-9]/.test(text) ? text.replace("-", "\u2212") : text.replace("-", "");
  const intl =
    (options: Intl.NumberFormatOptions) => (value: number | string) =>
      plain(new Intl.NumberFormat("en-US", options).format(value as number));
  const usd = { style: "currency", currency: "USD" } as const;
  const max = Number.MAX_SAFE_INTEGER;
  const cents = fc.oneof(
    fc.integer({ min: -max, max }),
    fc.integer({ min: -20_000_000, max: 20_000_000 }),
    // Around what is rounded up to another unit.
    fc.tuple(fc.integer({ min: 5, max: 15 }), fc.integer({ min: -60, max: 60 }))
      .map(([power, more]) => 10 ** power + more),
  );
  const numbers = fc.oneof(
    cents,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -2000, max: 2000, noNaN: true }),
    fc.integer({ min: -9_999_999, max: 9_999_999 }).map((n) => n / 1000),
  );
  const decimal = (value: number) => {
    const digits = String(Math.abs(value)).padStart(3, "0");
    return `${value < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };

  it("is what Intl writes of counts and percentages", () => {
    const [count, percent] = [0, 2].map((digits) =>
      intl({ maximumFractionDigits: digits })
    );
    for (const value of [1.005, 0.125, -0, 0.5, 999.995, 1e21, 1e-7]) {
      expect(formatCount(value)).toBe(count!(value));
      expect(formatPercent(value)).toBe(`${percent!(value)}%`);
    }
    fc.assert(
      fc.property(numbers, (value) => {
        expect(formatCount(value)).toBe(count!(value));
        expect(formatPercent(value)).toBe(`${percent!(value)}%`);
      }),
      { numRuns: 2000 },
    );
  });

  it("is what Intl writes of dollars, in full and in three figures", () => {
    const compact = intl({
      ...usd,
      notation: "compact",
      minimumFractionDigits: 0,
      maximumSignificantDigits: 3,
    });
    fc.assert(
      fc.property(cents, (value) => {
        const digits = value % 100 === 0 ? 0 : 2;
        const full = intl({
          ...usd,
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        });
        expect(formatMoney(value, "USD")).toBe(full(decimal(value)));
        if (Math.abs(value) < 100_000) return;
        expect(formatMoneyCompact(value, "USD")).toBe(compact(decimal(value)));
      }),
      { numRuns: 2000 },
    );
  });
});
