import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  addDays,
  dayNumber,
  dayOfNumber,
  dayStart,
  isValidZone,
  localDay,
  localDayNumber,
  type LocalTime,
  mondayOf,
  shiftDays,
  startOfDay,
  startOfWeek,
  toZoned,
  zonedTimeToUtc,
} from "../../lib/domain/mod.ts";
import {
  offsetByIntl,
  offsetByTemporal,
} from "../../lib/domain/_zone_offset.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEW_YORK = "America/New_York";

/** "2026-03-08 02:30" as parts. */
function local(text: string): LocalTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text
    .split(/\D+/).map(Number);
  return { year, month, day, hour, minute, second, ms: 0 };
}

function utc(text: string, zone: string): string {
  return new Date(zonedTimeToUtc(local(text), zone)).toISOString();
}

/** What Intl itself says, with nothing cached. */
function intlText(epochMs: number, zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(epochMs);
}

function zonedText(epochMs: number, zone: string): string {
  const at = toZoned(epochMs, zone);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.year}-${two(at.month)}-${two(at.day)} ${two(at.hour)}:${
    two(at.minute)
  }:${two(at.second)}`;
}

const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
/** 1970 to 2100, what records may hold. */
const instants = fc.integer({ min: 0, max: Date.UTC(2100, 0) });

/** The UTC days of a year in which a zone's clocks are changed. */
function changeDays(zone: string, year: number): number[] {
  const days: number[] = [];
  let offset = toZoned(Date.UTC(year, 0), zone).offsetMs;
  for (let at = Date.UTC(year, 0); at < Date.UTC(year + 1, 0); at += DAY) {
    const next = toZoned(at + DAY, zone).offsetMs;
    if (next !== offset) days.push(at);
    offset = next;
  }
  return days;
}

/**
 * A zone and a moment, half of them within a day of a change of its clocks. Since 2012, when Newfoundland gave up
 * changing its clocks at 00:01: until then the last minutes of an autumn Saturday came after the first minute
 * of its Sunday, and days were not spans of time.
 */
const moments = fc.tuple(
  zones,
  fc.integer({ min: 2012, max: 2037 }),
  fc.nat(),
  fc.integer({ min: -DAY, max: 2 * DAY }),
  fc.boolean(),
).map(([zone, year, pick, distance, near]): [string, number] => {
  const days = near ? changeDays(zone, year) : [];
  const day = days[pick % days.length] ??
    Date.UTC(year, 0) + pick % 365 * DAY;
  return [zone, day + distance];
});

describe("isValidZone()", () => {
  it("knows IANA zones and UTC", () => {
    for (const zone of [NEW_YORK, "Asia/Kathmandu", "UTC", "Etc/GMT+5"]) {
      expect(isValidZone(zone)).toBe(true);
    }
  });

  it("refuses what names no zone", () => {
    for (const zone of ["", "New York", "Mars/Olympus", "+02:00", "-05:00"]) {
      expect(isValidZone(zone)).toBe(false);
    }
  });
});

describe("zonedTimeToUtc()", () => {
  it("reads ordinary local times", () => {
    expect(utc("2026-01-15 09:00", NEW_YORK)).toBe("2026-01-15T14:00:00.000Z");
    expect(utc("2026-07-15 09:00", NEW_YORK)).toBe("2026-07-15T13:00:00.000Z");
    expect(utc("2026-07-15 09:00", "Asia/Kathmandu"))
      .toBe("2026-07-15T03:15:00.000Z");
    expect(utc("2026-07-15 09:00", "UTC")).toBe("2026-07-15T09:00:00.000Z");
  });

  it("keeps milliseconds", () => {
    const parts = { ...local("2026-01-15 09:00:07"), ms: 123 };
    expect(zonedTimeToUtc(parts, NEW_YORK))
      .toBe(Date.parse("2026-01-15T14:00:07.123Z"));
  });

  it("takes the first of a time that is shown twice", () => {
    expect(utc("2026-11-01 01:30", NEW_YORK)).toBe("2026-11-01T05:30:00.000Z");
    expect(utc("2026-11-01 01:00", NEW_YORK)).toBe("2026-11-01T05:00:00.000Z");
    expect(utc("2026-11-01 02:00", NEW_YORK)).toBe("2026-11-01T07:00:00.000Z");
    expect(utc("2026-10-25 02:30", "Europe/Berlin"))
      .toBe("2026-10-25T00:30:00.000Z");
  });

  it("moves a skipped time forward by the gap", () => {
    expect(utc("2026-03-08 02:30", NEW_YORK)).toBe("2026-03-08T07:30:00.000Z");
    expect(utc("2026-03-08 02:00", NEW_YORK)).toBe("2026-03-08T07:00:00.000Z");
    expect(utc("2026-03-08 03:00", NEW_YORK)).toBe("2026-03-08T07:00:00.000Z");
    expect(utc("2026-03-08 01:59", NEW_YORK)).toBe("2026-03-08T06:59:00.000Z");
    // Half an hour in Lord Howe: 02:15 becomes 02:45.
    expect(utc("2026-10-04 02:15", "Australia/Lord_Howe"))
      .toBe("2026-10-03T15:45:00.000Z");
    // Samoa skipped the whole of 30 December 2011.
    expect(utc("2011-12-30 12:00", "Pacific/Apia"))
      .toBe("2011-12-30T22:00:00.000Z");
  });

  it("rolls parts over as the calendar does", () => {
    expect(utc("2026-02-29 00:00", "UTC")).toBe("2026-03-01T00:00:00.000Z");
  });

  it("throws for an unknown zone", () => {
    expect(() => utc("2026-01-01 00:00", "Mars/Olympus")).toThrow(RangeError);
  });

  it("undoes toZoned(), but for the second of a time that is shown twice", () => {
    fc.assert(fc.property(moments, ([zone, instant]) => {
      const there = zonedTimeToUtc(toZoned(instant, zone), zone);
      expect(zonedText(there, zone)).toBe(zonedText(instant, zone));
      expect(there <= instant).toBe(true);
      expect(instant - there < DAY).toBe(true);
    }));
  });

  it("keeps the order of local times, but within the gap of skipped ones", () => {
    const minutes = fc.integer({ min: 1, max: 3000 });
    fc.assert(fc.property(moments, minutes, ([zone, instant], later) => {
      const parts = toZoned(instant, zone);
      const first = zonedTimeToUtc(parts, zone);
      const shifted = { ...parts, minute: parts.minute + later };
      const second = zonedTimeToUtc(shifted, zone);
      // 02:59 is moved to 03:59, past 03:00. No gap of these years is longer than three hours.
      expect(second - first > -3 * HOUR).toBe(true);
    }));
  });
});

describe("toZoned()", () => {
  it("says what the clocks show, with weekday and offset", () => {
    expect(toZoned(Date.parse("2026-03-08T07:00:00.250Z"), NEW_YORK)).toEqual({
      year: 2026,
      month: 3,
      day: 8,
      hour: 3,
      minute: 0,
      second: 0,
      ms: 250,
      weekday: 7,
      offsetMs: -4 * HOUR,
    });
  });

  it("is exact to the millisecond around a change of the clock", () => {
    const change = Date.parse("2026-03-08T07:00:00.000Z");
    expect(toZoned(change - 1, NEW_YORK)).toMatchObject({ hour: 1, ms: 999 });
    expect(toZoned(change, NEW_YORK)).toMatchObject({ hour: 3, ms: 0 });
  });

  it("agrees with Intl in every zone", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      for (let year = 1970; year < 2100; year += 13) {
        const instant = Date.UTC(year, year % 12, 1 + year % 28, year % 24, 7);
        expect(zonedText(instant, zone)).toBe(intlText(instant, zone));
      }
    }
  });

  it("agrees with Intl at random moments", () => {
    const anyTime = fc.oneof(moments, fc.tuple(zones, instants));
    fc.assert(fc.property(anyTime, ([zone, instant]) => {
      expect(zonedText(instant, zone)).toBe(intlText(instant, zone));
    }));
  });

  it("agrees with Intl in every quarter of an hour of days with a change", () => {
    const changes: [string, string][] = [
      [NEW_YORK, "2026-03-08"],
      [NEW_YORK, "2026-11-01"],
      ["Australia/Lord_Howe", "2026-04-04"],
      ["America/St_Johns", "2010-11-07"],
      ["Asia/Kathmandu", "1985-12-31"],
      ["Pacific/Apia", "2011-12-30"],
      ["Africa/Monrovia", "1972-01-07"],
    ];
    for (const [zone, day] of changes) {
      const start = Date.parse(`${day}T00:00:00Z`);
      for (let at = start; at < start + DAY; at += HOUR / 4) {
        expect(zonedText(at, zone)).toBe(intlText(at, zone));
      }
    }
  });
});

describe("localDay()", () => {
  it("is the day on the wall, not the day in UTC", () => {
    const instant = Date.parse("2026-03-09T03:59:00Z");
    expect(localDay(instant, NEW_YORK)).toBe("2026-03-08");
    expect(localDay(instant, "Asia/Tokyo")).toBe("2026-03-09");
  });

  it("has its number", () => {
    fc.assert(fc.property(instants, zones, (instant, zone) => {
      const number = localDayNumber(instant, zone);
      expect(dayOfNumber(number)).toBe(localDay(instant, zone));
      expect(dayNumber(localDay(instant, zone))).toBe(number);
    }));
  });

  it("parts time without gap or overlap: a day is [its start, the next one's)", () => {
    fc.assert(fc.property(moments, ([zone, instant]) => {
      const day = localDay(instant, zone);
      expect(dayStart(day, zone) <= instant).toBe(true);
      expect(instant < dayStart(addDays(day, 1), zone)).toBe(true);
    }));
  });
});

describe("startOfDay()", () => {
  it("is local midnight", () => {
    const noon = Date.parse("2026-03-08T16:00:00Z");
    expect(new Date(startOfDay(noon, NEW_YORK)).toISOString())
      .toBe("2026-03-08T05:00:00.000Z");
  });

  it("is the first moment of a day whose midnight the clock skips", () => {
    // Beirut put its clocks from 00:00 to 01:00 on 31 March 2024.
    const noon = Date.parse("2024-03-31T12:00:00Z");
    const start = startOfDay(noon, "Asia/Beirut");
    expect(toZoned(start, "Asia/Beirut")).toMatchObject({ day: 31, hour: 1 });
    expect(toZoned(start - 1, "Asia/Beirut")).toMatchObject({
      day: 30,
      hour: 23,
    });
  });
});

describe("startOfWeek()", () => {
  it("is Monday 00:00, for the whole of the week", () => {
    const monday = Date.parse("2026-11-16T05:00:00Z");
    for (const hours of [0, 1, 100, 167]) {
      expect(startOfWeek(monday + hours * HOUR, NEW_YORK)).toBe(monday);
    }
    expect(startOfWeek(monday - 1, NEW_YORK)).toBeLessThan(monday);
    expect(startOfWeek(monday + 168 * HOUR, NEW_YORK)).toBeGreaterThan(monday);
  });

  it("begins weeks of 167, 168 or 169 hours in New York", () => {
    const hours = new Map<number, number>();
    for (let day = "2026-01-05"; day < "2027-01-04"; day = addDays(day, 7)) {
      const length =
        (dayStart(addDays(day, 7), NEW_YORK) - dayStart(day, NEW_YORK)) / HOUR;
      hours.set(length, (hours.get(length) ?? 0) + 1);
    }
    expect(Object.fromEntries(hours)).toEqual({ 167: 1, 168: 50, 169: 1 });
  });

  it("parts time into weeks without gap or overlap", () => {
    fc.assert(fc.property(moments, ([zone, instant]) => {
      const start = startOfWeek(instant, zone);
      const next = dayStart(addDays(localDay(start, zone), 7), zone);
      expect(start <= instant && instant < next).toBe(true);
      expect(startOfWeek(next - 1, zone)).toBe(start);
      expect(startOfWeek(next, zone)).toBe(next);
      expect(toZoned(start, zone).weekday).toBe(1);
    }));
  });
});

describe("days of the calendar", () => {
  it("addDays() goes over months, leap days and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });

  it("mondayOf() is the Monday on or before", () => {
    expect(mondayOf("2026-11-23")).toBe("2026-11-23");
    expect(mondayOf("2026-11-29")).toBe("2026-11-23");
    expect(mondayOf("1970-01-01")).toBe("1969-12-29");
    expect(mondayOf("1969-12-28")).toBe("1969-12-22");
  });

  it("shiftDays() keeps the local time over a change of the clock", () => {
    const before = Date.parse("2026-03-05T15:00:00Z");
    expect(new Date(shiftDays(before, 7, NEW_YORK)).toISOString())
      .toBe("2026-03-12T14:00:00.000Z");
    expect(shiftDays(shiftDays(before, 7, NEW_YORK), -7, NEW_YORK))
      .toBe(before);
  });
});

describe("what a zone's clocks are set to", () => {
  it("is the same by Temporal and, where a Deno has none, by Intl", () => {
    const times = fc.integer({
      min: Date.UTC(1970, 0, 1),
      max: Date.UTC(2100, 0, 1),
    });
    fc.assert(
      fc.property(times, zones, (time, zone) => {
        expect(offsetByIntl(time, zone)).toBe(offsetByTemporal(time, zone));
      }),
      { numRuns: 2000 },
    );
    for (const ask of [offsetByIntl, offsetByTemporal]) {
      expect(() => ask(0, "Mars/Olympus")).toThrow(RangeError);
    }
  });
});
