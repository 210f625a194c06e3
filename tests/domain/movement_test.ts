import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  movementOf,
  type StageChange,
  stageChangesOf,
  type Standing,
} from "../../lib/domain/mod.ts";

const row = (stage: string) => ({
  stage,
  count: 0,
  valueCents: 0,
  likelyPct: null,
});
const VIEW = {
  stages: ["New Lead", "QR Returned", "FA Sent"].map(row),
  after: ["FA Signed"].map(row),
};

function change(from: string, to: string, opportunityId = "1"): StageChange {
  return { opportunityId, from, to, at: "2026-03-11T15:00:00.000Z", run: "r" };
}

describe("stageChangesOf()", () => {
  const at = (stage: string, contactType = "1"): Standing => ({
    stage,
    contactType,
    dealSizeCents: null,
  });
  const moves = (from: Standing | null, to: Standing | null) =>
    stageChangesOf([
      {
        id: "1",
        from,
        to,
        since: null,
        at: "2026-03-11T15:00:00.000Z",
        run: "r",
      },
    ]).map(({ from, to }) => `${from} > ${to}`);

  it("leaves out whoever came, went or stayed", () => {
    expect(moves(null, at("New Lead"))).toEqual([]);
    expect(moves(at("New Lead"), null)).toEqual([]);
    expect(moves(at("New Lead"), at("New Lead"))).toEqual([]);
  });

  it("leaves out what was never a prospect's, and keeps where a prospect became another", () => {
    expect(moves(at("Open", "2"), at("Onboarding", "2"))).toEqual([]);
    expect(moves(at("FA Sent", ""), at("Open", "2"))).toEqual([
      "FA Sent > Open",
    ]);
    expect(moves(at("Open", "2"), at("FA Sent"))).toEqual(["Open > FA Sent"]);
  });
});

describe("movementOf()", () => {
  it("tells forward, back, out and returned by the CRM's order", () => {
    const { moves, counts, opportunities } = movementOf([
      change("New Lead", "QR Returned", "1"),
      change("New Lead", "QR Returned", "2"),
      change("FA Sent", "QR Returned", "3"),
      change("QR Returned", "Lost", "1"),
      change("Lost", "New Lead", "4"),
      change("FA Sent", "FA Signed", "5"),
      change("Lost", "Gone", "6"),
    ], VIEW);
    expect(moves[0]).toEqual({
      from: "New Lead",
      to: "QR Returned",
      count: 2,
      direction: "forward",
    });
    expect(
      new Map(moves.map(({ from, to, direction }) => [
        `${from} > ${to}`,
        direction,
      ])),
    ).toEqual(
      new Map([
        ["New Lead > QR Returned", "forward"],
        ["FA Sent > QR Returned", "back"],
        ["QR Returned > Lost", "out"],
        ["Lost > New Lead", "returned"],
        ["FA Sent > FA Signed", "past"],
        ["Lost > Gone", null],
      ]),
    );
    expect(counts).toEqual({
      forward: 2,
      back: 1,
      past: 1,
      out: 1,
      returned: 1,
    });
    expect(opportunities).toBe(6);
  });

  it("counts every change once", () => {
    const stage = fc.constantFrom(
      "New Lead",
      "QR Returned",
      "FA Signed",
      "Lost",
    );
    const changes = fc.array(
      fc.tuple(stage, stage).filter(([from, to]) => from !== to)
        .map(([from, to]) => change(from, to)),
    );
    fc.assert(fc.property(changes, (changes) => {
      const { moves, counts } = movementOf(changes, VIEW);
      const counted = moves.reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBe(changes.length);
      const directed = Object.values(counts).reduce((a, b) => a + b);
      expect(directed).toBe(changes.length);
    }));
  });
});
