import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  createLeadFigures,
  createPipelineFigures,
  hotItemOf,
  kpisOf,
  type Lead,
  type Opportunity,
  toDashboardLeads,
  toDashboardPipeline,
} from "../../lib/domain/mod.ts";
import {
  anyLeads,
  anyOpportunities,
  AT,
  CYCLES,
  LEADS,
  OPPORTUNITIES,
  opportunity,
  SETTINGS,
} from "./_brand.ts";

const MODEL = buildStageModel(CYCLES, SETTINGS);

function figuresOf(
  opportunities: readonly Opportunity[],
  leads: readonly Lead[] = [],
  model = MODEL,
) {
  const figures = createPipelineFigures(model);
  for (const one of opportunities) figures.add(one);
  for (const one of leads) figures.addLead(one);
  return figures.result(AT);
}

function lacking(...names: string[]) {
  const cycles = CYCLES.filter(({ name }) => !names.includes(name));
  return buildStageModel(cycles, SETTINGS);
}

describe("createPipelineFigures()", () => {
  const view = figuresOf(OPPORTUNITIES, LEADS);

  it("Pipeline value: O1, O3, O4, O5, O6 and O13; O2 and O7 have no size", () => {
    // 45,000.00 + 49,500.50 - 500.00 + 0.03 + 100,000.00 + 1.00
    expect(view.totalValueCents).toBe(19_400_153);
    expect(view.opportunities).toBe(8);
    expect(view.unsized).toBe(2);
  });

  it("Weighted value: rounded per row, then summed; O6's stage has no likelihood", () => {
    // O1 900,000; O3 618,756.25; O4 -6,250; O5 1.8; O13 5
    expect(view.weightedValueCents).toBe(900_000 + 618_756 - 6_250 + 2 + 5);
    expect(view.withoutLikelihood).toBe(1);
  });

  it("Stage list: every pipeline stage in CRM order, empty ones too", () => {
    expect(view.stages).toEqual([
      { stage: "New Lead", count: 1, valueCents: 100, likelyPct: 5 },
      { stage: "QR Sent", count: 0, valueCents: 0, likelyPct: 10 },
      { stage: "QR Returned", count: 2, valueCents: 4_500_000, likelyPct: 20 },
      { stage: "FDD Sent", count: 2, valueCents: 4_900_050, likelyPct: 12.5 },
      { stage: "Deal Structure", count: 2, valueCents: 3, likelyPct: 60 },
      { stage: "FA Sent", count: 1, valueCents: 10_000_000, likelyPct: null },
    ]);
  });

  it("lists what comes after the pipeline by itself", () => {
    expect(view.after).toEqual([
      { stage: "FA Signed", count: 1, valueCents: 4_000_000, likelyPct: 100 },
      { stage: "Future Interest", count: 1, valueCents: 0, likelyPct: 1 },
    ]);
  });

  it("Stage count: the five that have an opportunity", () => {
    expect(view.stageCount).toBe(5);
  });

  it("Average deal size: 19,400,153 over the six sized, rounded", () => {
    expect(view.averageDealCents).toBe(3_233_359);
  });

  it("Average deal size: rounded half away from zero", () => {
    const half = (sign: number) =>
      figuresOf([
        opportunity("1", { dealSizeCents: sign }),
        opportunity("2", { dealSizeCents: 2 * sign }),
      ]).averageDealCents;
    expect([half(1), half(-1)]).toEqual([2, -2]);
  });

  it("Average deal size: null where nothing has a size", () => {
    const unsized = figuresOf([opportunity("1")]);
    expect(unsized.averageDealCents).toBe(null);
    expect(unsized.totalValueCents).toBe(0);
    expect(unsized.weightedValueCents).toBe(0);
  });

  it("counts inactive and unclassified opportunities beside them", () => {
    expect([view.inactive, view.unclassified]).toEqual([1, 1]);
  });

  it("counts people per pipeline stage, qualified or not", () => {
    expect(view.stageLeads).toEqual([
      { stage: "New Lead", leads: 2, qualified: false },
      { stage: "QR Sent", leads: 1, qualified: false },
      { stage: "QR Returned", leads: 2, qualified: true },
      { stage: "FDD Sent", leads: 1, qualified: true },
      { stage: "Deal Structure", leads: 1, qualified: true },
      { stage: "FA Sent", leads: 1, qualified: true },
    ]);
  });

  it("does not know its totals without the upper boundary, and says why", () => {
    const unknown = figuresOf(OPPORTUNITIES, LEADS, lacking("FA Sent"));
    const reason = "The stage 'FA Sent' is not in ClientTether's sales cycle";
    expect(unknown).toEqual({
      ...AT,
      totalValueCents: null,
      weightedValueCents: null,
      opportunities: null,
      unsized: null,
      withoutLikelihood: null,
      inactive: 1,
      unclassified: 2,
      stageCount: null,
      averageDealCents: null,
      stages: [],
      after: [],
      stageLeads: [],
      reasons: { pipeline: reason, hot: reason },
    });
  });

  it("counts an opportunity and a person once, however often they are added", () => {
    const twice = figuresOf(
      [...OPPORTUNITIES, ...OPPORTUNITIES],
      [...LEADS, ...LEADS],
    );
    expect(twice).toEqual(view);
  });

  it("gives the same figures in every order", () => {
    fc.assert(fc.property(
      anyOpportunities.chain((rows) =>
        fc.tuple(
          fc.constant(rows),
          fc.shuffledSubarray(rows, { minLength: rows.length }),
        )
      ),
      ([rows, shuffled]) => {
        expect(figuresOf(shuffled)).toEqual(figuresOf(rows));
      },
    ));
  });

  it("adds up: the stages' counts and values make the totals", () => {
    const plausible = anyOpportunities.filter((rows) =>
      rows.every(({ dealSizeCents: size }) => Math.abs(size ?? 0) < 1e13)
    );
    fc.assert(fc.property(plausible, anyLeads, (rows, leads) => {
      const figures = figuresOf(rows, leads);
      const { stages, after } = figures;
      const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      expect(sum(stages.map(({ valueCents }) => valueCents)))
        .toBe(figures.totalValueCents);
      expect(sum(stages.map(({ count }) => count)))
        .toBe(figures.opportunities);
      expect(stages.filter(({ count }) => count > 0).length)
        .toBe(figures.stageCount);
      const prospects = rows.filter((row) => row.contactType !== "2").length;
      expect(
        sum([...stages, ...after].map(({ count }) => count)) +
          figures.inactive + figures.unclassified,
      ).toBe(prospects);
      const leadFigures = createLeadFigures(MODEL, SETTINGS);
      for (const one of leads) leadFigures.add(one);
      const { inPipeline, qualifiedLeads } = leadFigures.result(AT);
      const people = figures.stageLeads;
      expect(sum(people.map((row) => row.leads))).toBe(inPipeline);
      expect(sum(people.filter((row) => row.qualified).map((row) => row.leads)))
        .toBe(qualifiedLeads);
    }));
  });
});

