import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  follow,
  followGone,
  type Known,
  type Sighting,
  stageSince,
  type Standing,
  type StandingChange,
} from "../../lib/domain/mod.ts";

const hour = (n: number) => new Date(Date.UTC(2026, 2, 2, n)).toISOString();
const stand = (stage: string, dealSizeCents: number | null = 100): Standing => (
  { stage, contactType: "1", dealSizeCents }
);
const seen = (
  standing: Standing,
  n: number,
  more: Partial<Sighting> = {},
): Sighting => ({
  id: "O",
  standing,
  createdAt: null,
  at: hour(n),
  run: `run${n}`,
  lastSnapshotAt: hour(n - 1),
  ...more,
});

describe("follow()", () => {
  it("begins with the first snapshot without a change, at least since then", () => {
    const first = seen(stand("QR Sent"), 1, { lastSnapshotAt: null });
    const { trail, change } = follow(null, first);
    expect(change).toBeNull();
    expect(stageSince(trail)).toEqual({ at: hour(1), atLeast: true });
  });

  it("takes what a later snapshot has anew for an arrival, entered just then", () => {
    const { trail, change } = follow(null, seen(stand("QR Sent"), 5));
    expect(change).toMatchObject({ from: null, to: stand("QR Sent") });
    expect(change).not.toHaveProperty("returned");
    expect(stageSince(trail)).toEqual({ at: hour(5), atLeast: false });
  });

  it("knows of one that was there before, unseen, only how long at least", () => {
    const late = seen(stand("QR Sent"), 5, { createdAt: hour(2) });
    expect(stageSince(follow(null, late).trail)?.atLeast).toBe(true);
    const fresh = seen(stand("QR Sent"), 5, { createdAt: hour(4) });
    expect(stageSince(follow(null, fresh).trail)?.atLeast).toBe(false);
  });

  it("writes down a move with both ends, and since when the stay had lasted", () => {
    const { trail } = follow(null, seen(stand("QR Sent"), 1));
    const known = { standing: stand("QR Sent"), trail };
    const moved = follow(known, seen(stand("FDD Sent"), 9));
    expect(moved.change).toEqual({
      id: "O",
      from: stand("QR Sent"),
      to: stand("FDD Sent"),
      since: { at: hour(1), atLeast: false },
      at: hour(9),
      run: "run9",
    });
    expect(moved.trail.stays.map(({ stage, at }) => [stage, at])).toEqual([
      ["QR Sent", hour(1)],
      ["FDD Sent", hour(9)],
    ]);
  });

  it("writes down another size, and lets the stay go on", () => {
    const { trail } = follow(null, seen(stand("QR Sent"), 1));
    const known = { standing: stand("QR Sent"), trail };
    const resized = follow(known, seen(stand("QR Sent", 250), 9));
    expect(resized.change).toMatchObject({ to: { dealSizeCents: 250 } });
    expect(stageSince(resized.trail)?.at).toBe(hour(1));
    const unsized = follow(known, seen(stand("QR Sent", null), 9));
    expect(unsized.change).toMatchObject({ to: { dealSizeCents: null } });
  });

  it("takes another contact type for another stage", () => {
    const { trail } = follow(null, seen(stand("New Lead"), 1));
    const known = { standing: stand("New Lead"), trail };
    const other = { ...stand("New Lead"), contactType: "2" };
    const { change, trail: next } = follow(known, seen(other, 2));
    expect(change).toMatchObject({ to: { contactType: "2" } });
    expect(stageSince(next)?.at).toBe(hour(2));
  });

  it("keeps nothing of what was altered in the record alone", () => {
    const { trail } = follow(null, seen(stand("QR Sent"), 1));
    const altered = { standing: stand("FA Sent"), trail };
    expect(follow(altered, seen(stand("QR Sent"), 2)))
      .toEqual({ trail, change: null });
  });

  it("begins at the next sync where an earlier release kept no history", () => {
    const known = { standing: stand("QR Sent"), trail: null };
    const same = follow(known, seen(stand("QR Sent"), 3));
    expect(same.change).toBeNull();
    expect(stageSince(same.trail)).toEqual({ at: hour(3), atLeast: true });
    const moved = follow(known, seen(stand("FDD Sent"), 3));
    expect(moved.change).toMatchObject({ from: stand("QR Sent"), since: null });
    expect(stageSince(moved.trail)).toEqual({ at: hour(3), atLeast: false });
  });

  it("gives the changes of a record an order, though the clock was set back", () => {
    const { trail } = follow(null, seen(stand("QR Sent"), 5));
    const known = { standing: stand("QR Sent"), trail };
    const { change } = follow(known, seen(stand("FDD Sent"), 4));
    expect(change!.at > hour(5)).toBe(true);
  });

  it("keeps the newest stays of a long history, whatever the names", () => {
    for (const name of ["S", "a stage with a very long name ".repeat(40)]) {
      let known: Known | null = null;
      for (let n = 1; n <= 90; n++) {
        const standing = stand(`${name}${n}`);
        const { trail } = follow(known, seen(standing, n));
        known = { standing, trail };
      }
      const { stays } = known!.trail!;
      expect(stays.length).toBeLessThanOrEqual(30);
      expect(JSON.stringify(stays.slice(0, -1)).length).toBeLessThan(4_000);
      expect(stays.at(-1)!.stage).toBe(`${name}90`);
    }
  });
});

describe("a record that leaves and comes back", () => {
  it("leaves a change, and returns with its history", () => {
    const { trail } = follow(null, seen(stand("QR Sent"), 1));
    const gone = followGone(
      { id: "O", standing: stand("QR Sent"), trail },
      { at: hour(3), run: "run3" },
    );
    expect(gone.change).toMatchObject({
      from: stand("QR Sent"),
      to: null,
      since: { at: hour(1) },
    });
    const known = { standing: null, trail: gone.trail };
    const back = follow(known, seen(stand("FDD Sent"), 7));
    expect(back.change).toMatchObject({ from: null, returned: true });
    expect(back.trail.stays.map(({ at }) => at)).toEqual([hour(1), hour(7)]);
  });
});

describe("a history", () => {
  it("leads from where it begins to where it ends, one change after the other", () => {
    const state = fc.option(fc.record({
      stage: fc.constantFrom("A", "B", "C"),
      contactType: fc.constantFrom("1", "2"),
      dealSizeCents: fc.constantFrom(null, -5, 100, 200),
    }));
    fc.assert(fc.property(fc.array(state), (states) => {
      let known: Known | null = null;
      let id = "";
      const changes: StandingChange[] = [];
      states.forEach((standing, n) => {
        if (standing) {
          const { trail, change } = follow(known, seen(standing, n));
          if (change) changes.push(change);
          // The same again, as after a crash, adds nothing.
          expect(follow({ standing, trail }, seen(standing, n)))
            .toEqual({ trail, change: null });
          known = { standing, trail };
          id = "O";
        } else if (known?.standing) {
          const before = { id, standing: known.standing, trail: known.trail };
          const gone = followGone(before, { at: hour(n), run: `run${n}` });
          changes.push(gone.change!);
          known = { standing: null, trail: gone.trail };
        }
      });
      let now: Standing | null = null;
      let at = "";
      for (const change of changes) {
        expect(change.from).toEqual(now);
        expect(change.at > at).toBe(true);
        now = change.to;
        at = change.at;
      }
      expect(now).toEqual(known ? (known as Known).standing : null);
    }));
  });
});
