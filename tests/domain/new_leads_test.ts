import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  createLeadFigures,
  type LeadMetrics,
  leadTrend,
  newLeadsBySource,
  newLeadsIn,
  type PeriodKind,
  periodOf,
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

/** New leads of a period that has no days of its own. */
function newLeads(
  view: LeadMetrics,
  now: number,
  zone: string,
  kind: PeriodKind,
) {
  const period = periodOf({ kind }, now, zone);
  return { ...newLeadsIn(view, period, zone), period };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

describe("newLeadsIn()", () => {
  it("counts this week so far beside the same span of last week", () => {
    // L1 at Monday 00:00 and L2 now; not L3 a millisecond later, nor L4 a millisecond before Monday.
    // Last week L5 at Monday 00:00 and L6 on Wednesday at 11:00; not L7 a millisecond later.
    const week = newLeads(brandView(), NOW, ZONE, "week");
    expect([week.count, week.comparison]).toEqual([2, 2]);
  });

  it("ends last week's span at the same local time, though the clocks have changed", () => {
    const week = newLeads(brandView(), NOW, ZONE, "week");
    const { from, to, comparison } = week.period;
    expect(iso(from)).toBe("2026-03-09T04:00:00.000Z");
    expect(iso(to)).toBe("2026-03-11T15:00:00.001Z");
    expect(iso(comparison.from)).toBe("2026-03-02T05:00:00.000Z");
    expect(iso(comparison.to)).toBe("2026-03-04T16:00:00.001Z");
  });

  it("counts the last seven days of the calendar beside the seven before", () => {
    // From last Wednesday 11:00 on: L6, L7, L4, L1, L2. Before it: L8 and L5.
    const days = newLeads(brandView(), NOW, ZONE, "7d");
    expect([days.count, days.comparison]).toEqual([5, 2]);
    const { from, comparison } = days.period;
    expect(iso(from)).toBe("2026-03-04T16:00:00.000Z");
    expect(iso(comparison.from)).toBe("2026-02-25T16:00:00.000Z");
    expect(comparison.to).toBe(from);
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

  it("does not know a part of a day that lies beyond the single times of its view", () => {
    const before = newLeads(brandView(), NOW - 10 * DAY, ZONE, "week");
    expect([before.count, before.comparison]).toEqual([0, 1]);
    const long = newLeads(brandView(), NOW - 60 * DAY, ZONE, "7d");
    expect([long.count, long.comparison]).toEqual([null, null]);
  });

  it("does not know the days before those that its view keeps", () => {
    const days = { from: "2023-12-31", to: "2024-01-10" };
    const period = periodOf({ kind: "custom", ...days }, NOW, ZONE);
    expect(newLeadsIn(brandView(), period, ZONE).count).toBe(null);
    const kept = periodOf(
      { kind: "custom", from: "2024-01-02", to: days.to },
      NOW,
      ZONE,
    );
    expect(newLeadsIn(brandView(), kept, ZONE))
      .toEqual({ count: 0, comparison: null });
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
    const kinds = fc.constantFrom(
      ...["week", "last-week", "7d", "28d", "90d", "month", "quarter"] as const,
    );
    fc.assert(fc.property(zones, times, kinds, (zone, created, kind) => {
      const { period, ...counts } = newLeads(
        viewOf(created, zone),
        NOW,
        zone,
        kind,
      );
      const within = ({ from, to }: { from: number; to: number }) =>
        created.filter((time) => from <= time && time < to).length;
      expect(counts).toEqual({
        count: within(period),
        comparison: within(period.comparison),
      });
    }));
  });
});

describe("newLeadsBySource()", () => {
  it("counts by source, most first, with those that are qualified by now", () => {
    const period = periodOf({ kind: "28d" }, NOW, ZONE);
    const rows = newLeadsBySource(brandView(), period, ZONE);
    const created = LEADS.filter(({ createdAt, contactType }) =>
      contactType !== "2" && createdAt !== null &&
      period.from <= Date.parse(createdAt) && Date.parse(createdAt) < period.to
    );
    const expected = new Map<string, number>();
    for (const { source } of created) {
      const name = source?.trim() || "Not recorded";
      expected.set(name, (expected.get(name) ?? 0) + 1);
    }
    expect(new Map(rows?.map(({ name, leads }) => [name, leads])))
      .toEqual(expected);
    expect(rows?.map(({ leads }) => leads))
      .toEqual([...expected.values()].sort((a, b) => b - a));
  });

  it("goes by name where as many came, however many there were before", () => {
    const figures = createLeadFigures(MODEL, { timezone: ZONE });
    const add = (id: string, source: string, time: number) =>
      figures.add(lead(id, { source, createdAt: iso(time) }));
    add("1", "Web", NOW - 300 * DAY);
    add("2", "Web", NOW - DAY);
    add("3", "Expo", NOW - DAY);
    const period = periodOf({ kind: "28d" }, NOW, ZONE);
    const rows = newLeadsBySource(figures.result(AT), period, ZONE);
    expect(rows?.map(({ name }) => name)).toEqual(["Expo", "Web"]);
  });

  it("adds up to the new leads of any period, and knows the qualified among them", () => {
    const times = fc.array(
      fc.record({
        time: fc.integer({ min: NOW - 200 * DAY, max: NOW + DAY }),
        source: fc.constantFrom("Web", "Expo", null),
        stage: fc.constantFrom("New Lead", "QR Returned"),
      }),
      { maxLength: 40 },
    );
    const kinds = fc.constantFrom(
      ...["last-week", "28d", "90d", "month", "quarter", "week", "7d"] as const,
    );
    fc.assert(fc.property(times, kinds, (created, kind) => {
      const figures = createLeadFigures(MODEL, { timezone: ZONE });
      created.forEach(({ time, ...fields }, i) =>
        figures.add(lead(String(i), { ...fields, createdAt: iso(time) }))
      );
      const view = figures.result(AT);
      const period = periodOf({ kind }, NOW, ZONE);
      const within = created.filter(({ time }) =>
        period.from <= time && time < period.to
      );
      const rows = newLeadsBySource(view, period, ZONE)!;
      const sum = (count: (row: typeof rows[number]) => number) =>
        rows.reduce((total, row) => total + count(row), 0);
      expect(sum(({ leads }) => leads)).toBe(within.length);
      expect(sum(({ leads }) => leads))
        .toBe(newLeadsIn(view, period, ZONE).count);
      expect(sum(({ qualified }) => qualified!))
        .toBe(within.filter(({ stage }) => stage === "QR Returned").length);
    }));
  });

  it("is unknown where the new leads are", () => {
    const period = periodOf({ kind: "7d" }, NOW - 60 * DAY, ZONE);
    expect(newLeadsBySource(brandView(), period, ZONE)).toBe(null);
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
