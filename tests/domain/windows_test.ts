import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  createLeadFigures,
  type LeadMetrics,
  leadTrend,
  newLeads,
} from "../../lib/domain/mod.ts";
import { AT, CYCLES, lead, LEADS, SETTINGS } from "./_brand.ts";

const ZONE = SETTINGS.timezone;
const NOW = Date.parse(AT.computedAt);
const DAY = 86_400_000;
const MODEL = buildStageModel(CYCLES, SETTINGS);

/** A view of leads created at these moments. */
function viewOf(
  times: readonly (number | string)[],
  zone = ZONE,
  at = AT,
): LeadMetrics {
  const figures = createLeadFigures(MODEL, { timezone: zone });
  times.forEach((time, i) => {
    figures.add(lead(String(i), { createdAt: new Date(time).toISOString() }));
  });
  return figures.result(at);
}

function brandView(): LeadMetrics {
  const figures = createLeadFigures(MODEL, SETTINGS);
  for (const one of LEADS) figures.add(one);
  return figures.result(AT);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

describe("newLeads()", () => {
  it("counts this week so far beside the same span of last week", () => {
    // L1 at Monday 00:00 and L2 now; not L3 a millisecond later, nor L4 a millisecond before Monday.
    // Last week L5 at Monday 00:00 and L6 on Wednesday at 11:00; not L7 a millisecond later.
    const week = newLeads(brandView(), NOW, ZONE, "week");
    expect([week.count, week.comparison]).toEqual([2, 2]);
  });

  it("ends last week's span at the same local time, though the clocks have changed", () => {
    const week = newLeads(brandView(), NOW, ZONE, "week");
    expect(iso(week.from)).toBe("2026-03-09T04:00:00.000Z");
    expect(iso(week.to)).toBe("2026-03-11T15:00:00.000Z");
    expect(iso(week.comparisonFrom)).toBe("2026-03-02T05:00:00.000Z");
    expect(iso(week.comparisonTo)).toBe("2026-03-04T16:00:00.000Z");
  });

  it("counts the last seven days of the calendar beside the seven before", () => {
    // From last Wednesday 11:00 on: L6, L7, L4, L1, L2. Before it: L8 and L5.
    const days = newLeads(brandView(), NOW, ZONE, "7days");
    expect([days.count, days.comparison]).toEqual([5, 2]);
    expect(iso(days.from)).toBe("2026-03-04T16:00:00.000Z");
    expect(iso(days.comparisonFrom)).toBe("2026-02-25T16:00:00.000Z");
    expect(days.comparisonTo).toBe(days.from);
  });

  it("takes in what comes due after the view was computed", () => {
    const later = newLeads(brandView(), NOW + 1, ZONE, "week");
    expect(later.count).toBe(3);
  });

  it("is empty on Monday at midnight, but for that moment", () => {
    const monday = Date.parse("2026-03-09T04:00:00.000Z");
    const week = newLeads(brandView(), monday, ZONE, "week");
    expect([week.count, week.comparison]).toEqual([1, 1]);
  });

  it("does not know what lies beyond the single times of its view", () => {
    const before = newLeads(brandView(), NOW - 10 * DAY, ZONE, "week");
    expect([before.count, before.comparison]).toEqual([0, null]);
    const long = newLeads(brandView(), NOW - 60 * DAY, ZONE, "7days");
    expect([long.count, long.comparison]).toEqual([null, null]);
  });

  it("is zero for the view of a brand that was never counted", () => {
    const view = { ...viewOf([]), day: "", computedAt: "" };
    expect(newLeads(view, NOW, ZONE, "week"))
      .toMatchObject({ count: 0, comparison: 0 });
  });

  it("counts each moment as a filter over all leads does, in every zone", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const times = fc.array(
      fc.oneof(
        fc.integer({ min: NOW - 22 * DAY, max: NOW + DAY }),
        fc.constantFrom(NOW, NOW + 1, NOW - 7 * DAY, NOW - 14 * DAY),
      ),
      { maxLength: 40 },
    );
    const kinds = fc.constantFrom("week" as const, "7days" as const);
    fc.assert(fc.property(zones, times, kinds, (zone, created, kind) => {
      const window = newLeads(viewOf(created, zone), NOW, zone, kind);
      const { from, to, comparisonFrom, comparisonTo } = window;
      expect(window.count)
        .toBe(created.filter((time) => from <= time && time <= to).length);
      expect(window.comparison).toBe(
        created.filter((time) =>
          comparisonFrom <= time && time <= comparisonTo && time < from
        ).length,
      );
    }));
  });
});

describe("leadTrend()", () => {
  it("counts by week, the current one last and partial", () => {
    // L11 on 17 February; L8 on Sunday, 1 March; L5, L6, L7 and L4; then L1 and L2 so far.
    expect(leadTrend(brandView(), NOW, ZONE, 4)).toEqual([
      { weekStart: "2026-02-16", count: 1, partial: false },
      { weekStart: "2026-02-23", count: 1, partial: false },
      { weekStart: "2026-03-02", count: 4, partial: false },
      { weekStart: "2026-03-09", count: 2, partial: true },
    ]);
  });

  it("gives as many weeks as asked for", () => {
    for (const weeks of [4, 8, 12] as const) {
      const trend = leadTrend(brandView(), NOW, ZONE, weeks);
      expect(trend.length).toBe(weeks);
      expect(trend.at(-1)?.weekStart).toBe("2026-03-09");
    }
  });

  it("ends with the number on the card, whenever the view is read", () => {
    const view = brandView();
    for (let day = -5; day <= 10; day++) {
      const now = NOW + day * DAY;
      expect(leadTrend(view, now, ZONE, 4).at(-1)?.count)
        .toBe(newLeads(view, now, ZONE, "week").count);
    }
  });

  it("is made of zeros where nothing was created", () => {
    expect(leadTrend(viewOf([]), NOW, ZONE, 8).map(({ count }) => count))
      .toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("counts weeks before the single times by their days", () => {
    const past = NOW - 100 * DAY;
    const view = viewOf([past, past, past - 7 * DAY]);
    const trend = leadTrend(view, past, ZONE, 4);
    expect(trend.map(({ count }) => count)).toEqual([0, 0, 1, 2]);
  });

  it("counts every lead of its weeks once, those of a future date in none", () => {
    const times = fc.array(
      fc.integer({ min: NOW - 70 * DAY, max: NOW + DAY }),
      { maxLength: 60 },
    );
    fc.assert(fc.property(times, (created) => {
      const trend = leadTrend(viewOf(created), NOW, ZONE, 12);
      const total = trend.reduce((sum, { count }) => sum + count, 0);
      expect(total).toBe(created.filter((time) => time <= NOW).length);
    }));
  });
});
