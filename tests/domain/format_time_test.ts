import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  formatDate,
  formatDateTime,
  formatDay,
  formatDayLong,
  formatDayShort,
  formatRelative,
  formatSpan,
  formatTime,
  formatWeek,
  relativeDay,
  zoneName,
} from "../../lib/domain/mod.ts";

const ZONE = "America/New_York";
/** 22:02 on Sunday, 22 November 2026, in New York. */
const ISO = "2026-11-23T03:02:00.000Z";

describe("times and days in words", () => {
  it("formatTime() and formatDateTime() are local, with 24 hours", () => {
    expect(formatTime(ISO, ZONE)).toBe("22:02");
    expect(formatTime("2026-11-23T13:02:00.000Z", ZONE)).toBe("08:02");
    expect(formatDateTime(ISO, ZONE)).toBe("22 Nov 2026, 22:02");
    expect(formatDate(ISO, ZONE)).toBe("22 Nov 2026");
    expect(formatDate(ISO, "UTC")).toBe("23 Nov 2026");
  });

  it("formatDay() writes a day, short and long ones too", () => {
    expect(formatDay("2026-03-01")).toBe("1 Mar 2026");
    expect(formatDayShort("2026-11-16")).toBe("16 Nov");
    expect(formatDayLong("2026-11-23")).toBe("Monday, 23 November");
  });

  it("writes what is unknown as a dash", () => {
    expect(formatTime(null, ZONE)).toBe("\u2013");
    expect(formatTime("soon", ZONE)).toBe("\u2013");
    expect(formatDate(null, ZONE)).toBe("\u2013");
    expect(formatDateTime(null, ZONE)).toBe("\u2013");
    expect(formatDay(null)).toBe("\u2013");
    expect(formatDayShort(null)).toBe("\u2013");
    expect(formatDayLong(null)).toBe("\u2013");
    expect(formatRelative(null, 0, ZONE)).toBe("\u2013");
  });

  it("relativeDay() says days as one says them", () => {
    const now = Date.parse(ISO);
    const words: [string, string][] = [
      ["2026-11-22", "today"],
      ["2026-11-21", "yesterday"],
      ["2026-11-23", "tomorrow"],
      ["2026-11-16", "Monday"],
      ["2026-11-28", "Saturday"],
      ["2026-11-15", "15 Nov"],
      ["2026-11-29", "29 Nov"],
      ["2025-12-31", "31 Dec 2025"],
    ];
    for (const [day, word] of words) {
      expect(relativeDay(day, now, ZONE)).toBe(word);
    }
  });

  it("formatRelative() says day and time", () => {
    const now = Date.parse(ISO);
    expect(formatRelative("2026-11-22T13:02:00.000Z", now, ZONE))
      .toBe("today, 08:02");
  });

  it("formatSpan() says both ends of a window", () => {
    const monday = Date.parse("2026-11-16T05:00:00.000Z");
    const thursday = Date.parse("2026-11-19T15:14:00.000Z");
    expect(formatSpan(monday, thursday, ZONE))
      .toBe("Mon 16 Nov to Thu 19 Nov 10:14");
    expect(formatSpan(thursday, Date.parse(ISO), ZONE))
      .toBe("Thu 19 Nov 10:14 to Sun 22 Nov 22:02");
  });

  it("formatWeek() names a week by its Monday and Sunday", () => {
    expect(formatWeek("2026-11-18")).toBe("16 to 22 Nov 2026");
    expect(formatWeek("2026-11-30")).toBe("30 Nov to 6 Dec 2026");
    expect(formatWeek("2026-12-31")).toBe("28 Dec 2026 to 3 Jan 2027");
  });

  it("zoneName() is the city", () => {
    expect(zoneName(ZONE)).toBe("New York");
    expect(zoneName("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
    expect(zoneName("UTC")).toBe("UTC");
  });
});
