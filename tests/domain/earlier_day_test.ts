import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { earlierDay, momentOfDay } from "../../lib/domain/mod.ts";

const KEPT = { first: "2026-03-01", today: "2026-03-20" };

describe("earlierDay()", () => {
  it("takes the days from the first to yesterday, and today as no earlier day", () => {
    expect(earlierDay("2026-03-01", KEPT)).toBe("2026-03-01");
    expect(earlierDay("2026-03-19", KEPT)).toBe("2026-03-19");
    expect(earlierDay("2026-03-20", KEPT)).toBe(null);
    expect(earlierDay("2026-03-20", { ...KEPT, first: null })).toBe(null);
  });

  it("says of any other what is wrong and which days there are", () => {
    const range = "it must be a day from 2026-03-01 to today, 2026-03-20";
    const wrong: Record<string, string> = {
      "2026-02-28": "2026-02-28 is before the first day",
      "2026-03-21": "2026-03-21 lies ahead",
      "2026-02-30": "'2026-02-30' is not a day",
      "20260301": "'20260301' is not a day",
      ["x".repeat(21)]: "'on' is not a day",
    };
    for (const [asked, why] of Object.entries(wrong)) {
      expect(() => earlierDay(asked, KEPT)).toThrow(
        `Cannot show an earlier day: ${why}; ${range}`,
      );
    }
  });

  it("says that there are none before the first figures, nor on their day", () => {
    for (const first of [null, "2026-03-21"]) {
      expect(() => earlierDay("2026-03-19", { ...KEPT, first })).toThrow(
        "there are no figures of an earlier day yet",
      );
    }
  });
});

describe("momentOfDay()", () => {
  const zone = "America/New_York";

  it("is the end of the day's last sync", () => {
    expect(momentOfDay("2026-03-08", "2026-03-08T21:02:00.000Z", zone))
      .toBe(Date.parse("2026-03-08T21:02:00.000Z"));
  });

  it("is the day's last millisecond where that sync ran on past midnight, also where clocks change", () => {
    expect(momentOfDay("2026-03-08", "2026-03-09T04:30:00.000Z", zone))
      .toBe(Date.parse("2026-03-09T03:59:59.999Z"));
    expect(momentOfDay("2026-03-07", "2026-03-08T05:10:00.000Z", zone))
      .toBe(Date.parse("2026-03-08T04:59:59.999Z"));
  });
});
