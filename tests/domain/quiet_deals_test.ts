import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  compareQuiet,
  type Deal,
  type DealSigns,
  hasActivityAhead,
  lastActivityOf,
  quietDealOf,
} from "../../lib/domain/mod.ts";

const NOW = Date.parse("2026-03-31T15:00:00.000Z");
const BY = { now: NOW, day: "2026-03-31", timezone: "America/New_York" };
const NOTHING: DealSigns = {
  createdAt: null,
  since: null,
  lastNoteAt: null,
  activities: [],
};
const at = (day: string) => `2026-03-${day}T15:00:00.000Z`;
const activity = (day: string, status: string | null = null) => ({
  scheduledAt: at(day),
  status,
});
const DEAL: Deal = {
  ...{ id: "1", clientId: "7", name: "Robin", stage: "QR Sent" },
  ...{ standing: "pipeline", dealSizeCents: null, likelyPct: null },
  ...{ weightedCents: null, assignedTo: null },
  ...{ createdAt: null, updatedAt: null },
};

describe("lastActivityOf()", () => {
  const last = (signs: Partial<DealSigns>) =>
    lastActivityOf({ ...NOTHING, ...signs }, NOW);

  it("is the newest of what counts as activity, and says what it was", () => {
    const all: DealSigns = {
      createdAt: at("01"),
      since: { at: at("05"), atLeast: false },
      lastNoteAt: at("10"),
      activities: [activity("20"), activity("02", "Completed")],
    };
    expect(last(all)).toEqual({ sign: "scheduled", at: at("20") });
    expect(last({ ...all, activities: [] }))
      .toEqual({ sign: "note", at: at("10") });
    expect(last({ ...all, activities: [], lastNoteAt: null }))
      .toEqual({ sign: "moved", at: at("05") });
    expect(last({ createdAt: at("01") }))
      .toEqual({ sign: "created", at: at("01") });
    expect(last({})).toBe(null);
  });

  it("does not take what was called off, what is to come, or a stay of which the beginning is not known", () => {
    expect(last({ activities: [activity("20", "Canceled")] })).toBe(null);
    expect(last({ activities: [{ scheduledAt: null, status: null }] }))
      .toBe(null);
    const ahead = { scheduledAt: "2026-04-01T15:00:00.000Z", status: null };
    expect(last({ activities: [ahead] })).toBe(null);
    expect(last({ since: { at: at("05"), atLeast: true } })).toBe(null);
  });
});

describe("hasActivityAhead()", () => {
  it("follows the schedule: later than now, neither cancelled nor completed", () => {
    const ahead = (status: string | null, scheduledAt: string | null) =>
      hasActivityAhead({ activities: [{ status, scheduledAt }] }, NOW);
    const later = "2026-03-31T15:00:00.001Z";
    expect(ahead(null, later)).toBe(true);
    expect(ahead("Maybe", later)).toBe(true);
    expect(ahead("Done", later)).toBe(false);
    expect(ahead("Cancelled", later)).toBe(false);
    expect(ahead(null, "2026-03-31T15:00:00.000Z")).toBe(false);
    expect(ahead(null, null)).toBe(false);
  });
});

describe("quietDealOf()", () => {
  const quiet = (signs: Partial<DealSigns>, deal: Partial<Deal> = {}) =>
    quietDealOf({ ...DEAL, ...deal }, { ...NOTHING, ...signs }, BY);

  it("is a deal of the pipeline of more than 14 days, with its last activity", () => {
    expect(quiet({ lastNoteAt: at("16") })).toEqual({
      ...DEAL,
      last: { sign: "note", at: at("16") },
      days: 15,
    });
    expect(quiet({ lastNoteAt: at("17") })).toBe(null);
    expect(quiet({ lastNoteAt: at("16") }, { standing: "after" })).toBe(null);
  });

  it("is none where something is scheduled with its person", () => {
    const ahead = { scheduledAt: "2026-04-01T15:00:00.000Z", status: null };
    expect(quiet({ lastNoteAt: at("01"), activities: [ahead] })).toBe(null);
  });

  it("counts midnights of the tenant's zone", () => {
    // 11 pm of the 16th in New York, the 17th in UTC.
    expect(quiet({ lastNoteAt: "2026-03-17T03:00:00.000Z" })?.days).toBe(15);
  });

  it("is one of which nothing is known too", () => {
    expect(quiet({})).toMatchObject({ last: null, days: null });
  });
});

describe("compareQuiet()", () => {
  it("puts those of which nothing is known first, then the longest, then ids", () => {
    const row = (id: string, day: string | null) => ({
      id,
      last: day === null ? null : { at: at(day) },
    });
    const rows = [
      row("c", "02"),
      row("b", "01"),
      row("a", "02"),
      row("d", null),
    ];
    expect(rows.sort(compareQuiet).map(({ id }) => id)).toEqual(
      ["d", "b", "a", "c"],
    );
  });
});
