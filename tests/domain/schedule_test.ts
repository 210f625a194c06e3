import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { groupOf, isOpenActivity, localDay } from "../../lib/domain/mod.ts";

describe("isOpenActivity()", () => {
  const closed = [
    "Canceled",
    "Cancelled",
    "CANCELLED",
    "cancel",
    "Cancellation",
    "Cancelled by client",
    "cancelled_by_user",
    " Completed ",
    "Complete",
    "Call completed",
    "Auto-completed",
    "Done",
    "Finished",
    "Closed",
  ];
  for (const status of closed) {
    it(`is over: '${status}'`, () => {
      expect(isOpenActivity(status)).toBe(false);
    });
  }

  const open = [
    null,
    "",
    "Scheduled",
    "Confirmed",
    "Pending",
    "Rescheduled",
    "Incomplete",
    "Not completed",
    "not done",
    "To be completed",
    "Cancellation requested",
    "Abandoned",
    "Disclosed",
    "7",
    "\u4e88\u5b9a",
  ];
  for (const status of open) {
    it(`is shown: '${status}'`, () => {
      expect(isOpenActivity(status)).toBe(true);
    });
  }
});

describe("groupOf()", () => {
  const ZONE = "America/New_York";
  // Friday, 6 March 2026, 10:00; the clocks go forward on Sunday.
  const NOW = Date.parse("2026-03-06T15:00:00.000Z");
  const group = (iso: string) => groupOf(iso, NOW, ZONE);

  it("is today until local midnight", () => {
    expect(group("2026-03-06T15:00:00.001Z")).toBe("today");
    expect(group("2026-03-07T04:59:59.999Z")).toBe("today");
    expect(group("2026-03-07T05:00:00.000Z")).toBe("week");
  });

  it("is this week until Monday 00:00, through a change of the clock", () => {
    expect(group("2026-03-09T03:59:59.999Z")).toBe("week");
    expect(group("2026-03-09T04:00:00.000Z")).toBe("later");
  });

  it("has no rest of the week on a Sunday", () => {
    const sunday = Date.parse("2026-03-08T16:00:00.000Z");
    expect(groupOf("2026-03-09T03:59:59.999Z", sunday, ZONE)).toBe("today");
    expect(groupOf("2026-03-09T04:00:00.000Z", sunday, ZONE)).toBe("later");
  });

  it("puts what has no readable time last", () => {
    expect(group("soon")).toBe("later");
  });

  it("never goes back: what is later is in the same group or a later one", () => {
    const rank = { today: 0, week: 1, later: 2 };
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const times = fc.integer({ min: NOW, max: NOW + 15 * 86_400_000 });
    fc.assert(fc.property(zones, times, times, (zone, a, b) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const of = (time: number) =>
        groupOf(new Date(time).toISOString(), NOW, zone);
      expect(rank[of(first)]).toBeLessThanOrEqual(rank[of(second)]);
      expect(of(first) === "today")
        .toBe(localDay(first, zone) === localDay(NOW, zone));
    }));
  });
});
