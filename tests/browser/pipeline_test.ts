import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Locator, Page } from "playwright-core";
import { HOUR } from "../_clock.ts";
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";
import { oneLine, readTable } from "./_read.ts";

const DAY = 24 * HOUR;
const NEW_ONES = ["601", "602", "603", "604", "605", "606"];
/** From the brand's first day to the day of its newest figures. */
const PERIOD =
  "w=birch-bakery&period=custom&from=2026-03-11&to=2026-04-04" as const;

/**
 * What becomes of Birch Bakery's pipeline, $139,734.54 on 11 March: six opportunities of $10,000.01 are new on the 12th
 * and five of them go on on the 15th, when 206 ($30,000) signs, 203 ($40,000) leaves and 204 grows by $4,999.96 to
 * $50,000. Then nothing changes until 4 April: 139,734.54 + 60,000.06 + 4,999.96 - 30,000 - 40,000 = 134,734.56.
 */
async function weeksPass({ portal }: Stage): Promise<void> {
  const { clock, simulator, birch } = portal;
  const brand = simulator.brand(BIRCH_KEY);
  const put = (id: string, fields: Record<string, string>) => {
    const old = brand.rows("opportunities")
      .find((row) => String(row.opportunity_id) === id);
    brand.putOpportunity({ ...old, opportunity_id: id, ...fields });
  };
  const days = async (count: number) => {
    clock.advance(count * DAY);
    await portal.sync(birch);
  };
  for (const id of NEW_ONES) {
    put(id, {
      ...{ client_id: "104", contact_type: "1", deal_size: "10000.01" },
      contact_sales_cycle: "Initial Call",
    });
  }
  await days(1);
  for (const id of NEW_ONES.slice(0, 5)) {
    put(id, { contact_sales_cycle: "QR Returned" });
  }
  put("206", { contact_sales_cycle: "FA Signed" });
  put("204", { deal_size: "50000" });
  brand.removeOpportunity("203");
  await days(3);
  await days(20);
}

