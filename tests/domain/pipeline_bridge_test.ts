import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  BRIDGE_PARTS,
  bridgeEnds,
  type BridgeStep,
  daysInStage,
  type PipelineBridge,
  pipelineBridge,
  type Standing,
  type StandingChange,
} from "../../lib/domain/mod.ts";

const row = (stage: string) => ({
  ...{ stage, count: 0, valueCents: 0, likelyPct: null },
});
const VIEW = {
  stages: [row("New Lead"), row("QR Sent"), row("FA Sent")],
  after: [row("FA Signed")],
  reasons: { pipeline: null, hot: null },
};
const at = (n: number) => new Date(Date.UTC(2026, 2, n, 12)).toISOString();
const end = (n: number, pipelineValueCents: number | null) => ({
  day: at(n).slice(0, 10),
  computedAt: at(n),
  pipelineValueCents,
});
const stand = (stage: string, dealSizeCents: number | null): Standing => ({
  ...{ stage, contactType: "1", dealSizeCents },
});
const change = (
  from: Standing | null,
  to: Standing | null,
  more: Partial<StandingChange> = {},
): StandingChange => ({
  ...{ id: "O", from, to, since: null, at: at(5), run: "r" },
  ...more,
});

/** The steps that are not nothing. */
function told(bridge: PipelineBridge | string): [string, number, number][] {
  if (typeof bridge === "string") throw new Error(bridge);
  return bridge.steps.filter(({ cents, count }) => cents !== 0 || count > 0)
    .map(({ part, cents, count }: BridgeStep) => [part, cents, count]);
}

