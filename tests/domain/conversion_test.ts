import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  stageConversions,
  stageEntries,
  type Standing,
  type StandingChange,
} from "../../lib/domain/mod.ts";

const row = (stage: string) => ({
  ...{ stage, count: 0, valueCents: 0, likelyPct: null },
});
const VIEW = {
  stages: [row("A"), row("B"), row("C")],
  after: [row("Signed")],
};
const stand = (stage: string): Standing => ({ stage, contactType: "1" });
const go = (
  id: string,
  from: string | null,
  to: string | null,
): StandingChange => ({
  id,
  from: from === null ? null : stand(from),
  to: to === null ? null : stand(to),
  ...{ since: null, at: "", run: "" },
});
const of = (changes: StandingChange[]) =>
  Object.fromEntries(
    stageConversions(changes, VIEW).map(
      ({ stage, entered, wentOn, left, percent }) => [
        stage,
        [entered, wentOn, left, percent],
      ],
    ),
  );

describe("stageEntries()", () => {
  it("names who entered each stage first, when, and what became of them", () => {
    const at = (change: StandingChange, time: string) => ({
      ...change,
      at: time,
    });
    expect(stageEntries([
      at(go("1", null, "A"), "t1"),
      at(go("1", "A", "B"), "t2"),
      at(go("2", null, "A"), "t3"),
      at(go("2", "A", "Lost"), "t4"),
      at(go("3", "Lost", "A"), "t5"),
      at(go("1", "B", "A"), "t6"),
    ], VIEW)).toEqual([
      { id: "1", stage: "A", at: "t1", fate: "went-on" },
      { id: "2", stage: "A", at: "t3", fate: "left" },
      { id: "3", stage: "A", at: "t5", fate: "stayed" },
      { id: "1", stage: "B", at: "t2", fate: "stayed" },
    ]);
  });
});

describe("stageConversions()", () => {
  it("lists every stage of the pipeline, in its order", () => {
    expect(of([])).toEqual({
      A: [0, 0, 0, null],
      B: [0, 0, 0, null],
      C: [0, 0, 0, null],
    });
  });

  it("counts who entered, and who of them went on to any later stage", () => {
    expect(of([
      go("1", null, "A"),
      go("2", null, "A"),
      go("3", "Lost", "A"),
      go("1", "A", "B"),
      go("2", "A", "Signed"),
    ])).toMatchObject({ A: [3, 2, 0, null], B: [1, 0, 0, null] });
  });

  it("does not count who was there before, nor who went back", () => {
    expect(of([go("1", "A", "B"), go("1", "B", "A")]))
      .toMatchObject({ A: [1, 0, 0, null], B: [1, 0, 0, null] });
  });

  it("counts once who entered twice, and another size as no entry", () => {
    expect(of([
      go("1", "A", "B"),
      go("1", "B", "B"),
      go("1", "B", "A"),
      go("1", "A", "B"),
      go("1", "B", "C"),
    ])).toMatchObject({ B: [1, 1, 0, null], C: [1, 0, 0, null] });
  });

  it("counts who left: inactive, unknown, gone, or no prospect any more", () => {
    const other = go("4", "A", "A");
    other.to = { ...stand("A"), contactType: "2" };
    expect(of([
      ...["1", "2", "3", "4"].map((id) => go(id, null, "A")),
      go("1", "A", "Lost"),
      go("2", "A", null),
      go("3", "A", "Who knows"),
      other,
    ])).toMatchObject({ A: [4, 0, 4, null] });
  });

  it("tells a share from five on", () => {
    const entered = ["1", "2", "3", "4", "5"].map((id) => go(id, null, "A"));
    expect(of([...entered, go("2", "A", "B")]))
      .toMatchObject({ A: [5, 1, 0, 20] });
    expect(of([...entered.slice(1), go("2", "A", "B")]))
      .toMatchObject({ A: [4, 1, 0, null] });
  });
});
