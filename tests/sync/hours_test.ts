import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { hourOf, hoursWithoutTick, missedHours } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";

const at = (time: string) => Date.parse(`2026-03-11T${time}Z`);
const NOW = at("15:30:00.000");

describe("hourOf()", () => {
  it("is the full hour, also for a tick that comes up to a minute early", () => {
    const hour = at("15:00:00.000");
    for (const time of ["15:00:00.000", "14:59:00.000", "15:58:59.999"]) {
      expect(hourOf(at(time))).toBe(hour);
    }
    expect(hourOf(at("15:59:00.000"))).toBe(hour + HOUR);
  });
});

describe("missedHours()", () => {
  it("counts full hours between two ticks", () => {
    const from = (time: string) => missedHours(`2026-03-11T${time}Z`, NOW);
    expect(from("15:00:00.000")).toBe(0);
    expect(from("14:00:30.000")).toBe(0);
    expect(from("13:55:00.000")).toBe(1);
    expect(from("03:00:00.000")).toBe(11);
  });

  it("is zero before the first tick, and for one from the future", () => {
    expect(missedHours(null, NOW)).toBe(0);
    expect(missedHours("2027-01-01T00:00:00.000Z", NOW)).toBe(0);
  });
});

describe("hoursWithoutTick()", () => {
  const back = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

  it("looks at the 24 full hours before the present one", () => {
    const all = Array.from({ length: 48 }, (_, n) => back(n + 1));
    expect(hoursWithoutTick(all, NOW)).toBe(0);
    const holes = [3, 7, 24, 25, 30].map(back);
    expect(hoursWithoutTick(all.filter((iso) => !holes.includes(iso)), NOW))
      .toBe(3);
    expect(hoursWithoutTick([back(40)], NOW)).toBe(24);
  });

  it("does not count hours before the first tick", () => {
    expect(hoursWithoutTick([back(1), back(3)], NOW)).toBe(1);
    expect(hoursWithoutTick([back(0)], NOW)).toBe(0);
    expect(hoursWithoutTick([], NOW)).toBe(0);
  });
});
