import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { Stage } from "./_browser.ts";

const FAILED = "Sign-in failed. Check the e-mail address and password.";

describe("Signing in and choosing a workspace", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  /** Path and query of the page. */
  const here = (page: Page) => page.url().slice(stage.portal.url.length);
  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

  it("the form lets a user in and leads to the page that was asked for", () =>
    stage.visit({}, async ({ page, glance, complaints }) => {
      await glance("/leads?source=Web");
      expect(here(page)).toBe("/login?next=%2Fleads%3Fsource%3DWeb");
      await stage.signIn(page, "viewer");
      await heading(page, "Leads");
      expect(here(page)).toBe("/leads?source=Web&w=birch-bakery");
      expect(await page.getByText("Birch Bakery").first().isVisible())
        .toBe(true);
      expect(complaints).toEqual([]);
    }));

  it("a user of one brand is not asked which", () =>
    stage.visit({}, async ({ page, glance }) => {
      await glance("/");
      await stage.signIn(page, "viewer");
      await heading(page, "Dashboard");
      expect(here(page)).toBe("/dashboard?w=birch-bakery");
      await glance("/select-workspace");
      expect(here(page)).toBe("/dashboard?w=birch-bakery");
    }));

  it("a wrong password and an unknown address read the same", () =>
    stage.visit({}, async ({ page, glance }) => {
      await glance("/login");
      await stage.signIn(page, "viewer", "not the password");
      expect(await page.getByRole("alert").innerText()).toBe(FAILED);
      const email = page.getByLabel("E-mail address");
      expect(await email.inputValue()).toBe("viewer@example.com");
      expect(await page.getByLabel("Password").inputValue()).toBe("");
      await email.fill("nobody@example.com");
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForLoadState();
      expect(await page.getByRole("alert").innerText()).toBe(FAILED);
      await glance("/dashboard");
      expect(here(page)).toBe("/login?next=%2Fdashboard");
    }));

  it("the form works without JavaScript", () =>
    stage.visit({ javaScriptEnabled: false }, async ({ page, glance }) => {
      await glance("/login");
      await stage.signIn(page, "viewer", "not the password");
      expect(await page.getByRole("alert").innerText()).toBe(FAILED);
      await stage.signIn(page, "viewer");
      await heading(page, "Dashboard");
    }));

  it("a user of two brands is asked which, and gets to the page meant", () =>
    stage.visit({}, async ({ page, glance, complaints }) => {
      await glance("/notes");
      await stage.signIn(page, "both");
      await heading(page, "Choose a workspace");
      expect(here(page)).toBe("/select-workspace?next=%2Fnotes");
      await page.getByRole("button", { name: "Cedar Pizza" }).click();
      await heading(page, "Notes");
      expect(here(page)).toBe("/notes?w=cedar-pizza");
      expect(await page.getByText("Cedar note 120.").count()).toBe(1);
      // The choice is kept for addresses that name no brand.
      await glance("/schedule");
      expect(here(page)).toBe("/schedule?w=cedar-pizza");
      expect(complaints).toEqual([]);
    }));

  it("two tabs on two brands keep their brand", () =>
    stage.visit({ as: "both" }, async ({ page, context, glance }) => {
      await glance("/dashboard?w=birch-bakery");
      const other = await context.newPage();
      await other.goto(`${stage.portal.url}/dashboard?w=cedar-pizza`);
      for (const [tab, slug, lead] of tabs(page, other)) {
        await tab.getByRole("link", { name: "Leads", exact: true }).click();
        await heading(tab, "Leads");
        expect(here(tab)).toBe(`/leads?w=${slug}`);
        expect(await tab.getByText(lead).count()).toBe(1);
      }
      for (const [tab, slug, lead] of tabs(page, other)) {
        await tab.reload();
        expect(here(tab)).toBe(`/leads?w=${slug}`);
        expect(await tab.getByText(lead).count()).toBe(1);
      }
    }));

  it("the switch in the header shows the same page of the other brand", () =>
    stage.visit({ as: "both" }, async ({ page, glance, complaints }) => {
      await glance("/notes?w=birch-bakery");
      await page.getByLabel("Workspace: Birch Bakery").click();
      await page.getByRole("link", { name: "Cedar Pizza" }).click();
      await page.getByText("Cedar note 120.").waitFor();
      expect(here(page)).toBe("/notes?w=cedar-pizza");
      expect(complaints).toEqual([]);
    }));

  it("another brand's page is not there, and is not named", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads?w=cedar-pizza");
      const text = await page.locator("body").innerText();
      expect(text).toContain("Error 404");
      expect(text).not.toMatch(/cedar|quinn/i);
      await page.getByRole("link", { name: "Go to the dashboard" }).click();
      await heading(page, "Dashboard");
      expect(here(page)).toBe("/dashboard?w=birch-bakery");
    }));

  it("signing out ends the session, also for the way back", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/hot-list");
      await page.getByText("Vera Viewer").click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await heading(page, "Sign in");
      await page.goBack();
      await heading(page, "Sign in");
      await glance("/hot-list");
      expect(here(page)).toMatch(/^\/login\?next=/);
      expect(complaints).toEqual([]);
    }));
});

/** Each tab with the workspace and a lead of it. */
function tabs(birch: Page, cedar: Page): [Page, string, string][] {
  return [
    [birch, "birch-bakery", "Ada Birch"],
    [cedar, "cedar-pizza", "Quinn Cedarson"],
  ];
}
