import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { PHONE, Stage } from "./_browser.ts";

/** The seven links in their order, and the address of each. */
const LINKS = [
  ["Dashboard", "/dashboard"],
  ["Reports", "/reports"],
  ["Leads", "/leads"],
  ["Pipeline", "/pipeline"],
  ["Hot List", "/hot-list"],
  ["Notes", "/notes"],
  ["Schedule", "/schedule"],
] as const;

describe("Walking through the pages", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const nav = (page: Page) => page.getByRole("navigation", { name: "Main" });
  /** Names of the links that say "you are here". */
  const current = (page: Page) =>
    page.locator('header a[aria-current="page"]').allInnerTexts();
  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

  it("the seven links lead to seven pages, and the active one is marked", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await open("/dashboard");
      const names = await nav(page).getByRole("link").allInnerTexts();
      expect(names).toEqual(LINKS.map(([name]) => name));
      for (const [name, path] of LINKS) {
        await nav(page).getByRole("link", { name, exact: true }).click();
        await heading(page, name);
        await page.waitForLoadState("networkidle");
        expect(page.url()).toBe(
          `${stage.portal.url}${path}?w=birch-bakery`,
        );
        expect(await current(page)).toEqual([name]);
        expect(await page.title()).toBe(`${name} - Birch Bakery - Tetherboard`);
      }
      expect(complaints).toEqual([]);
    }));

  it("a script that is not the page's own is not run, and would be seen here", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await page.route("**/reports*", async (route) => {
        const response = await route.fetch();
        const script = "<script>document.body.dataset.ran = 'yes'</script>";
        const html = await response.text();
        const body = html.replace("</body>", `${script}</body>`);
        await route.fulfill({ response, body });
      });
      await glance("/reports");
      expect(await page.locator("body").getAttribute("data-ran")).toBe(null);
      expect(complaints).toHaveLength(1);
      expect(complaints[0]).toContain("Content Security Policy");
    }));

  it("text becomes HTML, or a script, for nobody's own words", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/reports");
      const refused = await page.evaluate(() => {
        const element = document.createElement("div");
        const script = document.createElement("script");
        const tries: Record<string, () => unknown> = {
          innerHTML: () => element.innerHTML = "<b>text</b>",
          insertAdjacentHTML: () =>
            element.insertAdjacentHTML("beforeend", "<b>text</b>"),
          "script.text": () => script.text = "1",
          "script.src": () => script.src = "/favicon.svg",
          DOMParser: () =>
            new DOMParser().parseFromString("<b>text</b>", "text/html"),
        };
        return Object.entries(tries).filter(([, attempt]) => {
          try {
            attempt();
            return false;
          } catch (error) {
            return String(error).includes("This document requires");
          }
        }).map(([name]) => name);
      });
      expect(refused).toEqual([
        "innerHTML",
        "insertAdjacentHTML",
        "script.text",
        "script.src",
        "DOMParser",
      ]);
    }));

  it("the active link differs by its colour too", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/leads");
      const colors = await nav(page).getByRole("link").evaluateAll((links) =>
        links.map((link) => getComputedStyle(link).color)
      );
      const [, , leads, ...others] = colors;
      expect(leads).toBe("rgb(15, 107, 92)");
      expect(others).not.toContain(leads);
    }));

  it("every link of every page carries the workspace", () =>
    stage.visit({ as: "both" }, async ({ page, glance }) => {
      for (const [, path] of LINKS) {
        await glance(`${path}?w=birch-bakery`);
        const links = await page.locator("a[href]").evaluateAll((links) =>
          links.flatMap((link) => {
            if (!(link instanceof HTMLAnchorElement)) return [];
            const { pathname, search, hash, origin } = new URL(link.href);
            const within = origin === location.origin &&
              pathname + search === location.pathname + location.search;
            return within && hash !== "" ? [] : [pathname + search];
          })
        );
        expect(links.length).toBeGreaterThan(7);
        for (const link of links) {
          expect(link).toMatch(/[?&]w=(birch-bakery|cedar-pizza)(&|$)/);
        }
      }
    }));

  it("on a phone the menu opens without JavaScript and the pages are readable", () =>
    stage.visit({
      as: "viewer",
      viewport: PHONE,
      javaScriptEnabled: false,
    }, async ({ page, glance }) => {
      await glance("/dashboard");
      expect(await nav(page).isVisible()).toBe(false);
      for (const [name, path] of LINKS) {
        await page.locator("summary", { hasText: /^Menu$/ }).click();
        await nav(page).getByRole("link", { name, exact: true }).click();
        await heading(page, name);
        expect(page.url()).toBe(`${stage.portal.url}${path}?w=birch-bakery`);
        expect(await current(page)).toEqual([name]);
        const text = await page.locator("body").innerText();
        expect(text).toContain("Birch Bakery");
        expect(text).toContain("Updated just now");
        expect(text).toContain(SEEN_WITHOUT_SCRIPT[name]);
      }
    }));

  it("on a phone the open menu holds all links, each as high as a finger", () =>
    stage.visit({ as: "viewer", viewport: PHONE }, async ({ page, glance }) => {
      await glance("/pipeline");
      await page.locator("summary", { hasText: /^Menu$/ }).click();
      const links = nav(page).getByRole("link");
      expect(await links.count()).toBe(7);
      for (const link of await links.all()) {
        const box = await link.boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(40);
      }
    }));

  it("the theme that was chosen is that of the next page from its first paint", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await open("/leads");
      const background = () =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(await background()).toBe("rgb(246, 247, 245)");
      await page.getByText("Vera Viewer").click();
      await page.getByRole("button", { name: "Dark" }).click();
      expect(await background()).toBe("rgb(14, 20, 18)");
      await nav(page).getByRole("link", { name: "Notes" }).click();
      await heading(page, "Notes");
      expect(await page.locator("html").getAttribute("data-theme"))
        .toBe("dark");
      expect(await background()).toBe("rgb(14, 20, 18)");
      expect(complaints).toEqual([]);
    }));

  it("what the numbers mean opens at the foot of every page", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      for (const [, path] of LINKS) {
        await glance(path);
        await page.getByText("What do these numbers mean?").click();
        const terms = page.locator("footer dt");
        expect(await terms.count()).toBeGreaterThan(0);
        expect(await terms.first().isVisible()).toBe(true);
      }
    }));

  it("a person is found from every page", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance, complaints }) => {
      await glance("/notes");
      const search = page.getByRole("search", { name: "Find a person" });
      await search.getByRole("searchbox").fill("tampa");
      await search.getByRole("searchbox").press("Enter");
      await page.waitForURL(/\/leads\?.*search=tampa.*#list$/);
      await page.getByText(/^1 of \d+ leads, newest first\.$/).waitFor();
      await page.getByText("Search: tampa").waitFor();
      expect(complaints).toEqual([]);
    }));

  it("the portal can be installed: its manifest and icons are there for everybody", async () => {
    const manifest = await fetch(`${stage.portal.url}/manifest.webmanifest`);
    expect(manifest.headers.get("content-type")).toContain("manifest+json");
    const { icons, start_url } = await manifest.json();
    expect(start_url).toBe("/dashboard");
    for (const { src, type } of icons) {
      const icon = await fetch(`${stage.portal.url}${src}`);
      expect(icon.headers.get("content-type")).toContain(type);
      await icon.body?.cancel();
    }
  });
});

/** What a reader without JavaScript finds on each page. */
const SEEN_WITHOUT_SCRIPT: Record<typeof LINKS[number][0], string> = {
  Dashboard: "$35.7K weighted",
  Reports: "No report has been published yet.",
  Leads: "42% of all leads",
  Pipeline: "$69,000.04",
  "Hot List": "$5,625.01",
  Notes: "Called about the FDD 🎉 Great mood.",
  Schedule: "Taste Test",
};
