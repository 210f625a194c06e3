import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { parseDate } from "../../lib/clienttether/mod.ts";

const NEW_YORK = "America/New_York";
const iso = (value: unknown, zone = NEW_YORK) => parseDate(value, zone).iso;

describe("parseDate()", () => {
  it("takes a date with an offset as given", () => {
    expect(iso("2026-07-01T09:30:00Z")).toBe("2026-07-01T09:30:00.000Z");
    expect(iso("2026-07-01T09:30:00+05:30")).toBe("2026-07-01T04:00:00.000Z");
    expect(iso("2026-07-01 09:30:00-0400")).toBe("2026-07-01T13:30:00.000Z");
    expect(iso("2026-07-01 09:30:00 +02")).toBe("2026-07-01T07:30:00.000Z");
    expect(iso("2026-07-01 09:30:00 UTC")).toBe("2026-07-01T09:30:00.000Z");
  });

  it("takes a date without an offset as local to the tenant's zone", () => {
    expect(iso("2026-07-01 09:30:00")).toBe("2026-07-01T13:30:00.000Z");
    expect(iso("2026-01-15T09:30")).toBe("2026-01-15T14:30:00.000Z");
    expect(iso("2026-01-15")).toBe("2026-01-15T05:00:00.000Z");
  });

  it("takes the first of two times when the clock shows a time twice", () => {
    expect(iso("2026-11-01 01:30:00")).toBe("2026-11-01T05:30:00.000Z");
  });

  it("moves a time that the clock skips forward by the gap", () => {
    expect(iso("2026-03-08 02:30:00")).toBe("2026-03-08T07:30:00.000Z");
  });

  it("keeps milliseconds and cuts what is finer", () => {
    expect(iso("2026-07-01T09:30:00.1Z")).toBe("2026-07-01T09:30:00.100Z");
    expect(iso("2026-07-01T09:30:00.1239999Z")).toBe(
      "2026-07-01T09:30:00.123Z",
    );
  });

  it("finds nothing to remark in a blank date", () => {
    for (const blank of [null, undefined, "", "   "]) {
      expect(parseDate(blank, NEW_YORK)).toEqual({ iso: null, problem: null });
    }
  });

  it("says why a date that does not exist is none", () => {
    const values = [
      "0000-00-00",
      "0000-00-00 00:00:00",
      "2024-02-30",
      "2023-02-29",
      "2024-13-01",
      "2026-07-01 24:00:00",
      "2026-07-01 23:59:60",
      "07/01/2026",
      "next week",
      "1782907200",
      "2026-07-01T09:30:00+99:00",
      "2026-07-01T09:30:00+05:60",
    ];
    for (const value of values) {
      const date = parseDate(value, NEW_YORK);
      expect([value, date.iso]).toEqual([value, null]);
      expect(date.problem).toContain(`'${value}'`);
    }
  });

  it("takes the years 1970 to 2100 and no others", () => {
    expect(iso("1970-01-01T00:00:00Z")).toBe("1970-01-01T00:00:00.000Z");
    expect(iso("2100-12-31T23:59:59Z")).toBe("2100-12-31T23:59:59.000Z");
    expect(iso("1969-12-31T23:59:59Z")).toBe(null);
    expect(parseDate("9999-12-31", NEW_YORK).problem).toBe(
      "'9999-12-31' is not between 1970 and 2100",
    );
  });

  it("is no date for a number and an object", () => {
    expect(iso(1782907200)).toBe(null);
    expect(iso({})).toBe(null);
  });

  it("quotes a long value only in part", () => {
    const { problem } = parseDate("x".repeat(5000), NEW_YORK);
    expect(problem?.length).toBeLessThan(80);
  });

  it("gives back every instant that is written in UTC", () => {
    const date = fc.date({
      min: new Date("1970-01-01T00:00:00Z"),
      max: new Date("2100-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(date, (d) => {
      expect(iso(d.toISOString())).toBe(d.toISOString());
    }));
  });

  it("takes exactly the days that the calendar has", () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2100 }), part(13), part(32), (
        year,
        month,
        day,
      ) => {
        const lengths = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30];
        const length = [...lengths, 31, 30, 31][month - 1] ?? 0;
        const text = [year, month, day].map((n) => `${n}`.padStart(2, "0"));
        const exists = day >= 1 && day <= length;
        expect(iso(text.join("-"), "UTC") !== null).toBe(exists);
      }),
    );
  });

  it("never throws and never makes a date that does not sort", () => {
    const value = fc.oneof(fc.string(), fc.anything(), fc.double());
    fc.assert(fc.property(value, (v) => {
      const date = iso(v);
      if (date !== null) expect(date).toMatch(/^\d{4}-.{6}T.{12}Z$/);
    }));
  });
});

function leap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