describe("kpisOf()", () => {
  const leadFigures = createLeadFigures(MODEL, SETTINGS);
  for (const one of LEADS) leadFigures.add(one);
  const leads = leadFigures.result(AT);

  it("takes the few numbers of a day from its views", () => {
    const hot = OPPORTUNITIES.filter((one) => hotItemOf(one, null, MODEL));
    expect(kpisOf(leads, figuresOf(OPPORTUNITIES, LEADS), hot.length)).toEqual({
      ...AT,
      totalLeads: 12,
      inPipeline: 8,
      qualifiedLeads: 5,
      pipelineValueCents: 19_400_153,
      weightedValueCents: 1_512_513,
      unsized: 2,
      hotList: 3,
    });
  });

  it("does not know the hot list where its boundary is unknown", () => {
    const model = lacking("Deal Structure");
    const view = figuresOf(OPPORTUNITIES, LEADS, model);
    expect(kpisOf(leads, view, 0).hotList).toBe(null);
    expect(kpisOf(leads, view, 0).pipelineValueCents).not.toBe(null);
  });
});

describe("toDashboardLeads() and toDashboardPipeline()", () => {
  const leadFigures = createLeadFigures(MODEL, SETTINGS);
  for (const one of LEADS) leadFigures.add(one);

  it("answer with the documented fields of leads and no other", () => {
    const view = leadFigures.result(AT);
    const { data, ...rest } = toDashboardLeads(view, 7);
    expect(rest).toEqual({});
    expect(Object.keys(data)).toEqual([
      "totalLeads",
      "qualifiedLeads",
      "inPipeline",
      "leadSources",
      "bySource",
      "byStatus",
      "inactive",
      "unclassified",
      "quarantined",
    ]);
    expect(data.quarantined).toBe(7);
    expect(data.bySource).toEqual(view.bySource);
    expect(data.byStatus).toEqual(view.byStatus);
  });

  it("answer with the documented fields of the pipeline and no other", () => {
    const view = figuresOf(OPPORTUNITIES, LEADS);
    const { data, ...rest } = toDashboardPipeline(view);
    expect(rest).toEqual({});
    expect(Object.keys(data)).toEqual([
      "totalValueCents",
      "weightedValueCents",
      "opportunities",
      "unsized",
      "withoutLikelihood",
      "inactive",
      "unclassified",
      "stageCount",
      "averageDealCents",
      "stages",
      "after",
    ]);
    expect(data.stages).toEqual(view.stages);
    expect(data.after).toEqual(view.after);
  });

  it("let no extra field of a stored row through", () => {
    const view = figuresOf(OPPORTUNITIES, LEADS);
    const secret = { stage: "A", count: 1, valueCents: 1, likelyPct: 1, x: 1 };
    const { data } = toDashboardPipeline({ ...view, stages: [secret] });
    expect(Object.keys(data.stages[0] ?? {}))
      .toEqual(["stage", "count", "valueCents", "likelyPct"]);
  });
});
