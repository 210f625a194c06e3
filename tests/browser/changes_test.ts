import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { inspectAll } from "./_axe.ts";
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";

describe("What changed since the last visit", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  /** An hour passes in which leads, a note, a move and activities come and go. */
  async function anHourPasses(): Promise<void> {
    const { clock, simulator, birch } = stage.portal;
    clock.advance(HOUR);
    const brand = simulator.brand(BIRCH_KEY);
    for (const [n, firstName] of ["Ada", "Bea", "Cleo", "Dora"].entries()) {
      brand.putLead({
        client_id: String(700 + n),
        firstName,
        lastName: "Orchard",
        clients_lead_source: "Expo",
        contact_type: "1",
        created: "2026-03-11 11:30:00",
      });
    }
    const deal = brand.rows("opportunities")
      .find((row) => String(row.opportunity_id) === "201");
    brand.putOpportunity({ ...deal, contact_sales_cycle: "QR Returned" });
    brand.putNote({
      id: "790",
      contact_id: "103",
      author: "Sam Ortega",
      content: "Wants to see the FDD before Friday, and asks for the territory",
      date: "2026-03-11 11:40:00",
    });
    brand.putActivity({
      id: "791",
      contact_id: "103",
      contact_name: "Ada Orchard",
      type: "Discovery call",
      start: "2026-03-20 10:00:00",
    });
    const planned = brand.rows("activities")
      .find((row) => String(row.id) === "404");
    brand.putActivity({ ...planned, id: "404", status: "Cancelled" });
    await stage.portal.sync(birch);
  }

  it("stands on the Dashboard, leads to the lists, and is gone when all is marked as seen", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/dashboard");
      const card = page.locator("#changes");
      expect(await card.innerText()).toContain("This is your first visit");
      await anHourPasses();
      await glance("/dashboard");
      const text = await card.innerText();
      expect(text).toContain("Since your last visit, today, ");
      for (
        const line of [
          "4 new leads",
          "and 1 more",
          "1 stage move",
          "→ QR Returned",
          "1 new note",
          "1 new activity",
          "1 cancelled activity",
        ]
      ) expect(text).toContain(line);
      expect(await inspectAll(page)).toEqual([]);

      await card.getByRole("link", { name: "4 new leads" }).first().click();
      await page.getByRole("heading", { name: "4 new leads" }).waitFor();
      expect(await page.locator("tbody tr").count()).toBe(4);
      expect(await inspectAll(page)).toEqual([]);
      await page.getByRole("link", { name: "Ada Orchard" }).click();
      await page.getByRole("heading", { name: "Ada Orchard" }).waitFor();
      await page.getByRole("link", { name: "What changed" }).click();

      await glance("/leads");
      expect(
        await page.locator("#list").getByText("New", { exact: true })
          .count(),
      ).toBe(4);
      await glance("/pipeline");
      const row = page.getByRole("row", { name: /^Initial Call → QR/ });
      expect(await row.getByText("1 new", { exact: true }).isVisible())
        .toBe(true);
      await row.getByRole("link").first().click();
      await page.getByRole("heading", { name: "1 move from" }).waitFor();
      expect(
        await page.locator("#list").getByText("New", { exact: true })
          .count(),
      ).toBe(1);
      expect(await inspectAll(page)).toEqual([]);
      for (const path of ["/notes", "/schedule"]) {
        await glance(path);
        expect([
          path,
          await page.locator("main").getByText("New", { exact: true }).count(),
        ]).toEqual([path, 1]);
      }
      await glance("/dashboard");
      await page.getByRole("button", { name: "Mark all as seen" }).click();
      await page.getByText("Since you marked all as seen").waitFor();
      expect(await card.innerText()).toContain("Nothing new since then.");
      expect(complaints).toEqual([]);
    }));
});
