import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  addMonths,
  isDay,
  isMonth,
  monthOf,
  weeksOfMonth,
} from "../../lib/domain/mod.ts";

const anyMonth = fc.tuple(
  fc.integer({ min: 1900, max: 2500 }),
  fc.integer({ min: 1, max: 12 }),
).map(([year, month]) => `${year}-${String(month).padStart(2, "0")}`);

describe("months of the calendar", () => {
  it("are told from other texts", () => {
    expect(["2026-03", "1999-12"].every(isMonth)).toBe(true);
    const wrong = ["2026-13", "2026-00", "2026-3", "2026", "", "0001-01"];
    expect(wrong.some(isMonth)).toBe(false);
  });

  it("follow each other over the turn of the year", () => {
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(addMonths("2026-03", 0)).toBe("2026-03");
    const steps = fc.integer({ min: -400, max: 400 });
    fc.assert(fc.property(anyMonth, steps, (month, step) => {
      expect(addMonths(addMonths(month, step), -step)).toBe(month);
    }));
  });

  it("consist of whole weeks that hold each of their days once", () => {
    expect(weeksOfMonth("2026-02").map(([monday]) => monday))
      .toEqual([
        "2026-01-26",
        "2026-02-02",
        "2026-02-09",
        "2026-02-16",
        "2026-02-23",
      ]);
    // 2027-02 begins on a Monday and has four weeks.
    expect(weeksOfMonth("2027-02").length).toBe(4);
    fc.assert(fc.property(anyMonth, (month) => {
      const weeks = weeksOfMonth(month);
      const days = weeks.flat();
      expect(weeks.every((week) => week.length === 7)).toBe(true);
      expect(new Set(days).size).toBe(days.length);
      expect(days.every(isDay)).toBe(true);
      const own = days.filter((day) => monthOf(day) === month);
      expect(own[0]).toBe(`${month}-01`);
      expect(isDay(`${month}-${String(own.length + 1)}`)).toBe(false);
      for (const [monday, , , , , , sunday] of weeks) {
        expect([monthOf(monday!), monthOf(sunday!)]).toContain(month);
      }
    }));
  });
});