describe("The Pipeline over some weeks", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
    await weeksPass(stage);
  });
  afterAll(() => stage.close());

  const onPipeline = (check: (page: Page) => Promise<void>) =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance(`/pipeline?${PERIOD}`);
      await check(page);
      expect(complaints).toEqual([]);
    });

  it("says how the value changed, in steps that add up to the cent", () =>
    onPipeline(async (page) => {
      const rows = await readTable(page, "How the value changed");
      expect(rows).toEqual([
        "What | Count | Value",
        "At the end of 11 Mar | $139,734.54",
        "New opportunities | 6 | +$60,000.06",
        "Resized | 1 | +$4,999.96",
        "Moved past the pipeline | 1 | −$30,000",
        "Removed in ClientTether | 1 | −$40,000",
        "By the last update, 4 Apr | $134,734.56",
      ]);
      const [opening, ...steps] = rows.slice(1).map(centsOf);
      const closing = steps.pop();
      expect(steps.reduce((sum, step) => sum + step, opening!)).toBe(closing);
      const stages = await readTable(page, "Opportunities and value by stage");
      expect(centsOf(stages.at(-1)!)).toBe(closing);
    }));

  it("leads from a step to its changes, with the sum that it says, and back to the same period", () =>
    onPipeline(async (page) => {
      await page.getByRole("link", { name: "New opportunities" }).click();
      await page.getByRole("heading", { name: "6 changes of the value" })
        .waitFor();
      const rows = await readTable(
        page,
        "Changes of the pipeline's value, the newest first",
      );
      expect(rows).toHaveLength(1 + 6 + 1);
      expect(rows.at(-1)).toBe("Total of 6 changes | +$60,000.06");
      await page.getByRole("main").getByRole("link", { name: "Pipeline" })
        .click();
      await page.waitForURL("**/pipeline?**");
      expect(page.url()).toContain("from=2026-03-11");
    }));

  it("leads from the value at the beginning to the opportunities of that day", () =>
    onPipeline(async (page) => {
      await page.getByRole("link", { name: "At the end of 11 Mar" }).click();
      await page.getByRole("heading", { name: "9 opportunities" }).waitFor();
      expect(page.url()).toContain("on=2026-03-11");
      const rows = await readTable(page, "Opportunities, the largest first");
      expect(rows.at(-1)).toContain("Total of 9 opportunities | $139,734.54");
    }));

  it("says how many went on from each stage that was entered, and counts the others", () =>
    onPipeline(async (page) => {
      expect(await readTable(page, "Conversion between stages")).toEqual([
        "Stage entered | Count | Went on | Share",
        "Initial Call | 6 | 5 | 83%",
        "QR Returned | 5 | 0 | 0%",
      ]);
      expect(await page.locator("#conversion").innerText())
        .toContain("Into 5 other stages none came.");
    }));

  it("leads from how many went on to who did, and back", () =>
    onPipeline(async (page) => {
      const row = page.locator("#conversion")
        .getByRole("row", { name: /^Initial Call/ });
      await row.getByRole("link", { name: "5", exact: true }).click();
      await page.getByRole("heading", {
        name: "5 opportunities entered Initial Call and went on",
      }).waitFor();
      const rows = await readTable(
        page,
        "Entries into stages, the newest first",
      );
      expect(rows).toHaveLength(1 + 5);
      await page.getByRole("main").getByRole("link", { name: "Pipeline" })
        .click();
      await page.waitForURL("**/pipeline?**from=2026-03-11**");
    }));

  it("says how long stays last, by those that have ended", () =>
    onPipeline(async (page) => {
      expect(await readTable(page, "Time in stage, in days")).toEqual([
        "Stage | Median | Half between | Ended",
        "Initial Call | 3 | 3 and 3 days | 5",
        "Total | 3 | 5",
      ]);
    }));

  it("names the stalled deals, each a link to its person, from where a link leads back", () =>
    onPipeline(async (page) => {
      const card = page.locator("#stalled");
      expect(oneLine(await card.innerText())).toContain(
        "13 deals in a stage for more than twice what is usual",
      );
      const first = card.getByRole("row").nth(1);
      expect(oneLine(await first.innerText())).toMatch(
        /^Gus Hale Deal Structure at least 24 3 \$50,000 9 Mar 2026$/,
      );
      await card.getByText("3 more deals").click();
      for (const row of await card.locator("tbody tr").all()) {
        const name = oneLine(await row.getByRole("rowheader").innerText());
        const link = row.getByRole("link");
        const isNamed = !["Unnamed", "Crumb Partners LLC"].includes(name);
        expect([name, await link.count()]).toEqual([name, isNamed ? 1 : 0]);
      }
      await first.getByRole("link", { name: "Gus Hale" }).click();
      await page.getByRole("heading", { name: "Gus Hale", level: 1 }).waitFor();
      expect(new URL(page.url()).pathname).toBe("/leads/107");
      await page.getByRole("main").getByRole("link", { name: "Pipeline" })
        .click();
      await page.waitForURL("**/pipeline?**");
    }));

  it("leads from the number of stalled deals to all of them", () =>
    onPipeline(async (page) => {
      await page.locator("#stalled")
        .getByRole("link", { name: "13 deals", exact: true }).click();
      await page.getByRole("heading", { name: "13 stalled deals" }).waitFor();
      const rows = await readTable(
        page,
        "Stalled deals, longest in their stage first",
      );
      expect(rows).toHaveLength(1 + 13);
      expect(rows[1]).toBe(
        "Gus Hale | Deal Structure | at least 24 | 3 | $50,000 | 9 Mar 2026",
      );
      await page.getByRole("link", { name: "Eli Farrow" }).click();
      await page.getByRole("main").getByRole("link", { name: "Stalled deals" })
        .click();
      await page.waitForURL("**/pipeline/stalled?**");
    }));

  it("leads to the deals without activity, the longest first, and from each to its person and back", () =>
    onPipeline(async (page) => {
      await page.locator("#stalled")
        .getByRole("link", { name: "Deals without activity" }).click();
      await page.getByRole("heading", { name: "13 deals without" }).waitFor();
      const rows = await readTable(
        page,
        "Deals without activity, the longest first",
      );
      expect(rows.slice(1, 7).map((row) => row.replace(/ \| [−$].*/, "")))
        .toEqual([
          "Cy Dunmore | Initial Call | 43 | Created, 20 Feb 2026",
          "Unnamed | New Lead | 43 | Created, 20 Feb 2026",
          "Crumb Partners LLC | Deal Structure | 43 | Created, 20 Feb 2026",
          "Di Esker | Deal Structure | 43 | Created, 20 Feb 2026",
          "Eli Farrow | QR Returned | 36 | Note, 27 Feb 2026 | – | Sam Ortega",
          "Gus Hale | Deal Structure | 26 | Note, 9 Mar 2026",
        ]);
      expect(rows.filter((row) => row.includes("Moved here"))).toHaveLength(6);
      await page.getByRole("link", { name: "Eli Farrow" }).click();
      await page.getByRole("heading", { name: "Eli Farrow", level: 1 })
        .waitFor();
      await page.getByRole("main")
        .getByRole("link", { name: "Deals without activity" }).click();
      await page.waitForURL("**/pipeline/quiet?**");
    }));

  it("has its points in the order of Tab, each with a name", () =>
    onPipeline(async (page) => {
      const names = await namesByTab(page);
      for (
        const name of [
          ...["New Lead", "Initial Call", "QR Returned", "FDD Sent"],
          ...["FDD Review", "Deal Structure", "FA Sent", "FA Signed"],
          ...["Initial Call → QR Returned", "FA Sent → FA Signed"],
          ...["At the end of 11 Mar", "New opportunities", "Resized"],
        ]
      ) expect(names).toContain(name);
      expect(names.filter((name) => name === "")).toEqual([]);
    }));
});

