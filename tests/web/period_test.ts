import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { orDefault, readPeriod } from "../../lib/web/mod.ts";

const ZONE = "America/New_York";
const NOW = Date.parse("2026-03-11T15:00:00.000Z");

const read = (query: string) =>
  readPeriod(new URL(`http://portal.example.com/x?${query}`), NOW, ZONE);

describe("readPeriod()", () => {
  it("is this week where the address names none", () => {
    const { period, query } = read("w=birch");
    expect(period.kind).toBe("week");
    expect(query).toEqual({ period: undefined });
  });

  it("gives what keeps the period in links", () => {
    expect(read("period=28d").query).toEqual({ period: "28d" });
    const days = { from: "2026-03-01", to: "2026-03-05" };
    expect(read("period=custom&from=2026-03-01&to=2026-03-05").query)
      .toEqual({ period: "custom", ...days });
  });

  it("takes two days without a period for a custom one", () => {
    const { period } = read("from=2026-03-01&to=2026-03-05");
    expect(period).toMatchObject({
      kind: "custom",
      firstDay: "2026-03-01",
      lastDay: "2026-03-05",
    });
  });

  it("leaves out days that a named period has no use for", () => {
    expect(read("period=month&from=2020-01-01").period.kind).toBe("month");
  });

  it("says what is wrong", () => {
    expect(() => read("period=year")).toThrow(
      "Cannot read the parameter 'period': it must be one of week, last-week",
    );
    expect(() => read("period=custom&from=2026-03-01"))
      .toThrow("'to' must be a day such as 2026-03-01, and there is none");
    expect(() => read("period=week&period=7d")).toThrow("it is given twice");
  });
});

describe("orDefault()", () => {
  it("falls back with the sentence where the address is wrong, and lets other errors through", () => {
    expect(orDefault(() => read("period=year").period.kind, () => "week"))
      .toMatchObject({ value: "week" });
    expect(orDefault(() => read("").period.kind, () => "none"))
      .toEqual({ value: "week", problem: null });
    const broken = () => {
      throw new TypeError("broken");
    };
    expect(() => orDefault(broken, () => 1)).toThrow("broken");
  });
});
