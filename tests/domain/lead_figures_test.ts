import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  createLeadFigures,
  type Lead,
  type LeadMetrics,
  NOT_RECORDED,
  type StageModel,
} from "../../lib/domain/mod.ts";
import { anyLeads, AT, CYCLES, lead, LEADS, SETTINGS } from "./_brand.ts";

const MODEL = buildStageModel(CYCLES, SETTINGS);

function figuresOf(leads: readonly Lead[], model: StageModel = MODEL) {
  const figures = createLeadFigures(model, SETTINGS);
  for (const one of leads) figures.add(one);
  return figures.result(AT);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

describe("createLeadFigures()", () => {
  const view: LeadMetrics = figuresOf(LEADS);

  it("says for which day and when it was computed", () => {
    expect(view.day).toBe("2026-03-11");
    expect(view.computedAt).toBe("2026-03-11T15:00:00.000Z");
  });

  it("Total leads: thirteen people less one vendor", () => {
    expect(view.totalLeads).toBe(12);
  });

  it("Qualified leads: L3 and L4 in QR Returned, L5, L6 and L7 after it", () => {
    expect(view.qualifiedLeads).toBe(5);
    expect(view.reasons).toEqual({ qualified: null });
  });

  it("Leads in pipeline: the qualified and L1, L2, L12 before them", () => {
    expect(view.inPipeline).toBe(8);
  });

  it("counts L10 as inactive and L11 as unclassified", () => {
    expect([view.inactive, view.unclassified]).toEqual([1, 1]);
  });

  it("Lead sources: Website, Referral, website and Expo", () => {
    expect(view.leadSources).toBe(4);
  });

  it("By source: most leads first, then name; the missing source is a row", () => {
    expect(view.bySource).toEqual([
      { name: "Website", leads: 5, qualified: 2 },
      { name: "Referral", leads: 3, qualified: 2 },
      { name: "Not recorded", leads: 2, qualified: 0 },
      { name: "Expo", leads: 1, qualified: 0 },
      { name: "website", leads: 1, qualified: 1 },
    ]);
  });

  it("By status: active in CRM order, then inactive, then unclassified", () => {
    expect(view.byStatus).toEqual([
      { name: "New Lead", leads: 2, kind: "active" },
      { name: "QR Sent", leads: 1, kind: "active" },
      { name: "QR Returned", leads: 2, kind: "active" },
      { name: "FDD Sent", leads: 1, kind: "active" },
      { name: "Deal Structure", leads: 1, kind: "active" },
      { name: "FA Sent", leads: 1, kind: "active" },
      { name: "FA Signed", leads: 1, kind: "active" },
      { name: "Future Interest", leads: 1, kind: "active" },
      { name: "Dead Lead", leads: 1, kind: "inactive" },
      { name: "Mystery", leads: 1, kind: "unclassified" },
    ]);
  });

  it("orders inactive stages by the CRM and unclassified ones by name", () => {
    const stages = ["Zeta", "Dead Lead", "Alpha", "Not Interested", "New Lead"];
    const { byStatus } = figuresOf(
      stages.map((stage, i) => lead(String(i), { stage })),
    );
    expect(byStatus.map(({ name }) => name))
      .toEqual(["New Lead", "Not Interested", "Dead Lead", "Alpha", "Zeta"]);
  });

  it("keeps 800 days densely, and counts apart what lies before, after and nowhere", () => {
    const { createdByDay, createdUnknown } = view;
    const counted: Record<string, number> = {};
    createdByDay.counts.forEach((count, day) => {
      if (count > 0) counted[day] = count;
    });
    expect(createdByDay.from).toBe("2024-01-02");
    expect(createdByDay.counts.length).toBe(800);
    // By local day: L11 on 17 February, L8 on 1 March, L5 on the 2nd, L6 and L7 on the 4th, L4 on the 8th,
    // L1 on the 9th, L2 and L3 on the 11th.
    expect(counted).toEqual({
      777: 1,
      789: 1,
      790: 1,
      792: 2,
      796: 1,
      797: 1,
      799: 2,
    });
    expect(createdByDay.earlier).toBe(1);
    expect(createdByDay.later).toBe(1);
    expect(createdUnknown).toBe(1);
  });

  it("keeps the single times of the last 22 days and later, ascending, in seconds", () => {
    expect(view.createdRecently).toEqual([
      "2026-02-17T15:00:00.000Z",
      "2026-03-02T04:59:59.999Z",
      "2026-03-02T05:00:00.000Z",
      "2026-03-04T16:00:00.000Z",
      "2026-03-04T16:00:00.001Z",
      "2026-03-09T03:59:59.999Z",
      "2026-03-09T04:00:00.000Z",
      "2026-03-11T15:00:00.000Z",
      "2026-03-11T15:00:00.001Z",
      "2099-01-01T00:00:00.000Z",
    ].map((iso) => Date.parse(iso) / 1000));
  });

  it("is empty for a brand without leads", () => {
    expect(figuresOf([])).toEqual({
      ...AT,
      totalLeads: 0,
      qualifiedLeads: 0,
      inPipeline: 0,
      leadSources: 0,
      bySource: [],
      byStatus: [],
      inactive: 0,
      unclassified: 0,
      createdByDay: { from: null, counts: [], earlier: 0 },
      createdBySource: [],
      createdRecently: [],
      createdRecentlyFrom: [],
      createdUnknown: 0,
      reasons: { qualified: null },
    });
  });

  it("needs no array for a date far in the future", () => {
    const { createdByDay } = figuresOf([
      lead("1", { createdAt: "2099-01-01T00:00:00.000Z" }),
    ]);
    expect(createdByDay)
      .toEqual({ from: null, counts: [], earlier: 0, later: 1 });
  });

  it("does not know the qualified without the lower boundary, yet knows the pipeline", () => {
    const cycles = CYCLES.filter(({ name }) => name !== "QR Returned");
    const lacking = figuresOf(LEADS, buildStageModel(cycles, SETTINGS));
    expect(lacking.qualifiedLeads).toBe(null);
    expect(lacking.bySource.map(({ qualified }) => qualified))
      .toEqual([null, null, null, null, null]);
    // L3 and L4 are now unclassified.
    expect(lacking.inPipeline).toBe(6);
    expect(lacking.reasons.qualified)
      .toBe("The stage 'QR Returned' is not in ClientTether's sales cycle");
  });

  it("knows neither without the upper boundary, and still counts the rest", () => {
    const cycles = CYCLES.filter(({ name }) => name !== "FA Sent");
    const lacking = figuresOf(LEADS, buildStageModel(cycles, SETTINGS));
    expect([lacking.qualifiedLeads, lacking.inPipeline]).toEqual([null, null]);
    expect([lacking.totalLeads, lacking.unclassified]).toEqual([12, 2]);
  });

  it("counts a person once, however often they are added", () => {
    expect(figuresOf([...LEADS, ...LEADS])).toEqual(view);
  });

  it("gives the same figures in every order", () => {
    fc.assert(fc.property(
      anyLeads.chain((leads) =>
        fc.tuple(
          fc.constant(leads),
          fc.shuffledSubarray(leads, { minLength: leads.length }),
        )
      ),
      ([leads, shuffled]) => {
        expect(figuresOf(shuffled)).toEqual(figuresOf(leads));
      },
    ));
  });

  it("adds up: statuses, sources and creation days each make the total", () => {
    fc.assert(fc.property(anyLeads, (leads) => {
      const figures = figuresOf(leads);
      const { byStatus, bySource, createdByDay: days } = figures;
      const total = leads.filter((one) => one.contactType !== "2").length;
      expect(figures.totalLeads).toBe(total);
      expect(sum(byStatus.map((row) => row.leads))).toBe(total);
      expect(sum(bySource.map((row) => row.leads))).toBe(total);
      expect(
        sum(days.counts) + days.earlier + (days.later ?? 0) +
          figures.createdUnknown,
      ).toBe(total);
      expect(sum(bySource.map((row) => row.qualified ?? NaN)))
        .toBe(figures.qualifiedLeads);
      expect(bySource.filter(({ name }) => name !== NOT_RECORDED).length)
        .toBe(figures.leadSources);
      expect(figures.qualifiedLeads).toBeLessThanOrEqual(
        figures.inPipeline ?? NaN,
      );
      for (const kind of ["inactive", "unclassified"] as const) {
        const rows = byStatus.filter((row) => row.kind === kind);
        expect(sum(rows.map((row) => row.leads))).toBe(figures[kind]);
      }
    }));
  });
});