describe("The points of a chart", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it("of the Dashboard's trend are reached by Tab, each with its week and count", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/dashboard");
      const names = await namesByTab(page);
      for (const [week, count] of [["9 Feb", 1], ["2 Mar", 2], ["9 Mar", 2]]) {
        expect(names).toContain(`Week of ${week}: ${count}`);
      }
    }));

  it("that is drawn on a canvas are links of the table beside it", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads");
      for (const chart of await page.locator("[data-chart]").all()) {
        const { items } = JSON.parse(
          await chart.getAttribute("data-chart") ?? "",
        ) as {
          items: { name: string; href?: string }[];
        };
        const figure = chart.locator("xpath=ancestor::figure");
        const names = await namesByTab(page, figure);
        const points = items.filter(({ href }) => href);
        expect(points.length).toBeGreaterThan(4);
        for (const { name } of points) expect(names).toContain(name);
      }
    }));
});

/** "−$30,000" at the end of a row, in cents. */
function centsOf(row: string): number {
  const [, sign, whole = "", part = "0"] =
    /([+−])?\$([\d,]+)(?:\.(\d\d))?$/.exec(row) ?? [];
  const cents = Number(whole.replaceAll(",", "")) * 100 + Number(part);
  return sign === "−" ? -cents : cents;
}

/** The names of the links that have the focus after each Tab, from the beginning of a part of the page to its end. */
async function namesByTab(
  page: Page,
  within: Locator = page.locator("main"),
): Promise<string[]> {
  await within.evaluate((part) => {
    part.setAttribute("tabindex", "-1");
    if (part instanceof HTMLElement) part.focus();
  });
  const names: string[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const focused = within.locator(":focus");
    if (await focused.count() === 0) return names;
    const heard = await focused.ariaSnapshot();
    const [isLink, name] = /^- '?link(?: "(.*?)")?/.exec(heard) ?? [];
    if (isLink) names.push(name ?? "");
  }
}
