import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { inspectAll } from "./_axe.ts";
import { PHONE, Stage } from "./_browser.ts";
import { readTable } from "./_read.ts";

describe("Lists as people look at them", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const here = (page: Page) => page.url().slice(stage.portal.url.length);
  /** The names in the table with this caption. */
  const names = async (page: Page, caption: string) => {
    const [, ...rows] = await readTable(page, caption);
    return rows.map((row) => row.split(" | ")[0] ?? "");
  };
  const menu = (page: Page, label: string) =>
    page.locator("#list summary", { hasText: label });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";

    it(`a heading sorts, and sorts the other way round, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/leads");
          const heading = () =>
            page.getByRole("columnheader", { name: "Name", exact: true });
          expect(await heading().getAttribute("aria-sort")).toBe(null);
          await heading().getByRole("link").click();
          await page.getByText("12 leads, by name, A to Z.").waitFor();
          const upwards = await names(page, "Leads, by name, A to Z");
          expect(upwards.slice(0, 2)).toEqual(["Ada Birch", "Bo Castellan"]);
          expect(await heading().getAttribute("aria-sort")).toBe("ascending");
          await heading().getByRole("link").click();
          await page.getByText("12 leads, by name, Z to A.").waitFor();
          expect(await names(page, "Leads, by name, Z to A"))
            .toEqual(upwards.toReversed());
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));

    it(`stages are sorted as the CRM has them, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/leads?cols=stage");
          const heading = page.getByRole("columnheader", { name: "Stage" });
          await heading.getByRole("link").click();
          await page.getByText("12 leads, by stage, first to last.").waitFor();
          const rows = await readTable(
            page,
            "Leads, by stage, first to last",
          );
          const stages = rows.slice(1).map((row) => row.split(" | ")[1]);
          expect([...new Set(stages)]).toEqual([
            ...["New Lead", "Initial Call", "QR Returned", "FDD Review"],
            ...["Deal Structure", "FA Sent", "FA Signed", "Lost", "Demo Day"],
          ]);
        },
      ));

    it(`filters are chosen together, and taken away one by one, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/leads");
          await menu(page, "Filters").click();
          await page.getByLabel(/^Expo \(/).check();
          await page.getByLabel(/^Web \(/).check();
          await page.getByLabel("Qualified", { exact: true }).check();
          await page.getByRole("button", { name: "Apply filters" }).click();
          await page.waitForURL(/kind=qualified/);
          const both = await names(page, "Leads, newest first");
          await page.getByText(`${both.length} of 12 leads`).waitFor();
          await page.getByRole("link", { name: "Remove Source: Expo" }).click();
          await page.waitForURL((url) => !url.search.includes("Expo"));
          const one = await names(page, "Leads, newest first");
          expect(one.length).toBeLessThan(both.length);
          expect(one.every((name) => both.includes(name))).toBe(true);
          await page.locator("#list")
            .getByRole("link", { name: "Clear filters" }).last().click();
          await page.getByText("12 leads, newest first.").waitFor();
          expect(here(page)).toBe("/leads?w=birch-bakery#list");
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));

    it(`columns are chosen, and a view of them is saved and found again, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          const name = `Owners ${how}`;
          await glance("/leads?sort=name");
          await menu(page, "Columns").click();
          await page.getByLabel("Assigned to", { exact: true }).check();
          await page.getByLabel("Market", { exact: true }).uncheck();
          await page.getByRole("button", { name: "Show these" }).click();
          await page.waitForURL(/cols=/);
          const [head] = await readTable(page, "Leads, by name, A to Z");
          expect(head).toBe(
            "Name | Stage | Source | Assigned to | Created (New York)",
          );
          await menu(page, "Save view").click();
          await page.getByLabel("Name of the view").fill(name);
          await page.getByRole("button", { name: "Save", exact: true }).click();
          const link = page.getByRole("link", { name, exact: true });
          await link.waitFor();
          expect(await link.getAttribute("aria-current")).toBe("true");
          await glance("/leads");
          await link.click();
          await page.getByText("12 leads, by name, A to Z.").waitFor();
          expect(await readTable(page, "Leads, by name, A to Z"))
            .toContain(head);
          await glance("/saved-views");
          await page.getByRole("button", { name: `Delete '${name}'` }).click();
          await page.getByText("The view was deleted.").waitFor();
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));

    it(`the file holds what the page shows, ${how} JavaScript`, () =>
      stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/hot-list?sort=name");
          const shown = await names(
            page,
            "Hot list, by candidate name, A to Z",
          );
          const downloading = page.waitForEvent("download");
          await page.getByRole("link", { name: "Download CSV" }).click();
          const download = await downloading;
          expect(download.suggestedFilename())
            .toBe("birch-bakery-hot-list-2026-03-11.csv");
          const lines = (await Deno.readTextFile(await download.path()))
            .trimEnd().split("\r\n").slice(1);
          expect(lines.map((line) => /^"(.*?)"/.exec(line)?.[1]))
            .toEqual(shown.filter((name) => !name.startsWith("Total")));
        },
      ));
  }

  it("on a phone a menu sorts where there are no headings to click", () =>
    stage.visit(
      { as: "viewer", viewport: PHONE, javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance("/leads");
        await menu(page, "Sort").click();
        await page.getByRole("link", { name: "Name, A to Z" }).click();
        await page.getByText("12 leads, by name, A to Z.").waitFor();
        expect(here(page)).toBe("/leads?w=birch-bakery&sort=name#list");
      },
    ));

  it("an open menu closes by Escape and gives the focus back", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      await open("/leads");
      await menu(page, "Columns").click();
      await page.getByLabel("Market", { exact: true }).focus();
      await page.keyboard.press("Escape");
      expect(await page.getByLabel("Market", { exact: true }).isVisible())
        .toBe(false);
      expect(
        await menu(page, "Columns")
          .evaluate((summary) => summary === document.activeElement),
      ).toBe(true);
    }));

  it("the headings of a long table stay in sight", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await page.setViewportSize({ width: 1280, height: 400 });
      await glance("/leads#list");
      await page.locator("#list tbody tr").last().scrollIntoViewIfNeeded();
      const top = await page.locator("#list thead th").first()
        .evaluate((th) => th.getBoundingClientRect().top);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThan(20);
    }));

  it("notes run from the oldest to the newest, and Load more goes on so", () =>
    stage.visit({ as: "both" }, async ({ page, open, complaints }) => {
      await open("/notes?w=cedar-pizza");
      await page.getByRole("link", { name: "Oldest first" }).click();
      await page.getByText("Oldest first.", { exact: true }).waitFor();
      await page.waitForLoadState("networkidle");
      await page.getByRole("link", { name: "Load more", exact: true }).click();
      await page.getByText("100 of 120 notes shown.").waitFor();
      const notes = await page.locator("main li", { hasText: "Cedar note" })
        .allInnerTexts();
      expect(notes.map((text) => Number(/Cedar note (\d+)/.exec(text)?.[1])))
        .toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      expect(complaints).toEqual([]);
    }));

  it("axe finds nothing on them, narrowed, sorted, without a match, and in the open menus", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, glance }) => {
      await open("/leads?source=Web&kind=qualified&sort=name&search=a");
      await menu(page, "Save view").click();
      await page.getByLabel("Name of the view").fill("Mine");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      for (
        const path of [
          "/leads?sort=name&cols=name,stage,source,market,assigned,size,updated,created",
          "/leads?source=Web&kind=qualified&market=tampa&created=period",
          "/leads?sort=phone&cursor=x",
          "/hot-list?sort=-units&search=zzz",
          "/hot-list?sort=name",
          "/saved-views",
        ]
      ) {
        await glance(path);
        expect(await inspectAll(page)).toEqual([]);
      }
      for (const label of ["Filters", "Columns", "Save view"]) {
        await glance("/leads?source=Web&market=tampa");
        await menu(page, label).click();
        expect(await inspectAll(page)).toEqual([]);
      }
    }));
});
