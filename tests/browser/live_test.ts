import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { HOUR } from "../_clock.ts";
import { inspectAll } from "./_axe.ts";
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";
import { readCard } from "./_read.ts";

/** What a page waits before it listens. */
const LISTEN_MS = 2_000;
const POLL_MS = 30_000;

describe("A page that stays open", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.portal.sync(stage.portal.birch));

  /** Marks the document, so that a reload would be noticed. */
  const mark = (page: Page) =>
    page.evaluate(() => document.body.dataset.mark = "same");
  const isMarked = (page: Page) =>
    page.evaluate(() => document.body.dataset.mark === "same");
  const announced = (page: Page) =>
    page.locator("[data-freshness] [role=status]").innerText();

  /** Opens an address under a clock of the test's, and waits until the page listens. */
  async function listening(
    page: Page,
    open: (path: string) => Promise<void>,
    path: string,
  ): Promise<void> {
    await page.clock.install();
    await open(path);
    const asked = page.waitForResponse(/api\/sync\/status/);
    await page.clock.fastForward(LISTEN_MS);
    await asked;
    await stage.portal.feed.poll();
    await mark(page);
  }

  let number = 500;
  /** A lead arrives, an hour passes, a sync lands. Resolves when pages have been told. */
  async function land(name: string): Promise<void> {
    const { clock, simulator, birch, feed } = stage.portal;
    clock.advance(HOUR);
    simulator.brand(BIRCH_KEY).putLead({
      client_id: String(number++),
      firstName: name,
      lastName: "Orchard",
      clients_lead_source: "Web",
      contact_type: "1",
      created: "2026-03-11 12:30:00",
    });
    await stage.portal.sync(birch);
    await feed.poll();
  }

  it("shows the new figures in place as soon as a sync has landed, in every browser", () =>
    stage.visit({ as: "viewer" }, async (one) => {
      await listening(one.page, one.open, "/leads");
      await stage.visit({ as: "both" }, async (two) => {
        await listening(two.page, two.open, "/leads?w=birch-bakery");
        const before = Number(
          (await readCard(one.page, "Total Leads")).figure,
        );
        await land("Ada");
        for (const { page, complaints } of [one, two]) {
          await page.getByText("Ada Orchard").waitFor();
          const { figure } = await readCard(page, "Total Leads");
          expect(Number(figure)).toBe(before + 1);
          expect(await isMarked(page)).toBe(true);
          expect(await announced(page))
            .toMatch(/^Figures updated, data of today, \d\d:\d\d\.$/);
          expect(complaints).toEqual([]);
        }
      });
    }));

  it("draws its charts anew", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      await listening(page, open, "/leads");
      const chart = page.getByRole("img", { name: /Bar chart/ });
      await chart.waitFor();
      const labelled = await chart.getAttribute("aria-label");
      await land("Bea");
      await page.getByText("Bea Orchard").waitFor();
      await page.waitForFunction(
        (old) =>
          document.querySelector("canvas")!.getAttribute("aria-label") !== old,
        labelled,
      );
    }));

  it("leaves focus, scrolling and open details where they are", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      await listening(page, open, "/leads");
      await page.locator("footer summary").click();
      const before = await page.evaluate(() => {
        const links = [
          ...document.querySelectorAll<HTMLElement>("main table a"),
        ];
        links.at(-1)!.focus();
        return [links.at(-1)!.textContent, scrollY];
      });
      await land("Cleo");
      await page.getByText("Cleo Orchard").waitFor();
      const after = await page.evaluate(() => ({
        focus: [document.activeElement!.textContent, scrollY],
        open: document.querySelector<HTMLDetailsElement>("footer details")!
          .open,
      }));
      expect(after).toEqual({ focus: before, open: true });
    }));

  it("offers the new figures to somebody who is typing, and takes nothing away", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await listening(page, open, "/notes");
      const search = page.locator("main input[name=search]");
      await search.fill("half a wo");
      await land("Dora");
      const link = page.getByRole("link", { name: "Show them" });
      await link.waitFor();
      expect(await announced(page)).toBe("New figures are here. Show them");
      expect(await search.inputValue()).toBe("half a wo");
      expect(await isMarked(page)).toBe(true);
      expect(await inspectAll(page)).toEqual([]);
      await link.click();
      await page.waitForFunction(() => !document.body.dataset.mark);
      expect(complaints).toEqual([]);
    }));

  it("offers them to somebody who has marked text", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      await listening(page, open, "/dashboard");
      await page.locator("h1").selectText();
      await land("Eve");
      await page.getByRole("link", { name: "Show them" }).waitFor();
      expect(await page.evaluate(() => String(getSelection())))
        .toBe("Dashboard");
    }));

  it("asks now and then where it cannot listen", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, context }) => {
      await context.route(
        /api\/sync\/events/,
        (route) => route.fulfill({ status: 429 }),
      );
      await page.clock.install();
      await open("/leads");
      await page.clock.fastForward(LISTEN_MS);
      await land("Fay");
      await page.clock.fastForward(POLL_MS);
      await page.getByText("Fay Orchard").waitFor();
    }));

  it("asks nothing while it can listen, and nothing more once it is hidden", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      await listening(page, open, "/dashboard");
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.clock.fastForward(10 * POLL_MS);
      expect(asked).toEqual([]);
      expect(stage.portal.feed.count()).toBe(1);
      await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { value: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
      while (stage.portal.feed.count() > 0) {
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      expect(asked).toEqual([]);
    }));

  it("has an icon that tells old data from fresh", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await page.clock.install();
      const icon = () =>
        page.locator("link[rel=icon]").evaluate((link) =>
          new URL((link as HTMLLinkElement).href).pathname
        );
      await open("/pipeline");
      expect(await icon()).toBe("/favicon.svg");
      await page.clock.fastForward(3 * HOUR);
      await page.locator("[data-freshness=stale]").waitFor();
      expect(await icon()).toBe("/favicon-stale.svg");
      await page.clock.fastForward(27 * HOUR);
      await page.locator("[data-freshness=late]").waitFor();
      expect(await icon()).toBe("/favicon-late.svg");
      expect(complaints).toEqual([]);
    }));

  it("says that it is offline without a flaw for those who read it otherwise", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, context }) => {
      await open("/hot-list");
      await context.setOffline(true);
      await page.getByText("You are offline.").waitFor();
      expect(await inspectAll(page)).toEqual([]);
      await context.setOffline(false);
      await page.getByText("Updated just now").waitFor();
    }));
});