describe("pipelineBridge()", () => {
  const one = (changed: StandingChange, cents: number) =>
    told(pipelineBridge(
      [changed],
      { opening: end(1, 1_000), closing: end(9, 1_000 + cents) },
      VIEW,
    ));

  it("puts each change where it belongs", () => {
    const [a, b] = [stand("QR Sent", 500), stand("FA Sent", 700)];
    const signed = stand("FA Signed", 700);
    const lost = stand("Lost", 500);
    const customer = { ...a, contactType: "2" };
    expect(one(change(null, a), 500)).toEqual([["new", 500, 1]]);
    expect(one(change(null, a, { returned: true }), 500))
      .toEqual([["in", 500, 1]]);
    expect(one(change(lost, b), 700)).toEqual([["in", 700, 1]]);
    expect(one(change(signed, b), 700)).toEqual([["in", 700, 1]]);
    expect(one(change(a, b), 200)).toEqual([["resized", 200, 1]]);
    expect(one(change(b, stand("QR Sent", null)), -700))
      .toEqual([["resized", -700, 1]]);
    expect(one(change(a, signed), -500)).toEqual([["past", -500, 1]]);
    expect(one(change(a, lost), -500)).toEqual([["lost", -500, 1]]);
    expect(one(change(a, customer), -500)).toEqual([["lost", -500, 1]]);
    expect(one(change(a, null), -500)).toEqual([["removed", -500, 1]]);
  });

  it("leaves out what does not touch the value", () => {
    const moved = change(stand("QR Sent", 500), stand("FA Sent", 500));
    expect(one(moved, 0)).toEqual([]);
    expect(one(change(null, stand("FA Signed", 9)), 0)).toEqual([]);
    expect(one(change(stand("Lost", 9), null), 0)).toEqual([]);
  });

  it("counts what came without a size, with nothing", () => {
    expect(one(change(null, stand("QR Sent", null)), 0))
      .toEqual([["new", 0, 1]]);
  });

  it("leaves out what the opening counts already, and what the closing does not count yet", () => {
    const early = change(null, stand("QR Sent", 5), { at: at(1) });
    const late = change(null, stand("QR Sent", 7), { at: at(10) });
    const ends = { opening: end(1, 10), closing: end(9, 10) };
    expect(told(pipelineBridge([early, late], ends, VIEW))).toEqual([]);
  });

  it("names what no change explains", () => {
    const ends = { opening: end(1, 10), closing: end(9, 17) };
    expect(told(pipelineBridge([], ends, VIEW)))
      .toEqual([["redefined", 7, 0]]);
  });

  it("says why where it cannot be told", () => {
    const ends = { opening: end(1, null), closing: end(9, 17) };
    expect(pipelineBridge([], ends, VIEW)).toMatch(/unknown on one/);
    const unknown = { ...VIEW, reasons: { pipeline: "No stage", hot: null } };
    expect(pipelineBridge([], ends, unknown)).toBe("No stage");
    const bare = { stage: "QR Sent", contactType: "1" };
    const known = { opening: end(1, 1), closing: end(9, 17) };
    expect(pipelineBridge([change(bare, bare)], known, VIEW))
      .toMatch(/before deal sizes were kept/);
  });

  it("adds up to the cent for any sequence of changes, with nothing left unexplained", () => {
    const standing = fc.option(
      fc.record({
        stage: fc.constantFrom("QR Sent", "FA Sent", "FA Signed", "Lost", ""),
        contactType: fc.constantFrom("1", "1", "2"),
        dealSizeCents: fc.option(fc.maxSafeInteger().map((n) => n % 1e12)),
      }),
    );
    const step = fc.record({ id: fc.constantFrom("a", "b", "c"), standing });
    fc.assert(
      fc.property(fc.array(step), fc.nat(40), fc.nat(40), (steps, m, n) => {
        const now = new Map<string, Standing | null>();
        const changes: StandingChange[] = [];
        const value = () =>
          [...now.values()].reduce((sum, one) => {
            const names = ["New Lead", "QR Sent", "FA Sent", ""];
            const counts = one?.contactType === "1" &&
              names.includes(one.stage);
            return sum + (counts ? one.dealSizeCents ?? 0 : 0);
          }, 0);
        const values = [0];
        steps.forEach(({ id, standing }, index) => {
          const from = now.get(id) ?? null;
          if (from || standing) {
            const seen = { id, at: at(index + 1) };
            const returned = now.has(id) && !from;
            changes.push(change(from, standing, {
              ...seen,
              ...returned ? { returned: true } : {},
            }));
          }
          if (from || standing || now.has(id)) now.set(id, standing);
          values.push(value());
        });
        const [first, last] = [m, n].map((k) => k % values.length)
          .sort((x, y) => x - y) as [number, number];
        const bridge = pipelineBridge(changes, {
          opening: end(first, values[first]!),
          closing: end(last, values[last]!),
        }, VIEW) as PipelineBridge;
        expect(bridge.steps.map(({ part }) => part)).toEqual([...BRIDGE_PARTS]);
        const sum = bridge.steps.reduce((all, { cents }) => all + cents, 0);
        expect(bridge.opening.cents + sum).toBe(bridge.closing.cents);
        expect(bridge.steps.at(-1)!.cents).toBe(0);
      }),
    );
  });

  it("adds up too where stages were redefined on the way", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (a, b, size) => {
        const came = change(null, stand("QR Sent", size));
        const ends = { opening: end(1, a), closing: end(9, b) };
        const bridge = pipelineBridge([came], ends, VIEW) as PipelineBridge;
        const sum = bridge.steps.reduce((all, { cents }) => all + cents, 0);
        expect(a + sum).toBe(b);
      }),
    );
  });
});

describe("bridgeEnds()", () => {
  const days = [9, 8, 5, 2].map((n) => end(n, n));

  it("begins with the newest day before the period, and ends with its newest", () => {
    expect(bridgeEnds(days, "2026-03-05"))
      .toEqual({ opening: end(2, 2), closing: end(9, 9) });
  });

  it("begins with the first day of the period where there is none before", () => {
    expect(bridgeEnds(days, "2026-03-01"))
      .toEqual({ opening: end(2, 2), closing: end(9, 9) });
  });

  it("needs two days", () => {
    expect(bridgeEnds([], "2026-03-05")).toMatch(/no figures/);
    expect(bridgeEnds(days, "2026-03-10")).toMatch(/no figures/);
    expect(bridgeEnds([end(9, 9)], "2026-03-05")).toMatch(/one day only/);
  });
});

describe("daysInStage()", () => {
  const zone = "America/New_York";

  it("counts the midnights of the tenant's zone", () => {
    // 23:30 on the 4th there.
    const start = { at: "2026-03-05T04:30:00.000Z", atLeast: false };
    expect(daysInStage(start, "2026-03-11", zone))
      .toEqual({ days: 7, atLeast: false });
    expect(daysInStage(start, "2026-03-04", zone).days).toBe(0);
  });

  it("is never below 0, and keeps that it may be more", () => {
    const start = { at: at(9), atLeast: true };
    expect(daysInStage(start, "2026-03-01", zone))
      .toEqual({ days: 0, atLeast: true });
  });
});
