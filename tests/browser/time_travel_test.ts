import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { inspectAll } from "./_axe.ts";
import { DESKTOP, PHONE, Stage, type VisitOptions } from "./_browser.ts";

const VIEWER: VisitOptions = { as: "viewer" };
const PATHS = [
  "/dashboard",
  "/leads",
  "/pipeline",
  "/pipeline/opportunities",
  "/hot-list",
  "/notes",
  "/schedule",
  "/leads/101",
];

describe("An earlier day in the browser", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
    for (let day = 0; day < 3; day++) {
      stage.portal.clock.advance(24 * HOUR);
      await stage.portal.sync();
    }
  });
  afterAll(() => stage.close());

  for (const javaScriptEnabled of [true, false]) {
    it(`is chosen, walked through and left, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () =>
      stage.visit(
        { ...VIEWER, javaScriptEnabled },
        async ({ page, glance, complaints }) => {
          await glance("/leads?period=28d");
          await page.locator("summary", { hasText: "view an earlier day" })
            .click();
          await page.getByLabel("View an earlier day").fill("2026-03-12");
          await page.getByRole("button", { name: "View this day" }).click();
          const strip = page.getByRole("region", { name: "Earlier day" });
          expect(await strip.textContent()).toContain(
            "You are looking at Thursday, 12 March 2026",
          );
          expect(page.url()).toContain("period=28d");
          expect(page.url()).toContain("on=2026-03-12");
          await page.getByRole("link", { name: "Pipeline", exact: true })
            .first().click();
          await page.waitForURL(/\/pipeline\?.*on=2026-03-12/);
          for (const list of ["Notes", "Schedule"]) {
            await page.getByRole("link", { name: list, exact: true }).first()
              .click();
            await page.getByRole("heading", { name: list, level: 1 }).waitFor();
            expect(page.url()).toContain("on=2026-03-12");
            // Nothing of an earlier day can be changed.
            expect(await page.locator("main form[method=post]").count())
              .toBe(0);
          }
          await page.getByRole("link", { name: "Notes", exact: true }).first()
            .click();
          await page.getByText("what was deleted or changed since is not kept")
            .waitFor();
          await strip.getByRole("link", { name: "Day before" }).click();
          await page.waitForURL(/on=2026-03-11/);
          await strip.getByRole("link", { name: "Back to today" }).click();
          await page.waitForURL((url) => !url.searchParams.has("on"));
          expect(await strip.count()).toBe(0);
          // Without scripts the browser says of each that it was not run.
          if (javaScriptEnabled) expect(complaints).toEqual([]);
        },
      ));
  }

  it("stays in sight on a wide screen, however far one has read", () =>
    stage.visit(VIEWER, async ({ page, glance }) => {
      await page.setViewportSize(DESKTOP);
      await glance("/leads?on=2026-03-12");
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      const strip = page.getByRole("region", { name: "Earlier day" });
      expect((await strip.boundingBox())?.y).toBe(0);
    }));

  it("axe finds nothing on any page of it, wide or narrow, light or dark", () =>
    stage.visit(VIEWER, async ({ page, glance, complaints }) => {
      for (const path of PATHS) {
        await glance(`${path}?on=2026-03-12`);
        await page.getByRole("region", { name: "Earlier day" }).waitFor();
        expect(await inspectAll(page, [DESKTOP, PHONE])).toEqual([]);
      }
      expect(complaints).toEqual([]);
    }));

  it("axe finds nothing in the open choice of a day, nor where a day is wrong", () =>
    stage.visit(VIEWER, async ({ page, glance }) => {
      await glance("/pipeline?on=2030-01-01");
      await page.getByText("2030-01-01 lies ahead").waitFor();
      await page.locator("summary", { hasText: "view an earlier day" }).click();
      expect(await inspectAll(page, [DESKTOP, PHONE])).toEqual([]);
    }));
});
