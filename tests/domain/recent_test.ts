import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createRecent,
  isCancelledActivity,
  type Recent,
  RECENT_KINDS,
  type RecentChange,
  recentFrom,
  recentSince,
} from "../../lib/domain/mod.ts";

const NOW = "2026-03-11T15:00:00.000Z";

function change(id: string, at: string): RecentChange {
  return {
    kind: "leads",
    id,
    at,
    leadId: id,
    who: id,
    what: null,
    when: null,
  };
}

function recentOf(...changes: RecentChange[]): Recent {
  const recent = createRecent(NOW);
  for (const one of changes) recent.add("leads", one);
  return recent.result();
}

describe("recentSince()", () => {
  const runs = ["2026-03-11T14:00:00.000Z", "2026-03-11T12:00:00.000Z"];
  const many = runs.flatMap((at) =>
    Array.from({ length: 12 }, (_, n) => change(`${at} ${n}`, at))
  );

  it("counts exactly, and names the newest", () => {
    const recent = recentOf(...many);
    const of = (since: string) => recentSince(recent, since)[0]!;
    expect(of("2026-03-11T11:00:00.000Z").count).toBe(24);
    expect(of(runs[1]!).count).toBe(12);
    expect(of(runs[0]!).count).toBe(0);
    expect(of(runs[1]!).newest.map(({ id }) => id))
      .toEqual(many.slice(0, 10).map(({ id }) => id));
    expect(of(runs[0]!).newest).toEqual([]);
  });

  it("has every kind, with nothing where there is nothing", () => {
    for (const recent of [null, recentOf()]) {
      expect(recentSince(recent, NOW)).toEqual(
        RECENT_KINDS.map((kind) => ({ kind, count: 0, newest: [] })),
      );
    }
  });

  it("has its runs in order, whatever came first", () => {
    const [late, early] = runs as [string, string];
    expect(recentOf(change("a", late), change("b", early)).runs).toEqual([
      { at: early, counts: [1, 0, 0, 0, 0] },
      { at: late, counts: [1, 0, 0, 0, 0] },
    ]);
  });

  it("looks back 30 days", () => {
    expect(recentFrom(NOW)).toBe("2026-02-09T15:00:00.000Z");
  });
});

describe("isCancelledActivity()", () => {
  it("knows what was called off, in any spelling, from what is over", () => {
    for (const status of ["Cancelled", "canceled", "Cancelled by client"]) {
      expect([status, isCancelledActivity(status)]).toEqual([status, true]);
    }
    for (
      const status of [
        null,
        "",
        "Scheduled",
        "Completed",
        "Done",
        "Cancellation requested",
        "Not cancelled",
      ]
    ) {
      expect([status, isCancelledActivity(status)]).toEqual([status, false]);
    }
  });
});
