import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { BURIED_WORD } from "./_birch_notes.ts";
import { inspect } from "./_axe.ts";
import { Stage } from "./_browser.ts";
import { oneLine, readTable } from "./_read.ts";

describe("Reading, searching and filtering the lists", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const here = (page: Page) => page.url().slice(stage.portal.url.length);
  /** The numbers of the Cedar notes that the page shows, in its order. */
  const cedarNotes = async (page: Page) => {
    const notes = await page.locator("main li", { hasText: "Cedar note" })
      .allInnerTexts();
    return notes.map((text) => Number(/Cedar note (\d+)/.exec(text)?.[1]));
  };
  const downFrom = (first: number, count: number) =>
    Array.from({ length: count }, (_, index) => first - index);
  const loadMore = (page: Page) =>
    page.getByRole("link", { name: "Load more", exact: true });
  const search = async (page: Page, label: string, text: string) => {
    await page.getByLabel(label).fill(text);
    await page.getByRole("button", { name: "Search" }).click();
  };

  it("Load more appends the next notes in place until there are none", () =>
    stage.visit({ as: "both" }, async ({ page, open, complaints }) => {
      await open("/notes?w=cedar-pizza");
      expect(await cedarNotes(page)).toEqual(downFrom(120, 50));
      await page.evaluate(() => document.body.dataset.mark = "same");
      await loadMore(page).click();
      await page.getByText("100 of 120 notes shown.").waitFor();
      expect(await cedarNotes(page)).toEqual(downFrom(120, 100));
      await loadMore(page).click();
      await page.getByText("120 of 120 notes shown.").waitFor();
      expect(await cedarNotes(page)).toEqual(downFrom(120, 120));
      expect(await loadMore(page).count()).toBe(0);
      expect(await page.evaluate(() => document.body.dataset.mark))
        .toBe("same");
      expect(here(page)).toBe("/notes?w=cedar-pizza");
      expect(complaints).toEqual([]);
    }));

  it("without JavaScript Load more leads to the notes that follow", () =>
    stage.visit(
      { as: "both", javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance("/notes?w=cedar-pizza");
        await loadMore(page).click();
        await page.getByText("Older notes.").waitFor();
        expect(await cedarNotes(page)).toEqual(downFrom(70, 50));
        await loadMore(page).click();
        await page.getByText("Cedar note 20.", { exact: true }).waitFor();
        expect(await cedarNotes(page)).toEqual(downFrom(20, 20));
        expect(await loadMore(page).count()).toBe(0);
        await page.getByRole("link", { name: "Back to the newest" }).click();
        await page.getByText("Newest first.", { exact: true }).waitFor();
        expect(here(page)).toBe("/notes?w=cedar-pizza");
      },
    ));

  it("Load more says when it fails, and the next click tries again", () =>
    stage.visit({ as: "both" }, async ({ page, open }) => {
      await open("/notes?w=cedar-pizza");
      await page.route(
        /cursor=/,
        (route) => route.abort(),
        { times: 1 },
      );
      await loadMore(page).click();
      await page.getByText("The next notes could not be loaded. Try again.")
        .waitFor();
      expect(await cedarNotes(page)).toEqual(downFrom(120, 50));
      await loadMore(page).click();
      await page.getByText("100 of 120 notes shown.").waitFor();
      expect(await cedarNotes(page)).toEqual(downFrom(120, 100));
    }));

  it("a search finds authors and is kept by Load more", () =>
    stage.visit({ as: "both" }, async ({ page, open, complaints }) => {
      await open("/notes?w=cedar-pizza");
      await search(page, "Search notes and authors", "uma");
      await page.getByText("60 notes with 'uma'").waitFor();
      expect(here(page)).toBe("/notes?w=cedar-pizza&search=uma");
      const odd = downFrom(60, 60).map((half) => half * 2 - 1);
      expect(await cedarNotes(page)).toEqual(odd.slice(0, 50));
      await page.waitForLoadState("networkidle");
      await loadMore(page).click();
      await page.getByText("60 of 60 notes shown.").waitFor();
      expect(await cedarNotes(page)).toEqual(odd);
      expect(complaints).toEqual([]);
    }));

  it("a long note opens in place, whole and with its hits; without JavaScript by a link", async () => {
    await stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await open(`/notes?search=${BURIED_WORD}`);
      await page.getByText("Open", { exact: true }).click();
      const hit = page.locator("mark", { hasText: BURIED_WORD });
      await hit.waitFor();
      expect(await page.locator("a[data-whole-note]").count()).toBe(0);
      expect(here(page)).toContain("/notes?");
      expect(complaints).toEqual([]);
    });
    await stage.visit(
      { as: "viewer", javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance(`/notes?search=${BURIED_WORD}`);
        await page.getByText("Open", { exact: true }).click();
        await page.getByRole("link", { name: "Read the whole note" }).click();
        await page.locator("mark", { hasText: BURIED_WORD }).waitFor();
        await page.getByRole("link", { name: "Gus Hale" }).click();
        await page.getByRole("heading", { name: "Gus Hale" }).waitFor();
      },
    );
  });

  it("from a filtered list to a person and back, by the link and by the browser", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/leads?source=Web");
      await page.getByRole("link", { name: "Gus Hale" }).click();
      await page.getByRole("heading", { name: "Gus Hale" }).waitFor();
      await page.getByRole("link", { name: "Leads" }).last().click();
      await page.waitForURL(/source=Web.*#list$/);
      await page.getByRole("link", { name: "Gus Hale" }).click();
      await page.getByRole("heading", { name: "Gus Hale" }).waitFor();
      await page.goBack();
      await page.waitForURL(/source=Web/);
      expect(complaints).toEqual([]);
    }));

  it("a search of notes is cleared, also where nothing was found", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/notes");
      await search(page, "Search notes and authors", BURIED_WORD);
      await page.getByText(`1 note with '${BURIED_WORD}'`).waitFor();
      await page.getByRole("link", { name: "Clear search" }).click();
      await page.getByText("4 notes", { exact: true }).waitFor();
      await search(page, "Search notes and authors", "marmalade");
      await page.getByText("No notes match 'marmalade'.").waitFor();
      await page.getByRole("link", { name: "Clear search" }).click();
      await page.getByText("4 notes", { exact: true }).waitFor();
      expect(here(page)).toBe("/notes?w=birch-bakery");
      expect(complaints).toEqual([]);
    }));

  it("a click on a source in the table filters the leads below", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/leads");
      await page.getByRole("link", { name: "Not recorded", exact: true })
        .click();
      await page.waitForURL(/source=Not\+recorded/);
      expect(await names(page)).toEqual(["Di Esker", "Kit Lomax"]);
      expect(oneLine(await page.locator("#list").innerText())).toContain(
        "2 of 12 leads, newest first.",
      );
      await page.getByRole("link", { name: "Remove Source: Not recorded" })
        .click();
      await page.getByText("12 leads, newest first.").waitFor();
      expect(complaints).toEqual([]);
    }));

  it("a click on a bar of the chart filters the leads below", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await open("/leads");
      const chart = page.getByRole("img", { name: /^Bar chart/ });
      const { width = 0, height = 0 } = await chart.boundingBox() ?? {};
      // "Web", the second of five bars, reaches beyond the middle.
      const position = { x: width * 0.4, y: height * 1.5 / 5 };
      await chart.hover({ position });
      expect(
        await chart.evaluate((canvas) => getComputedStyle(canvas).cursor),
      ).toBe("pointer");
      await chart.click({ position });
      await page.waitForURL(/source=Web/);
      expect(await names(page)).toEqual([
        "Ada Birch",
        "Bo Castellan",
        "Gus Hale",
      ]);
      expect(complaints).toEqual([]);
    }));

  it("a status leads to its leads, and a search narrows them", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads");
      await page.getByRole("link", { name: "QR Returned" }).first().click();
      await page.waitForURL(/stage=QR\+Returned/);
      expect(await names(page)).toEqual(["Eli Farrow", "Max Norrell"]);
      await search(page, "Search name or market", "NORR");
      await page.waitForURL(/search=NORR/);
      expect(await names(page)).toEqual(["Max Norrell"]);
      expect(here(page)).toContain("stage=QR+Returned");
    }));

  it("the period and the weeks of the Dashboard are links that keep each other", () =>
    stage.visit(
      { as: "viewer", javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance("/dashboard");
        await page.getByLabel("Period: This week").click();
        await page.getByRole("link", { name: "Last 7 days" }).click();
        await page
          .getByText("Wed 4 Mar 11:00 to Wed 11 Mar 11:00", { exact: true })
          .waitFor();
        await page.getByRole("link", { name: "4 weeks" }).click();
        await page.waitForURL(/weeks=4/);
        expect(here(page)).toContain("period=7d");
        const bars = page.getByRole("list", { name: "New leads by week" });
        expect(await bars.getByRole("listitem").count()).toBe(4);
      },
    ));

  it("two days are a period too, and its new leads a list", () =>
    stage.visit(
      { as: "viewer", javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance("/dashboard");
        await page.getByLabel("Period: This week").click();
        await page.getByLabel("From").fill("2026-02-10");
        await page.getByLabel("To, included").fill("2026-02-28");
        await page.getByRole("button", { name: "Show these days" }).click();
        await page.getByText("10 to 28 Feb 2026", { exact: true }).waitFor();
        await page.getByRole("link", { name: "New leads" }).click();
        await page.waitForURL(/created=period/);
        await page.getByText("2 of 12 leads, newest first.").waitFor();
        await page.getByText("Created: 10 to 28 Feb 2026").waitFor();
        expect((await names(page)).length).toBe(2);
      },
    ));

  for (const javaScriptEnabled of [true, false]) {
    it(
      `the schedule goes to one's own calendar, ${
        javaScriptEnabled ? "with" : "without"
      } JavaScript`,
      () =>
        stage.visit(
          { as: "viewer", javaScriptEnabled },
          async ({ page, glance, complaints }) => {
            await glance("/schedule");
            const make = page.getByRole("button", { name: "Make a calendar" });
            await make.click();
            const address = await page
              .getByLabel("Your calendar address, shown this once")
              .inputValue();
            const calendar = await (await fetch(address)).text();
            expect(calendar).toContain("SUMMARY:");
            if (javaScriptEnabled) {
              expect(await inspect(page, "calendar")).toEqual([]);
              expect(complaints).toEqual([]);
            }
            await page.getByRole("button", { name: "End this address" })
              .click();
            await make.waitFor();
            const ended = await fetch(address);
            await ended.body?.cancel();
            expect(ended.status).toBe(404);
          },
        ),
    );
  }

  async function names(page: Page): Promise<string[]> {
    const [, ...rows] = await readTable(page, "Leads, newest first");
    return rows.map((row) => row.split(" | ")[0] ?? "");
  }
});
