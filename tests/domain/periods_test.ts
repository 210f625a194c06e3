import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  addDays,
  dayNumber,
  dayStart,
  isDay,
  LONGEST_PERIOD,
  PERIOD_KINDS,
  type PeriodKind,
  periodOf,
} from "../../lib/domain/mod.ts";

const ZONE = "America/New_York";
/** Wednesday, 11 March 2026, 11:00; the clocks went forward on Sunday the 8th. */
const NOW = Date.parse("2026-03-11T15:00:00.000Z");

function days(kind: PeriodKind, more: { from?: string; to?: string } = {}) {
  const { firstDay, lastDay, running, comparison } = periodOf(
    { kind, ...more },
    NOW,
    ZONE,
  );
  return {
    days: [firstDay, lastDay],
    against: [comparison.firstDay, comparison.lastDay],
    running,
  };
}

describe("periodOf()", () => {
  it("knows this week and the last one", () => {
    expect(days("week")).toEqual({
      days: ["2026-03-09", "2026-03-11"],
      against: ["2026-03-02", "2026-03-04"],
      running: true,
    });
    expect(days("last-week")).toEqual({
      days: ["2026-03-02", "2026-03-08"],
      against: ["2026-02-23", "2026-03-01"],
      running: false,
    });
  });

  it("rolls over the last 7, 28 and 90 days, today included", () => {
    expect(days("7d")).toEqual({
      days: ["2026-03-04", "2026-03-11"],
      against: ["2026-02-25", "2026-03-04"],
      running: true,
    });
    expect(days("28d")).toEqual({
      days: ["2026-02-12", "2026-03-11"],
      against: ["2026-01-15", "2026-02-11"],
      running: true,
    });
    expect(days("90d").days).toEqual(["2025-12-12", "2026-03-11"]);
  });

  it("compares the month and the quarter so far with as many days of the one before", () => {
    expect(days("month")).toEqual({
      days: ["2026-03-01", "2026-03-11"],
      against: ["2026-02-01", "2026-02-11"],
      running: true,
    });
    expect(days("quarter")).toEqual({
      days: ["2026-01-01", "2026-03-11"],
      against: ["2025-10-01", "2025-12-09"],
      running: true,
    });
  });

  it("compares with no day of the month itself, however short the one before was", () => {
    const end = Date.parse("2026-03-31T15:00:00.000Z");
    const { comparison } = periodOf({ kind: "month" }, end, ZONE);
    expect([comparison.firstDay, comparison.lastDay])
      .toEqual(["2026-02-01", "2026-02-28"]);
  });

  it("takes two days, both in, and compares them with as many before", () => {
    expect(days("custom", { from: "2026-02-01", to: "2026-02-10" })).toEqual({
      days: ["2026-02-01", "2026-02-10"],
      against: ["2026-01-22", "2026-01-31"],
      running: false,
    });
    expect(days("custom", { from: "2026-03-11", to: "2026-03-11" }))
      .toMatchObject({ running: true, against: ["2026-03-10", "2026-03-10"] });
  });

  it("ends today where the last day lies ahead", () => {
    expect(days("custom", { from: "2026-03-10", to: "2026-03-20" }))
      .toMatchObject({ days: ["2026-03-10", "2026-03-11"], running: true });
  });

  it("says what is wrong with the days of a custom period", () => {
    const error = (from?: string, to?: string) => {
      const more = { ...from ? { from } : {}, ...to ? { to } : {} };
      return () => periodOf({ kind: "custom", ...more }, NOW, ZONE);
    };
    expect(error("2026-02-30", "2026-03-01")).toThrow(
      "Cannot show this period: 'from' must be a day such as 2026-03-01, and '2026-02-30' is none",
    );
    expect(error("2026-03-01")).toThrow(
      "Cannot show this period: 'to' must be a day such as 2026-03-01, and there is none",
    );
    expect(error("2026-03-02", "2026-03-01")).toThrow(
      "Cannot show this period: 2026-03-02 is after 2026-03-01",
    );
    expect(error("2026-03-12", "2026-03-12")).toThrow(
      "Cannot show this period: 2026-03-12 lies ahead",
    );
    expect(error("2020-01-01", "2026-03-01")).toThrow(
      `Cannot show this period: it has more than ${LONGEST_PERIOD} days`,
    );
  });

  it("holds together in every zone, at every moment", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const moments = fc.integer({
      min: Date.parse("2025-01-01T00:00:00Z"),
      max: Date.parse("2027-01-01T00:00:00Z"),
    });
    const kinds = fc.constantFrom(
      ...PERIOD_KINDS.filter((kind) => kind !== "custom"),
    );
    fc.assert(fc.property(zones, moments, kinds, (zone, now, kind) => {
      const period = periodOf({ kind }, now, zone);
      const { from, to, comparison, running, firstDay } = period;
      expect(from).toBeLessThan(to);
      expect(to).toBeLessThanOrEqual(now + 1);
      expect(running).toBe(kind !== "last-week");
      // Nothing is in both, and what is compared lies before.
      expect(comparison.to).toBeLessThanOrEqual(from);
      expect(comparison.from).toBeLessThanOrEqual(comparison.to);
      if (kind === "7d") return;
      expect(dayStart(firstDay, zone)).toBe(from);
    }));
  });

  it("compares whole days with as many", () => {
    const spans = fc.record({
      ago: fc.integer({ min: 0, max: 700 }),
      length: fc.integer({ min: 1, max: LONGEST_PERIOD }),
    });
    fc.assert(fc.property(spans, ({ ago, length }) => {
      const to = addDays("2026-03-11", -ago);
      const from = addDays(to, 1 - length);
      const { comparison } = periodOf({ kind: "custom", from, to }, NOW, ZONE);
      const { firstDay, lastDay } = comparison;
      expect(addDays(lastDay, 1)).toBe(from);
      expect(dayNumber(lastDay) - dayNumber(firstDay) + 1).toBe(length);
    }));
  });
});

describe("isDay()", () => {
  it("takes days of the calendar alone", () => {
    expect(["2026-02-28", "2024-02-29"].every(isDay)).toBe(true);
    const wrong = ["2026-02-29", "2026-13-01", "2026-3-1", "today", ""];
    expect(wrong.some(isDay)).toBe(false);
  });
});
