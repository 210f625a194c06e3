import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { HOUR } from "../_clock.ts";
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";
import { CEDAR } from "./_cedar.ts";
import { oneLine, readTable } from "./_read.ts";

const LAST_28_DAYS = "12 Feb to 11 Mar 2026 so far";
const THE_28_BEFORE = "15 Jan to 11 Feb 2026";

describe("Ways that people go", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const here = (page: Page) => page.url().slice(stage.portal.url.length);
  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole("heading", { name }).first().waitFor();
  const main = async (page: Page) =>
    oneLine(await page.locator("main").innerText());

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";

    it(`from a figure to its list, a person, what ClientTether sent and the sync that brought it, and back, ${how} JavaScript`, () =>
      stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/dashboard?w=birch-bakery&period=28d");
          await page.getByRole("link", { name: "Pipeline value" }).click();
          await heading(page, /^9 opportunities/);
          await page.getByRole("link", { name: "Gus Hale" }).first().click();
          await heading(page, "Gus Hale");
          const person = here(page);
          await page.getByRole("link", { name: "As ClientTether sent it" })
            .click();
          await page.getByText('"client_id": "107"').waitFor();
          await page.getByRole("main").getByRole("link", { name: /sync/ })
            .first().click();
          await heading(page, /^Sync of 11 Mar 2026/);
          await page.goBack();
          await page.goBack();
          expect(here(page)).toBe(person);
          await page.getByRole("main").getByRole("link", {
            name: "Opportunities",
          }).first().click();
          await heading(page, /^9 opportunities/);
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));

    it(`a period is chosen on every page with figures of one, beside the span before, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          for (const path of ["/dashboard", "/leads", "/pipeline"]) {
            await glance(path);
            await page.getByLabel("Period: This week").click();
            await page.getByRole("link", { name: "Last 28 days" }).click();
            await page.getByLabel("Period: Last 28 days").waitFor();
            expect(here(page)).toBe(`${path}?w=birch-bakery&period=28d`);
            expect(await main(page)).toContain(LAST_28_DAYS);
            if (path !== "/pipeline") {
              expect(await main(page)).toContain(THE_28_BEFORE);
            }
            await page.getByLabel("Period: Last 28 days").click();
            await page.getByLabel("From").fill("2026-03-02");
            await page.getByLabel("To, included").fill("2026-03-08");
            await page.getByRole("button", { name: "Show these days" }).click();
            await page.waitForURL(/from=2026-03-02/);
            expect(await main(page)).toContain("2 to 8 Mar 2026");
          }
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));

    it(`notes are narrowed to an author, days and a person, and one of them sent on, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/notes");
          await page.getByText("Filter by author or date").click();
          await page.getByRole("combobox", { name: "Author" }).fill("pat");
          await page.getByLabel("From").fill("2026-03-08");
          await page.getByRole("button", { name: "Filter", exact: true })
            .click();
          await page.waitForURL(/author=pat/);
          await heading(page, "1 note");
          expect(await main(page)).toContain(
            "Only notes by 'pat', since 8 Mar 2026.",
          );
          await page.getByLabel("Search notes and authors").fill("item 19");
          await page.getByRole("button", { name: "Search" }).click();
          await heading(page, "1 note with 'item 19'");
          expect(here(page)).toContain("author=pat");
          await page.getByRole("link", { name: "9 Mar 2026, 08:00" }).click();
          await page.locator("mark", { hasText: "item 19" }).first().waitFor();
          const permalink = here(page);
          expect(permalink).toMatch(/^\/notes\/302\?/);
          await page.getByRole("link", { name: "Notes" }).last().click();
          await heading(page, "1 note with 'item 19'");
          await glance("/leads/107");
          await page.locator("#notes").getByRole("link", {
            name: "9 Mar 2026, 08:00",
          }).click();
          await page.getByText("Ends with quokka.").waitFor();
          if (javaScriptEnabled) expect(complaints).toEqual([]);
          await stage.visit({ as: "both" }, async (other) => {
            await other.glance(permalink);
            await other.page.getByText("Ends with quokka.").waitFor();
          });
        },
      ));

    it(`the schedule is looked at by month, in the brand's own time, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/schedule");
          expect(await main(page)).toContain("times in New York");
          await page.getByRole("link", { name: "Month", exact: true }).click();
          await heading(page, "March 2026");
          expect(await main(page)).toContain("4 activities to come.");
          const days = page.getByRole("table", {
            name: "Activities in March 2026, by day",
          });
          const cell = days.getByRole("cell", { name: /^Wednesday, 18 March/ });
          expect(oneLine(await cell.innerText())).toContain(
            "13:00 Discovery Day Hollis Imre",
          );
          await page.getByRole("link", { name: "Later", exact: true }).click();
          await heading(page, "April 2026");
          expect(await main(page)).toContain("0 activities to come.");
          await page.getByRole("link", { name: "List", exact: true }).click();
          await heading(page, "This week");
          expect(here(page)).toBe("/schedule?w=birch-bakery");
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));
  }

  it("a long list is walked through and back as it is sorted, from either side of a change", () =>
    stage.visit({ as: "both" }, async ({ page, glance, complaints }) => {
      const { simulator, sync, cedar } = stage.portal;
      const put = (number: number) =>
        simulator.brand(CEDAR.webKey).putLead({
          client_id: String(1000 + number),
          firstName: "Long",
          lastName: `List ${String(number).padStart(3, "0")}`,
          contact_type: "1",
        });
      for (let number = 1; number <= 120; number += 2) put(number);
      await sync(cedar);
      const caption = "Leads, by name, A to Z";
      const names = async () =>
        (await readTable(page, caption)).slice(1)
          .map((row) => Number(/^Long List (\d+)/.exec(row)?.[1]));
      const odd = Array.from({ length: 60 }, (_, at) => 2 * at + 1);
      await glance("/leads?w=cedar-pizza&sort=name");
      expect(await names()).toEqual(odd.slice(0, 50));
      // What arrives meanwhile moves nothing that was seen to the next page.
      for (let number = 2; number <= 120; number += 2) put(number);
      await sync(cedar);
      await page.getByRole("link", { name: "Next leads" }).click();
      await page.waitForURL(/cursor=/);
      const rest = Array.from({ length: 21 }, (_, at) => 100 + at);
      expect((await names()).slice(0, 21)).toEqual(rest);
      await page.getByRole("link", { name: "Back to the first" }).click();
      await page.waitForURL((url) => !url.search.includes("cursor"));
      expect((await names())[0]).toBe(1);
      expect(complaints).toEqual([]);
    }));

  it("an address shows somebody else the same list, and not the views that one has saved", async () => {
    const caption = "Leads, by name, Z to A";
    let address = "";
    let shown: string[] = [];
    await stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance(
        "/leads?sort=-name&source=Expo&source=Web&cols=name,assigned&period=28d",
      );
      shown = await readTable(page, caption);
      expect(shown[0]).toBe("Name | Assigned to");
      expect(shown.length).toBe(8);
      address = here(page);
      await page.locator("#list summary", { hasText: "Save view" }).click();
      await page.getByLabel("Name of the view").fill("Mine alone");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("link", { name: "Mine alone" }).waitFor();
    });
    await stage.visit({ as: "both" }, async ({ page, glance, complaints }) => {
      await glance(address);
      expect(await readTable(page, caption)).toEqual(shown);
      await page.getByLabel("Period: Last 28 days").waitFor();
      expect(await page.getByText("Mine alone").count()).toBe(0);
      await glance("/saved-views?w=birch-bakery");
      expect(await page.getByText("Mine alone").count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  it("where a chart has nothing to show, it says why", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      const says = async (path: string, ...sentences: (string | RegExp)[]) => {
        await glance(path);
        const text = await main(page);
        for (const sentence of sentences) expect(text).toMatch(sentence);
      };
      await says(
        "/dashboard?from=2024-05-01&to=2024-05-02",
        /No new leads\..*1 to 2 May 2024/,
      );
      await says(
        "/pipeline",
        /There is nothing to compare yet\. \w+/,
        /No opportunity changed its stage in this period/,
        /Nobody entered a stage|No opportunity entered a stage/i,
      );
      await says("/leads?search=nobody", /No leads match 'nobody'/);
      expect(complaints).toEqual([]);
    }));

  it("what cannot be read of an address is named where it is opened, and all else stays", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/leads?period=fortnight&sort=phone&source=Expo&cursor=x");
      const notice = page.getByRole("main").getByRole("status").first();
      const text = oneLine(await notice.innerText());
      for (const name of ["period", "sort", "cursor"]) {
        expect(text).toContain(`Cannot read the parameter '${name}'`);
      }
      expect(text).toContain("The page shows what it shows without it.");
      await page.getByText("4 of 12 leads, newest first.").waitFor();
      await page.getByLabel("Period: This week").waitFor();
      expect(complaints).toEqual([]);
    }));

  it("where nothing is, a page leads on: to the dashboard, or to who was meant", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads/nobody?w=birch-bakery");
      await heading(page, "There is nobody at this address.");
      await page.getByLabel("Search name or market").fill("gus");
      await page.getByRole("main").getByRole("button", { name: "Search" })
        .click();
      await page.getByText("1 of 12 leads, newest first.").waitFor();
      await glance("/nowhere");
      expect(await page.title()).toBe("Not found - Tetherboard");
      expect(await main(page)).toContain("Error 404");
      await page.getByRole("link", { name: "Go to the dashboard" }).click();
      await heading(page, "Dashboard");
    }));

  it("of a person who is gone the page says since when, and what other records still say", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      const { clock, simulator, birch, sync } = stage.portal;
      await glance("/hot-list");
      const link = page.getByRole("link", { name: "Hollis Imre" }).first();
      const address = await link.getAttribute("href") ?? "";
      simulator.brand(BIRCH_KEY).removeLead("108");
      clock.advance(HOUR);
      await sync(birch);
      await glance(address);
      await heading(page, "Hollis Imre");
      await page.getByText(
        "No longer in ClientTether since 11 Mar 2026, 12:00 (New York).",
      ).waitFor();
      expect(await main(page)).toContain("1 opportunity");
    }));
});
