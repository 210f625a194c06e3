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
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";
import { readCard } from "./_read.ts";

const THREE_HOURS = "Data is 3 hours old - sync may be delayed";

describe("The freshness banner of an open page", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.portal.sync(stage.portal.birch));

  const banner = (page: Page) => page.locator("[data-freshness]");
  const level = (page: Page, level: string) =>
    page.locator(`[data-freshness="${level}"]`).waitFor();
  /** Marks the document, so that a reload would be noticed. */
  const mark = (page: Page) =>
    page.evaluate(() => document.body.dataset.mark = "same");
  const isMarked = (page: Page) =>
    page.evaluate(() => document.body.dataset.mark === "same");
  const trigger = (page: Page) =>
    page.evaluate(async () => {
      const answer = await fetch("/api/sync/trigger?w=birch-bakery", {
        method: "POST",
      });
      return { status: answer.status, body: await answer.json() };
    });

  it("turns from 3 hours old to fresh when a sync lands, without a reload", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      const { clock, simulator, birch } = stage.portal;
      await page.clock.install();
      clock.advance(3 * HOUR);
      await open("/leads");
      await mark(page);
      await level(page, "stale");
      expect(await banner(page).innerText()).toContain(THREE_HOURS);
      expect(await banner(page).innerText()).toContain(
        "Last complete update today, ",
      );

      simulator.brand(BIRCH_KEY).putLead({
        client_id: "199",
        firstName: "Newt",
        lastName: "Orchard",
        clients_lead_source: "Web",
        contact_type: "1",
        created: "2026-03-11 12:00:00",
      });
      await stage.portal.sync(birch);
      await page.clock.fastForward(30_000);
      await level(page, "fresh");
      const text = await banner(page).innerText();
      expect(text).toContain("Updated just now");
      expect(await isMarked(page)).toBe(true);
      await page.getByText("Newt Orchard").waitFor();
      expect(await isMarked(page)).toBe(true);
      expect((await readCard(page, "Total Leads")).figure).toBe("13");
      expect(complaints).toEqual([]);
    }));

  it("grows older by itself on a page that stays open", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await page.clock.install();
      await open("/pipeline");
      await mark(page);
      expect(await banner(page).innerText()).toContain("Updated just now");
      await page.clock.fastForward(12 * 60_000);
      await page.getByText("Updated 12 minutes ago").waitFor();
      await page.clock.fastForward(3 * HOUR - 12 * 60_000);
      await page.getByText(THREE_HOURS).waitFor();
      expect(await isMarked(page)).toBe(true);
      expect(complaints).toEqual([]);
    }));

  it("asks at once when the reader comes back to the page", () =>
    stage.visit({ as: "viewer" }, async ({ page, open }) => {
      const { clock, birch } = stage.portal;
      clock.advance(3 * HOUR);
      await open("/notes");
      await level(page, "stale");
      await stage.portal.sync(birch);
      await page.evaluate(() =>
        document.dispatchEvent(new Event("visibilitychange"))
      );
      await level(page, "fresh");
    }));

  it("offline it says what it shows, and nothing of the syncs", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, context }) => {
      await page.clock.install();
      await open("/dashboard");
      await context.setOffline(true);
      await page.getByText("You are offline. Showing data of today, ")
        .waitFor();
      await page.clock.fastForward(3 * HOUR);
      await level(page, "stale");
      expect(await banner(page).innerText()).not.toContain("sync may be");
      await context.setOffline(false);
      await page.getByText(THREE_HOURS).waitFor();
    }));

  it("says with whom to speak after three days", async () => {
    stage.portal.clock.advance(80 * HOUR);
    await stage.visit(
      { as: "viewer" },
      async ({ page, glance, complaints }) => {
        await glance("/dashboard");
        await level(page, "critical");
        expect(await banner(page).innerText()).toContain(
          "Data is 80 hours old - sync may be delayed. Please contact your agency.",
        );
        expect(complaints).toEqual([]);
      },
    );
  });

  it("a viewer cannot start a sync", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/dashboard");
      const { status, body } = await trigger(page);
      expect(status).toBe(403);
      expect(body.detail).toBe("Only the agency may start a sync.");
    }));

  it("an agency admin starts a sync, and the banner sees it land", () =>
    stage.visit({ as: "agency" }, async ({ page, open, complaints }) => {
      const { clock } = stage.portal;
      await page.clock.install();
      clock.advance(3 * HOUR);
      await open("/dashboard?w=birch-bakery");
      await level(page, "stale");
      expect(await trigger(page)).toEqual({
        status: 202,
        body: { status: "accepted", tenant: "birch-bakery" },
      });
      await stage.portal.settled();
      await page.clock.fastForward(30_000);
      await level(page, "fresh");
      expect(complaints).toEqual([]);
    }));
});
