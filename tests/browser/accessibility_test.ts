import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { HOUR } from "../_clock.ts";
import { inspect, inspectAll } from "./_axe.ts";
import { PHONE, Stage, type VisitOptions } from "./_browser.ts";

/** The nine pages, and those that are reached from them. */
const PAGES: Record<string, VisitOptions & { path: string }> = {
  "the sign-in": { path: "/login" },
  "the choice of a workspace": { path: "/select-workspace", as: "both" },
  Dashboard: { path: "/dashboard?w=birch-bakery", as: "both" },
  Reports: { path: "/reports", as: "viewer" },
  Leads: { path: "/leads", as: "viewer" },
  Pipeline: { path: "/pipeline", as: "viewer" },
  "Hot List": { path: "/hot-list", as: "viewer" },
  Notes: { path: "/notes?w=cedar-pizza", as: "both" },
  Schedule: { path: "/schedule", as: "viewer" },
  "moves of a period": { path: "/pipeline/moves", as: "viewer" },
  "opportunities of a stage": {
    path: "/pipeline/opportunities?stage=Deal+Structure",
    as: "viewer",
  },
  "entries into stages": { path: "/pipeline/entries", as: "viewer" },
  "stalled deals": { path: "/pipeline/stalled", as: "viewer" },
  "changes in value": { path: "/pipeline/value", as: "viewer" },
  "deals without activity": { path: "/pipeline/quiet", as: "viewer" },
  "what ClientTether sent of a person": {
    path: "/leads/107/raw?w=birch-bakery",
    as: "agency",
  },
  "notes that are narrowed": {
    path: "/notes?contact=107&author=pat&from=2026-03-01",
    as: "viewer",
  },
  "a person": { path: "/leads/107", as: "viewer" },
  "a whole note": { path: "/notes/302", as: "viewer" },
};
/** Other states of them. */
const STATES = [
  "/leads/nobody",
  "/notes?search=none",
  "/leads?source=Web",
  "/nowhere",
];

describe("Accessibility", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  for (const [name, { path, ...options }] of Object.entries(PAGES)) {
    it(`axe finds nothing on ${name}, wide or narrow, light or dark`, () =>
      stage.visit(options, async ({ page, open, complaints }) => {
        await open(path);
        await openDetails(page);
        expect(await inspectAll(page)).toEqual([]);
        expect(complaints).toEqual([]);
      }));
  }

  it("axe does find a faint text, a small target and a picture without a name", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/reports");
      await page.locator("main").evaluate((main) => {
        const add = (tag: string, facts: Record<string, string>) =>
          main.append(Object.assign(document.createElement(tag), facts));
        main.replaceChildren();
        add("p", { id: "faint", textContent: "Faint" });
        add("img", { src: "/favicon.svg" });
        for (const text of ["1", "2"]) add("button", { textContent: text });
        const style = (selector: string, text: string) =>
          main.querySelector<HTMLElement>(selector)!.style.cssText = text;
        style("#faint", "color: #ccc");
        for (const place of ["first", "last"]) {
          style(`button:${place}-of-type`, "width: 8px; height: 8px");
        }
      });
      const found = await inspect(page, "control");
      const rules = found.map((text) => text.split(": ")[1]);
      expect(new Set(rules)).toEqual(
        new Set(["color-contrast", "image-alt", "target-size"]),
      );
    }));

  it("axe finds nothing on lists without a match, filtered lists and error pages", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      for (const path of STATES) {
        await glance(path);
        expect(await inspectAll(page, [PHONE])).toEqual([]);
      }
    }));

  it("axe finds nothing in the open menus", () =>
    stage.visit({ as: "both" }, async ({ page, open }) => {
      await open("/leads?w=birch-bakery");
      await page.getByLabel("Workspace: Birch Bakery").click();
      expect(await inspect(page, "workspaces")).toEqual([]);
      await page.getByText("Bela Both").click();
      expect(await inspect(page, "user")).toEqual([]);
      await page.setViewportSize(PHONE);
      await page.locator("header .menu").evaluate((menu) =>
        menu.setAttribute("open", "")
      );
      expect(await inspect(page, "phone")).toEqual([]);
    }));

  it("axe finds nothing on a page whose data is stale, late or critical", async () => {
    const { clock } = stage.portal;
    for (
      const [hours, level] of [[3, "stale"], [25, "late"], [72, "critical"]]
    ) {
      clock.advance(Number(hours) * HOUR);
      await stage.visit({ as: "viewer" }, async ({ page, glance }) => {
        await glance("/schedule");
        await page.locator(`[data-freshness="${level}"]`).waitFor();
        expect(await inspectAll(page, [PHONE])).toEqual([]);
      });
    }
  });

  it("the first Tab leads to a link that skips the header", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads");
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to content" });
      expect(await skip.evaluate((link) => link === document.activeElement))
        .toBe(true);
      expect(await skip.isVisible()).toBe(true);
      await page.keyboard.press("Enter");
      await page.waitForURL(/#main$/);
    }));
});

/** Whatever is folded on the page, its menus aside, is looked at too. */
async function openDetails(page: Page): Promise<void> {
  await page.locator("main details, footer details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
}
