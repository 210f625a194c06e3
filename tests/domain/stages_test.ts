import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  boundaryChoices,
  buildStageModel,
  isProspect,
  type SalesCycle,
  type Stage,
} from "../../lib/domain/mod.ts";
import { cycle, CYCLES, SETTINGS } from "./_brand.ts";

const model = buildStageModel(CYCLES, SETTINGS);
const namesOf = (stages: readonly Stage[]) => stages.map(({ name }) => name);

/** The brand with one cycle changed. */
function changed(name: string, change: Partial<SalesCycle>): SalesCycle[] {
  return CYCLES.map((known) =>
    known.name === name && known.contactType === "1"
      ? { ...known, ...change }
      : known
  );
}

function without(...names: string[]): SalesCycle[] {
  return CYCLES.filter(({ name }) => !names.includes(name));
}

describe("boundaryChoices()", () => {
  it("names what can be a boundary, in CRM order: active, of prospects, with an order, each once", () => {
    const cycles = [
      cycle("a", "Last", 9, null),
      cycle("b", "First", 1, null),
      cycle("c", "First", 2, null),
      cycle("d", "Unordered", null, null),
      cycle("e", "Gone", 3, null, { active: false }),
      cycle("f", "Franchisee", 4, null, { contactType: "2" }),
    ];
    expect(boundaryChoices(cycles)).toEqual(["First", "Last"]);
  });
});

