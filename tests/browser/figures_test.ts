import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { BURIED_WORD, EMOJI_NOTE, LONG_NOTE } from "./_birch_notes.ts";
import { Stage } from "./_browser.ts";
import { readCard, readTable } from "./_read.ts";

/** Every figure here was worked out by hand from the records in _birch.ts and _birch_notes.ts. */
describe("Birch Bakery's pages show the figures worked out by hand", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const onPage = (path: string, check: (page: Page) => Promise<void>) =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance(path);
      await check(page);
      expect(complaints).toEqual([]);
    });

  it("the Dashboard: new leads this week, people, money, trend, stages", () =>
    onPage("/dashboard", async (page) => {
      const newLeads = await readCard(page, "New leads");
      expect(newLeads.figure).toBe("2");
      expect(newLeads.text).toContain(
        "+1 on Mon 2 Mar to Wed 4 Mar 11:00 (1)",
      );
      expect(newLeads.text).toContain("Mon 9 Mar to Wed 11 Mar 11:00");
      expect(await readCard(page, "Leads in pipeline")).toEqual({
        figure: "9",
        text: "of 12 leads (75%)",
      });
      expect(await readCard(page, "Qualified candidates")).toEqual({
        figure: "5",
        text: "of 12 leads (42%)",
      });
      const value = await readCard(page, "Pipeline value");
      expect(value.figure).toBe("$140K");
      expect(value.text).toBe(
        "$35.7K weighted | 9 opportunities · 2 without a size · 1 without a likelihood",
      );
      await page.getByText("Numbers as a table").first().click();
      expect(await readTable(page, "New leads by week")).toEqual([
        "Week | New leads",
        "19 to 25 Jan 2026 | 0",
        "26 Jan to 1 Feb 2026 | 0",
        "2 to 8 Feb 2026 | 0",
        "9 to 15 Feb 2026 | 1",
        "16 to 22 Feb 2026 | 1",
        "23 Feb to 1 Mar 2026 | 0",
        "2 to 8 Mar 2026 | 2",
        "9 to 15 Mar 2026 | 2",
      ]);
      expect(await readTable(page, "Leads and pipeline value by stage"))
        .toEqual([
          "Stage | Leads | Value",
          "New Lead | 2 | −$500",
          "Initial Call | 2 | $1.23K",
          "QR Returned | 2 | $0",
          "FDD Sent | 0 | $0",
          "FDD Review | 1 | $40K",
          "Deal Structure | 1 | $69K",
          "FA Sent | 1 | $30K",
        ]);
    }));

  it("the Dashboard: new leads of the last 7 days", () =>
    onPage("/dashboard?period=7d", async (page) => {
      const { figure, text } = await readCard(page, "New leads");
      expect(figure).toBe("3");
      expect(text).toContain(
        "+2 on Wed 25 Feb 11:00 to Wed 4 Mar 11:00 (1)",
      );
      expect(text).toContain("Wed 4 Mar 11:00 to Wed 11 Mar 11:00");
    }));

  it("Leads: totals, sources, status and the list", () =>
    onPage("/leads", async (page) => {
      const cards = ["Total Leads", "Qualified Leads", "Lead Sources"];
      const read = await Promise.all(cards.map((it) => readCard(page, it)));
      expect(read.map(({ figure }) => figure)).toEqual(["12", "5", "4"]);
      expect(read[0]?.text).toBe("1 without a date");
      expect(read[1]?.text).toBe("42% of all leads");
      expect(await readTable(page, "Leads by source")).toEqual([
        "Source | Leads | Share | Qualified | New",
        "Expo | 4 | 33% | 3 | 0",
        "Web | 3 | 25% | 1 | 2",
        "Not recorded | 2 | 17% | 0 | 0",
        "Referral | 2 | 17% | 1 | 0",
        "web | 1 | 8% | 0 | 0",
      ]);
      const status = await readTable(page, "Leads by status");
      expect(status.map((row) => row.replace(/\s*·\s*/, " · "))).toEqual([
        "Status | Leads | Share",
        "New Lead | 2 | 17%",
        "Initial Call | 2 | 17%",
        "QR Returned | 2 | 17%",
        "FDD Review | 1 | 8%",
        "Deal Structure | 1 | 8%",
        "FA Sent | 1 | 8%",
        "FA Signed | 1 | 8%",
        "Lost · inactive | 1 | 8%",
        "Demo Day · unclassified | 1 | 8%",
      ]);
      const main = await page.locator("main").innerText();
      expect(main).toContain("1 lead is in an inactive stage");
      expect(main).toContain(
        "1 lead is in a stage that ClientTether's sales cycles do not name",
      );
      expect(main).not.toContain("Billboard");
      expect(await readTable(page, "Leads, newest first")).toEqual([
        "Name | Stage | Source | Market | Created (New York)",
        "Ada Birch | New Lead | Web | Tampa, FL | 10 Mar 2026, 09:15",
        "Bo Castellan | New Lead | Web | Not recorded | 9 Mar 2026, 00:00",
        "Di Esker | Initial Call | Not recorded | Boise | 6 Mar 2026, 12:00",
        "Cy Dunmore | Initial Call | Referral | Not recorded | 3 Mar 2026, 10:00",
        "Eli Farrow | QR Returned | Referral | Not recorded | 20 Feb 2026, 08:30",
        "Fay Garnet | FDD Review | Expo | Not recorded | 10 Feb 2026, 17:45",
        "Gus Hale | Deal Structure | Web | Denver | 15 Jan 2026, 11:00",
        "Hollis Imre | FA Sent | Expo | Austin, TX | 1 Dec 2025, 09:00",
        "Kit Lomax | Demo Day | Not recorded | Not recorded | 20 Nov 2025, 09:00",
        "Jo Kessel | Lost | web | Not recorded | 11 Nov 2025, 09:00",
        "Ira Jessup | FA Signed | Expo | Not recorded | 5 Oct 2025, 09:00",
        "Max Norrell | QR Returned | Expo | Not recorded | –",
      ]);
    }));

  it("Pipeline: value, weighted, average, stages, what is left out", () =>
    onPage("/pipeline", async (page) => {
      expect(await readCard(page, "Total Pipeline Value")).toEqual({
        figure: "$140K",
        text: "$35.7K weighted | 9 opportunities",
      });
      expect(await readCard(page, "Stage Count")).toEqual({
        figure: "6",
        text: "of 7 pipeline stages in use",
      });
      expect(await readCard(page, "Average Deal Size")).toEqual({
        figure: "$20K",
        text: "of 7 opportunities with a size",
      });
      expect(await readTable(page, "Opportunities and value by stage"))
        .toEqual([
          "Stage | Count | Value | Likely",
          "New Lead | 1 | −$500 | 5%",
          "Initial Call | 1 | $1,234.50 | 10%",
          "QR Returned | 1 | $0 | 25%",
          "FDD Sent | 0 | $0 | 30%",
          "FDD Review | 1 | $40,000 | –",
          "Deal Structure | 4 | $69,000.04 | 12.5%",
          "FA Sent | 1 | $30,000 | 90%",
          "Total | 9 | $139,734.54",
        ]);
      expect(
        await readTable(page, "Opportunities and value after the pipeline"),
      )
        .toEqual([
          "Stage | Count | Value | Likely",
          "FA Signed | 1 | $60,000 | 100%",
          "Future Interest | 0 | $0 | 1%",
        ]);
      const main = await page.locator("main").innerText();
      for (
        const sentence of [
          "2 opportunities have no deal size and add nothing to the value.",
          "1 opportunity is in a stage without a likelihood and adds nothing to the weighted value.",
          "1 opportunity is in an inactive stage",
          "1 opportunity is in a stage that ClientTether's sales cycles do not name",
        ]
      ) {
        expect(main).toContain(sentence);
      }
    }));

  it("Hot List: highest weighted IFF first, those without one folded", () =>
    onPage("/hot-list", async (page) => {
      const head =
        "Candidate Name | Market | Units | Weighted IFF | Stage | Likely % | Days in stage | Next (New York)";
      expect(await readTable(page, "Hot list, highest weighted IFF first"))
        .toEqual([
          head,
          "Hollis Imre | Austin, TX | 2 | $27,000 | FA Sent | 90% | at least 0 | Nothing scheduled",
          "Gus Hale | Denver | 3 | $5,625.01 | Deal Structure | 12.5% | at least 0 | Nothing scheduled",
          "Crumb Partners LLC | Not recorded | – | $1,500 | Deal Structure | 12.5% | at least 0 | Nothing scheduled",
          "Di Esker | Boise | – | $1,500 | Deal Structure | 12.5% | at least 0 | Nothing scheduled",
          "Total of 4 candidates | 5 | $35,625.01",
        ]);
      await page.getByText("1 candidate without a deal size or a likelihood")
        .click();
      expect(
        await readTable(page, "Hot list, candidates without a weighted IFF"),
      )
        .toEqual([
          head,
          "Gus Hale | Denver | 3 | – | Deal Structure | 12.5% | at least 0 | Nothing scheduled",
        ]);
    }));

  it("Notes: newest first, the undated last, the long one opens", () =>
    onPage("/notes", async (page) => {
      const notes = await page.locator("main ol > li").allInnerTexts();
      const [first = "", second = "", third = "", last = ""] = notes;
      expect(notes.filter((text) => text !== "")).toHaveLength(4);
      expect(first).toContain("Sam Ortega");
      expect(first).toContain("10 Mar 2026, 16:20");
      expect(first).toContain(EMOJI_NOTE);
      expect(second).toContain("Pat Lindqvist");
      expect(second).toContain("9 Mar 2026, 08:00");
      expect(third).toContain("Sent the brochure.");
      expect(last).toContain("Author not recorded");
      expect(last).toContain("Date not recorded");
      await page.locator("main ol summary").click();
      await page.getByText(`Ends with ${BURIED_WORD}.`).waitFor();
      expect(await page.locator("main").innerText()).toContain(LONG_NOTE);
    }));

  it("Schedule: what is to come, in three groups", () =>
    onPage("/schedule", async (page) => {
      const rows = (group: string) => readTable(page, `Activities: ${group}`);
      const head =
        "Date and time (New York) | Type | Contact | Description | Status";
      expect(await rows("Today")).toEqual([
        head,
        "14:30 | Call | Ada Birch | First call | Scheduled",
      ]);
      expect(await rows("This week")).toEqual([
        head,
        "Fri 13 Mar, 09:00 | Taste Test | Gus Hale | – | Maybe",
      ]);
      expect(await rows("Later")).toEqual([
        head,
        "Mon 16 Mar, 00:00 | Webinar | Eli Farrow | – | –",
        "Wed 18 Mar, 13:00 | Discovery Day | Hollis Imre | At the bakery | Scheduled",
      ]);
    }));

  it("Reports: none is published yet, and what happens next", () =>
    onPage("/reports", async (page) => {
      expect(await page.locator("main").innerText()).toContain(
        "No report has been published yet.",
      );
    }));
});
