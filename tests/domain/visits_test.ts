import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  allSeen,
  goOn,
  seenBy,
  sinceVisit,
  type VisitMark,
} from "../../lib/domain/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";

const START = Date.parse("2026-03-11T15:00:00.000Z");
const iso = (ms: number) => new Date(START + ms).toISOString();
/** What is opened after so long; the latest sync began so much earlier. */
const at = (ms: number, seen = ms - 10 * MINUTE) => ({
  at: iso(ms),
  seen: iso(seen),
});

/** Opens pages at these times, one after the other. */
function visits(...times: number[]): VisitMark {
  let mark: VisitMark | null = null;
  for (const ms of times) mark = goOn(mark, at(ms)).mark;
  return mark!;
}

describe("a visit", () => {
  it("is the first of all where there was none", () => {
    const { mark, isNew } = goOn(null, at(0));
    expect(mark).toEqual({ last: at(0), before: null });
    expect(isNew).toBe(true);
    expect(sinceVisit(mark, at(0))).toMatchObject({
      at: null,
      after: iso(-7 * 24 * HOUR),
      isCut: false,
    });
  });

  it("compares with the end of the one before, as long as it lasts", () => {
    const later = 5 * HOUR;
    const second = visits(0, MINUTE, later);
    expect(second.before).toEqual(at(MINUTE));
    const going = visits(0, MINUTE, later, later + 20 * MINUTE);
    expect(going.before).toEqual(at(MINUTE));
    expect(sinceVisit(going, at(later))).toEqual({
      after: at(MINUTE).seen,
      until: at(later).seen,
      at: iso(MINUTE),
      marked: false,
      isCut: false,
    });
  });

  it("is over after half an hour in which nothing was opened", () => {
    expect(visits(0, 30 * MINUTE).before).toBe(null);
    expect(visits(0, 30 * MINUTE + 1).before).toEqual(at(0));
  });

  it("is over with the sign-out", () => {
    const ended: VisitMark = { ...visits(0), ended: true };
    const { mark, isNew } = goOn(ended, at(MINUTE));
    expect(mark).toEqual({ last: at(MINUTE), before: at(0) });
    expect(isNew).toBe(true);
  });

  it("is kept once in five minutes, and when there are newer figures", () => {
    const mark = visits(0);
    const isNew = (ms: number, seen: number) => goOn(mark, at(ms, seen)).isNew;
    const shown = -10 * MINUTE;
    expect(isNew(5 * MINUTE - 1, shown)).toBe(false);
    expect(isNew(5 * MINUTE, shown)).toBe(true);
    expect(isNew(MINUTE, shown + 1)).toBe(true);
  });

  it("has nothing new left where all was marked as seen, but what was not shown yet", () => {
    const marked = allSeen(at(HOUR), at(0).seen);
    expect(sinceVisit(marked, at(HOUR))).toMatchObject({
      after: at(0).seen,
      at: iso(HOUR),
      marked: true,
    });
    // Nobody has seen what comes.
    const future = allSeen(at(HOUR), iso(9 * HOUR));
    expect(sinceVisit(future, at(HOUR)).after).toBe(at(HOUR).seen);
    const { mark } = goOn(marked, at(HOUR + 10 * MINUTE));
    expect(mark.marked).toBe(true);
    expect(goOn(mark, at(9 * HOUR)).mark.marked).toBeUndefined();
  });

  it("tells of 30 days at most", () => {
    const since = sinceVisit(visits(0, 90 * 24 * HOUR), at(90 * 24 * HOUR));
    expect(since).toMatchObject({
      after: iso(60 * 24 * HOUR),
      at: iso(0),
      isCut: true,
    });
  });
});

describe("seenBy()", () => {
  it("is the latest sync that has ended", () => {
    const startedAt = iso(0);
    expect(seenBy({ status: "success", startedAt })).toBe(iso(0));
    expect(seenBy({ status: "failed", startedAt })).toBe(iso(0));
    expect(seenBy({ status: "running", startedAt })).toBe(iso(-1));
    expect(seenBy({ status: null, startedAt: null }))
      .toBe("1970-01-01T00:00:00.000Z");
  });
});
