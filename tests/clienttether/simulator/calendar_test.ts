import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { Calendar } from "../../../lib/clienttether/simulator/_calendar.ts";

const at = (text: string) => Date.parse(text) / 1000;
const newYork = new Calendar("America/New_York");

describe("Calendar", () => {
  it("writes local time on both sides of a change of clocks", () => {
    expect(newYork.local(at("2026-03-08T06:59:59Z"))).toBe(
      "2026-03-08 01:59:59",
    );
    expect(newYork.local(at("2026-03-08T07:00:00Z"))).toBe(
      "2026-03-08 03:00:00",
    );
    expect(newYork.format(at("2026-11-01T05:30:00Z"), "offset")).toBe(
      "2026-11-01T01:30:00-04:00",
    );
    expect(newYork.format(at("2026-11-01T06:30:00Z"), "offset")).toBe(
      "2026-11-01T01:30:00-05:00",
    );
  });

  it("takes the first of two equal local times and moves a skipped one on", () => {
    const first = newYork.instant(at("2026-11-01T01:30:00Z"));
    expect(first).toBe(at("2026-11-01T05:30:00Z"));
    const skipped = newYork.instant(at("2026-03-08T02:30:00Z"));
    expect(newYork.local(skipped)).toBe("2026-03-08 03:30:00");
  });

  it("writes offsets of half and quarter hours", () => {
    const kathmandu = new Calendar("Asia/Kathmandu");
    expect(kathmandu.format(at("2026-01-01T00:00:00Z"), "offset")).toBe(
      "2026-01-01T05:45:00+05:45",
    );
  });

  it("reads back every local time that it writes", () => {
    const zones = ["America/New_York", "Europe/London", "Australia/Lord_Howe"]
      .map((zone) => new Calendar(zone));
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at("2020-01-01"), max: at("2030-01-01") }),
        (calendar, instant) => {
          const local = calendar.local(instant);
          const wall = at(`${local.replace(" ", "T")}Z`);
          expect(calendar.local(calendar.instant(wall))).toBe(local);
          expect(at(calendar.format(instant, "offset"))).toBe(instant);
        },
      ),
    );
  });

  it("puts appointments into working hours of weekdays", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at("2026-01-01"), max: at("2027-01-01") }),
        fc.nat(40),
        fc.nat(100),
        (instant, days, slot) => {
          const local = newYork.local(newYork.workingTime(instant, days, slot));
          const weekday = new Date(`${local.slice(0, 10)}T00:00Z`).getUTCDay();
          expect([1, 2, 3, 4, 5]).toContain(weekday);
          expect(local.slice(11)).toMatch(/^(09|1[0-7]):[03]0:00$/);
        },
      ),
    );
  });
});
