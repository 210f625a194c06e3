import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  buildStageModel,
  compareDeals,
  createPipelineFigures,
  DEAL_GROUPS,
  type DealGroup,
  dealOf,
  isInGroup,
  type Opportunity,
  sumDeals,
} from "../../lib/domain/mod.ts";
import { testCycle, testOpportunity } from "../_data.ts";

const SETTINGS = {
  qualifiedFrom: "QR Returned",
  qualifiedTo: "FA Sent",
  hotFrom: "FA Sent",
  hotTo: "FA Sent",
};
const CYCLES = [
  testCycle("New Lead", 1, 10),
  testCycle("QR Returned", 2, null),
  testCycle("FA Sent", 3, 90),
  testCycle("FA Signed", 4, 100),
  testCycle("Lost", 5, 0, false),
];
const MODEL = buildStageModel(CYCLES, SETTINGS);
const deal = (id: string, fields: Partial<Opportunity> = {}) =>
  dealOf(testOpportunity(id, fields), null, MODEL);

const ALL = [
  testOpportunity("a", { stage: "New Lead", dealSizeCents: 10_005 }),
  testOpportunity("b", { stage: "New Lead" }),
  testOpportunity("c", { stage: "QR Returned", dealSizeCents: 50_000 }),
  testOpportunity("d", { stage: "FA Sent", dealSizeCents: -700 }),
  testOpportunity("e", { stage: "FA Signed", dealSizeCents: 1 }),
  testOpportunity("f", { stage: "Lost", dealSizeCents: 9 }),
  testOpportunity("g", { stage: "Elsewhere" }),
  testOpportunity("h", { stage: "FA Sent", contactType: "2" }),
];

describe("dealOf()", () => {
  it("says where a deal counts and what it is worth", () => {
    const client = {
      firstName: "Kim",
      lastName: "Example",
      company: null,
      market: null,
      units: null,
    };
    const one = testOpportunity("a", {
      clientId: "7",
      firstName: null,
      lastName: null,
      stage: " FA Sent ",
      dealSizeCents: 1_000_05,
    });
    expect(dealOf(one, client, MODEL)).toMatchObject({
      clientId: "7",
      name: "Kim Example",
      stage: "FA Sent",
      standing: "pipeline",
      likelyPct: 90,
      weightedCents: 90_005,
    });
  });

  it("knows no weighted value without a size, without a likelihood, or where nothing is counted", () => {
    expect(deal("1", { stage: "FA Sent" }).weightedCents).toBe(null);
    const sized = { dealSizeCents: 100 };
    for (const stage of ["QR Returned", "Lost", "Elsewhere"]) {
      expect(deal("1", { stage, ...sized }).weightedCents).toBe(null);
    }
    expect(deal("1", { stage: "FA Sent", contactType: "2", ...sized }))
      .toMatchObject({ standing: "other", weightedCents: null });
  });

  it("does not know where a deal counts while the pipeline's end is unknown", () => {
    const model = buildStageModel(CYCLES, { ...SETTINGS, qualifiedTo: "?" });
    expect(dealOf(ALL[0]!, null, model).standing).toBe("unknown");
  });
});

describe("isInGroup()", () => {
  it("holds as many deals as the figure counts", () => {
    const figures = createPipelineFigures(MODEL);
    ALL.forEach((one) => figures.add(one));
    const view = figures.result({ day: "2026-03-11", computedAt: "" });
    const after = view.after.reduce((sum, { count }) => sum + count, 0);
    const counts: Record<DealGroup, number> = {
      "pipeline": view.opportunities!,
      "sized": view.opportunities! - view.unsized!,
      "unsized": view.unsized!,
      "without-likelihood": view.withoutLikelihood!,
      "after": after,
      "inactive": view.inactive,
      "unclassified": view.unclassified,
    };
    const deals = ALL.map((one) => dealOf(one, null, MODEL));
    for (const group of DEAL_GROUPS) {
      const inside = deals.filter((one) => isInGroup(one, group));
      expect([group, inside.length]).toEqual([group, counts[group]]);
      expect(inside.length).toBeGreaterThan(0);
    }
    const pipeline = deals.filter((one) => isInGroup(one, "pipeline"));
    expect(sumDeals(pipeline)).toEqual({
      count: view.opportunities,
      sized: counts.sized,
      valueCents: view.totalValueCents,
      weightedCents: view.weightedValueCents,
    });
  });
});

describe("compareDeals()", () => {
  it("puts the largest first, those without a size last, then goes by id", () => {
    const sorted = [
      deal("4"),
      deal("3", { dealSizeCents: -5 }),
      deal("2", { dealSizeCents: 7 }),
      deal("10", { dealSizeCents: 7 }),
      deal("11"),
    ].sort(compareDeals);
    expect(sorted.map(({ id }) => id)).toEqual(["10", "2", "3", "11", "4"]);
  });
});
