import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  changedReport,
  isReportWeek,
  paragraphsOf,
  readReportText,
  sameFigures,
  shownReport,
  visibleVersions,
  type WeekFigures,
  type WeeklyReport,
} from "../../lib/domain/mod.ts";

const AT = "2026-03-17T12:00:00.000Z";
const LATER = "2026-03-18T12:00:00.000Z";

function figures(newLeads: number): WeekFigures {
  return {
    asOf: "2026-03-15",
    newLeads,
    newLeadsBefore: 2,
    totalLeads: 9,
    qualifiedLeads: null,
    inPipeline: null,
    bySource: [],
    totalValueCents: null,
    weightedValueCents: null,
    unsized: null,
    hotList: null,
    stages: [],
    after: [],
    before: null,
    moves: [],
  };
}

const DRAFT: WeeklyReport = {
  week: "2026-03-09",
  title: "Weekly report",
  frozenAt: AT,
  publishedAt: null,
  version: 1,
  figures: figures(3),
};

describe("changedReport()", () => {
  it("publishes, and takes back", () => {
    const { report } = changedReport(DRAFT, { publish: true }, LATER);
    expect(report.publishedAt).toBe(LATER);
    const back = changedReport(report, { publish: false }, LATER).report;
    expect(back.publishedAt).toBe(null);
    expect(shownReport(back)).toBe(null);
  });

  it("leaves the time of publishing when it is published already", () => {
    const { report } = changedReport(DRAFT, { publish: true }, AT);
    const again = changedReport(report, { publish: true }, LATER).report;
    expect(again.publishedAt).toBe(AT);
  });

  it("keeps the version whose figures are corrected, which readers see until the new one is published", () => {
    const first = changedReport(DRAFT, { publish: true }, AT).report;
    const { report, replaced } = changedReport(
      { ...first, mailedAt: AT },
      { figures: figures(4) },
      LATER,
    );
    expect(replaced).toMatchObject({ version: 1, publishedAt: AT });
    expect(report).toMatchObject({
      version: 2,
      publishedAt: null,
      correctedAt: LATER,
      figures: { newLeads: 4 },
      shown: { version: 1, title: "Weekly report", publishedAt: AT },
    });
    expect("mailedAt" in report).toBe(false);
    expect(shownReport(report)?.version).toBe(1);
    const second = changedReport(report, { publish: true }, LATER).report;
    expect(shownReport(second)?.version).toBe(2);
    expect(second.shown).toBe(undefined);
  });
});

describe("visibleVersions()", () => {
  const published = { ...DRAFT, publishedAt: AT };
  const next: WeeklyReport = {
    ...DRAFT,
    version: 2,
    shown: { version: 1, title: "Weekly report", publishedAt: AT },
  };
  const versions = (head: WeeklyReport, agency: boolean) =>
    visibleVersions(head, [published], agency).map(({ version }) => version);

  it("shows the agency every version, newest first", () => {
    expect(versions(next, true)).toEqual([2, 1]);
  });

  it("shows readers what was published", () => {
    expect(versions(next, false)).toEqual([1]);
    expect(versions({ ...next, publishedAt: LATER, shown: null }, false))
      .toEqual([2, 1]);
    expect(visibleVersions(DRAFT, [], false)).toEqual([]);
  });

  it("shows readers nothing of a report that was taken back", () => {
    expect(versions({ ...next, shown: null }, false)).toEqual([]);
  });
});

describe("readReportText()", () => {
  it("trims, and ends lines in one way", () => {
    expect(readReportText({ title: " A  week\n", summary: "One\r\n\r\nTwo " }))
      .toEqual({ title: "A week", summary: "One\n\nTwo" });
  });

  it("takes 5,000 characters and no more", () => {
    const text = (length: number) => ({
      title: "T",
      summary: "x".repeat(length),
    });
    expect(readReportText(text(5000)).summary).toHaveLength(5000);
    expect(() => readReportText(text(5001))).toThrow("5,000 are the most");
  });

  it("wants a title of at most 120 characters, and text", () => {
    const read = (title: string) => () =>
      readReportText({ title, summary: "" });
    expect(read(" ")).toThrow("Give the report a title");
    expect(read("x".repeat(121))).toThrow("more than 120");
    expect(read("a\0b")).toThrow("must be text");
    expect(read("\ud800")).toThrow("must be text");
  });
});

describe("paragraphsOf()", () => {
  it("parts a text at its blank lines", () => {
    expect(paragraphsOf("One\nstill one\n\n \n\nTwo\n")).toEqual([
      "One\nstill one",
      "Two",
    ]);
    expect(paragraphsOf("")).toEqual([]);
  });
});

describe("isReportWeek()", () => {
  it("takes a Monday and nothing else", () => {
    expect(isReportWeek("2026-03-09")).toBe(true);
    for (
      const text of [
        "",
        "2026-03-10",
        "2026-3-9",
        "2026-02-30",
        "2026-13-01",
        "latest",
        "9999-99-99",
      ]
    ) {
      expect([text, isReportWeek(text)]).toEqual([text, false]);
    }
  });
});

describe("sameFigures()", () => {
  it("looks at what is said, not at the order it is said in", () => {
    const one = figures(3);
    const turned = Object.fromEntries(
      Object.entries(one).reverse(),
    ) as unknown as WeekFigures;
    expect(sameFigures(one, turned)).toBe(true);
    expect(sameFigures(one, figures(4))).toBe(false);
  });
});