describe("buildStageModel()", () => {
  it("classifies stages by contact type and name", () => {
    expect(model.stageOf("1", "FDD Sent")).toMatchObject({
      kind: "active",
      order: 4,
      likelihoodPct: 12.5,
    });
    expect(model.stageOf("1", "Dead Lead").kind).toBe("inactive");
    expect(model.stageOf("1", "Mystery").kind).toBe("unclassified");
    expect(model.stageOf("2", "Deal Structure").likelihoodPct).toBe(90);
    expect(model.stageOf("2", "FDD Sent").kind).toBe("unclassified");
  });

  it("gives the same object for the same stage, known or not", () => {
    expect(model.stageOf("1", "FDD Sent"))
      .toBe(model.stageOf("", "  FDD Sent "));
    expect(model.stageOf("1", "Elsewhere"))
      .toBe(model.stageOf(" 1 ", "Elsewhere"));
  });

  it("compares names after trimming, case kept", () => {
    const padded = buildStageModel(
      changed("FA Sent", { name: "  FA Sent " }),
      { ...SETTINGS, qualifiedFrom: " QR Returned" },
    );
    expect(padded.isQualified("1", "FA Sent")).toBe(true);
    expect(padded.reasons.qualified).toBe(null);
    expect(model.stageOf("1", "fa sent").kind).toBe("unclassified");
  });

  it("takes a blank stage for New Lead and a blank contact type for a prospect", () => {
    expect(model.stageOf("", " ").name).toBe("New Lead");
    expect(model.inPipeline("", "")).toBe(true);
    expect(isProspect({ contactType: " " })).toBe(true);
    expect(isProspect({ contactType: "2" })).toBe(false);
  });

  it("holds both ends of a boundary", () => {
    const qualified = CYCLES.filter(({ contactType, name }) =>
      model.isQualified(contactType, name)
    );
    expect(qualified.map(({ name }) => name))
      .toEqual(["QR Returned", "FDD Sent", "Deal Structure", "FA Sent"]);
    const hot = CYCLES.filter(({ contactType, name }) =>
      model.isHot(contactType, name)
    );
    expect(hot.map(({ name }) => name)).toEqual(["Deal Structure", "FA Sent"]);
  });

  it("leaves out inactive stages, other contact types and stages without an order", () => {
    expect(model.isQualified("1", "Dead Lead")).toBe(false);
    expect(model.inPipeline("1", "Not Interested")).toBe(false);
    expect(model.inPipeline("2", "Deal Structure")).toBe(false);
    expect(model.isHot("2", "Deal Structure")).toBe(false);
    expect(model.inPipeline("1", "Future Interest")).toBe(false);
    expect(model.inPipeline("1", "Mystery")).toBe(false);
  });

  it("lists the pipeline and what comes after it, in CRM order, the unordered last", () => {
    expect(namesOf(model.pipelineStages)).toEqual([
      "New Lead",
      "QR Sent",
      "QR Returned",
      "FDD Sent",
      "Deal Structure",
      "FA Sent",
    ]);
    expect(namesOf(model.afterStages)).toEqual([
      "FA Signed",
      "Future Interest",
    ]);
  });

  it("orders stages of the same order by id as text", () => {
    const tied = buildStageModel([
      cycle("9", "Nine", 2, null),
      cycle("10", "Ten", 2, null),
      cycle("2", "FA Sent", 3, null),
    ], SETTINGS);
    expect(namesOf(tied.pipelineStages)).toEqual(["Ten", "Nine", "FA Sent"]);
  });

  it("keeps one of duplicate cycles: the active, then the lower order, then the lower id", () => {
    const twins: SalesCycle[] = [
      cycle("d", "FDD Sent", 1, 1, { active: false }),
      cycle("c", "FDD Sent", null, 2),
      cycle("b", "FDD Sent", 4, 3),
      cycle("a", "FDD Sent", 4, 4),
    ];
    fc.assert(fc.property(
      fc.shuffledSubarray(twins, { minLength: 4 }),
      (cycles) => {
        const stage = buildStageModel(cycles, SETTINGS).stageOf("", "FDD Sent");
        expect(stage).toMatchObject({ kind: "active", likelihoodPct: 4 });
      },
    ));
    const [inactive, unordered] = twins;
    const kept = buildStageModel([inactive!, unordered!], SETTINGS);
    expect(kept.stageOf("1", "FDD Sent")).toMatchObject({
      kind: "active",
      order: null,
    });
  });

  it("lets an inactive boundary delimit, though its own records do not count", () => {
    const retired = buildStageModel(
      changed("FA Sent", { active: false }),
      SETTINGS,
    );
    expect(retired.reasons).toEqual({
      qualified: null,
      pipeline: null,
      hot: null,
    });
    expect(retired.isQualified("1", "Deal Structure")).toBe(true);
    expect(retired.isQualified("1", "FA Sent")).toBe(false);
    expect(namesOf(retired.afterStages))
      .toEqual(["FA Signed", "Future Interest"]);
  });

  it("makes everything unknown that needs a missing upper boundary", () => {
    const reason = "The stage 'FA Sent' is not in ClientTether's sales cycle";
    const lacking = buildStageModel(without("FA Sent"), SETTINGS);
    expect(lacking.reasons).toEqual({
      qualified: reason,
      pipeline: reason,
      hot: reason,
    });
    expect(lacking.pipelineStages).toEqual([]);
    expect(lacking.afterStages).toEqual([]);
    expect(lacking.isQualified("1", "QR Returned")).toBe(false);
    expect(lacking.stageOf("1", "QR Returned").kind).toBe("active");
  });

  it("makes only the qualified unknown where the lower boundary is missing", () => {
    const lacking = buildStageModel(without("QR Returned"), SETTINGS);
    expect(lacking.reasons).toEqual({
      qualified: "The stage 'QR Returned' is not in ClientTether's sales cycle",
      pipeline: null,
      hot: null,
    });
    expect(lacking.inPipeline("1", "FDD Sent")).toBe(true);
  });

  it("names both boundaries, and one only once", () => {
    const { reasons } = buildStageModel([], {
      ...SETTINGS,
      hotFrom: "FA Sent",
    });
    expect(reasons.qualified).toBe(
      "The stages 'QR Returned' and 'FA Sent' are not in ClientTether's sales cycle",
    );
    expect(reasons.hot)
      .toBe("The stage 'FA Sent' is not in ClientTether's sales cycle");
  });

  it("cannot delimit by a boundary without an order", () => {
    const unordered = buildStageModel(
      changed("FA Sent", { order: null }).filter(({ name }) =>
        name !== "QR Returned"
      ),
      SETTINGS,
    );
    expect(unordered.reasons.pipeline)
      .toBe("The stage 'FA Sent' has no order in ClientTether's sales cycle");
    expect(unordered.reasons.qualified).toBe(
      "The stage 'QR Returned' is not in ClientTether's sales cycle. " +
        "The stage 'FA Sent' has no order in ClientTether's sales cycle",
    );
  });

  it("looks boundaries up in the prospects' cycle alone", () => {
    const elsewhere = buildStageModel(
      [
        ...without("FA Sent"),
        cycle("12", "FA Sent", 6, 1, {
          contactType: "2",
        }),
      ],
      SETTINGS,
    );
    expect(elsewhere.reasons.pipeline).not.toBe(null);
  });

  it("finds nothing between boundaries that stand the wrong way round", () => {
    const reversed = buildStageModel(CYCLES, {
      ...SETTINGS,
      qualifiedFrom: "FA Sent",
      qualifiedTo: "QR Returned",
    });
    expect(reversed.reasons.qualified).toBe(null);
    expect(CYCLES.some(({ name }) => reversed.isQualified("1", name)))
      .toBe(false);
  });
});
