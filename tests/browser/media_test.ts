import { Buffer } from "node:buffer";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { inspect } from "./_axe.ts";
import { DESKTOP, Stage, type VisitOptions } from "./_browser.ts";
import {
  type DrawnTexts,
  isAsDrawnFirst,
  keepFirstDrawing,
  noteTexts,
} from "./_canvas.ts";
import { pngOf } from "../_png.ts";

/** The pages of a workspace, and those that are reached from them. */
const PAGES = [
  "/dashboard",
  "/reports",
  "/leads",
  "/pipeline",
  "/hot-list",
  "/notes",
  "/schedule",
  "/leads/107",
  "/pipeline/opportunities",
  "/pipeline/moves",
  "/changes",
  "/notes/302",
];
/** Those around them, which have no data of a day. */
const OTHERS = ["/admin/tenants", "/admin/audit", "/admin/runs", "/account"];
/** What an A4 sheet has between its margins, in CSS pixels. */
const SHEET = { width: 688, height: 971 };

describe("Pages on paper, in other colours, and while they load", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  /** A viewer who has chosen a theme. */
  const themed = (
    theme: "light" | "dark",
    options: VisitOptions,
    act: Parameters<Stage["visit"]>[1],
  ) =>
    stage.visit({ as: "viewer", ...options }, async (visit) => {
      const { url } = stage.portal;
      await visit.context.addCookies([{ name: "theme", value: theme, url }]);
      await act(visit);
    });

  it("every page prints dark on white without its controls, with brand, page and age of the data, none wider than the sheet", () =>
    themed("dark", { as: "agency", viewport: SHEET }, async (visit) => {
      const { page, glance } = visit;
      await page.emulateMedia({ media: "print" });
      for (const path of [...PAGES, ...OTHERS]) {
        await glance(`${path}?w=birch-bakery`);
        const printed = await page.evaluate(() => {
          const isSeen = (element: Element) => element.checkVisibility();
          const { color, backgroundColor } = getComputedStyle(document.body);
          return {
            controls: [...document.querySelectorAll(
              "header, nav, form, button, input, canvas, [data-freshness]",
            )].filter(isSeen).map(({ outerHTML }) => outerHTML),
            lines: [...document.querySelectorAll(".print-only")]
              .filter(isSeen).map(({ textContent }) => textContent),
            colors: [color, backgroundColor],
            excess: document.documentElement.scrollWidth - innerWidth,
          };
        });
        expect({ path, ...printed }).toEqual({
          path,
          controls: [],
          lines: OTHERS.includes(path) ? [] : [
            expect.stringMatching(
              /^Birch Bakery · .+ · data of 11 Mar 2026, 11:00 \(New York\)$/,
            ),
          ],
          colors: ["rgb(0, 0, 0)", "rgb(255, 255, 255)"],
          excess: 0,
        });
      }
    }));

  it("what is folded on a screen is whole on paper", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      await glance("/hot-list");
      const rest = page.locator("main details table");
      const isSeen = () => rest.evaluate((table) => table.checkVisibility());
      expect(await isSeen()).toBe(false);
      await page.emulateMedia({ media: "print" });
      expect(await isSeen()).toBe(true);
      expect(await rest.innerText()).toContain("Gus Hale");
    }));

  it("where the machine chooses the colours, charts can be read and what is chosen is marked", () =>
    themed(
      "light",
      { colorScheme: "dark", forcedColors: "active" },
      async ({ page, open, complaints }) => {
        await open("/leads");
        // The names of the bars stand at the left, on black.
        const brightest = await page.getByRole("img", { name: /^Bar chart/ })
          .evaluate((canvas) => {
            if (!(canvas instanceof HTMLCanvasElement)) return 0;
            const { data } = canvas.getContext("2d")!
              .getImageData(0, 0, canvas.width / 6, canvas.height);
            return data.filter((_, at) => at % 4 === 0)
              .reduce((most, red) => Math.max(most, red), 0);
          });
        expect(brightest).toBeGreaterThan(200);
        const underlined = await page.locator("header nav a").evaluateAll(
          (links) =>
            links.filter((link) =>
              getComputedStyle(link).textDecorationLine === "underline"
            ).map(({ textContent }) => textContent),
        );
        expect(underlined).toEqual(["Leads"]);
        expect(complaints).toEqual([]);
      },
    ));

  it("the names in a chart end where it begins, however narrow it is", () =>
    stage.visit(
      { as: "viewer", viewport: { width: 320, height: 800 } },
      async ({ page, open, complaints }) => {
        const long = "Open Doors Broker Network";
        await page.route("**/leads", async (route) => {
          const answer = await route.fetch();
          const body = (await answer.text()).replaceAll("Referral", long);
          await route.fulfill({ response: answer, body });
        });
        await page.addInitScript(noteTexts);
        await open("/leads");
        const texts = await page.evaluate(() =>
          (window as Window & DrawnTexts).texts ?? []
        );
        const names = [...new Set(texts.map(({ text }) => text))];
        expect(names).toContain("Expo");
        const shortened = names.filter((name) => name.endsWith("…"));
        expect(shortened).toHaveLength(1);
        expect(long).toMatch(new RegExp(`^${shortened[0]!.slice(0, -1)}`));
        expect(shortened[0]!.length).toBeGreaterThan(8);
        for (const { text, left } of texts) {
          expect([text, left < 0]).toEqual([text, false]);
        }
        await page.setViewportSize(DESKTOP);
        await page.waitForFunction(
          () =>
            (window as Window & DrawnTexts).texts
              ?.some(({ text }) => text.length > 20),
        );
        expect(complaints).toEqual([]);
      },
    ));

  it("charts take the colours of the theme as soon as it is changed", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      await open("/leads");
      const drawn = () =>
        page.evaluate(() => document.querySelector("canvas")!.toDataURL());
      /** Resolves when the first chart is drawn like this, or like anything else. */
      const until = (like: string, isSame: boolean) =>
        page.waitForFunction(
          ([like, isSame]) =>
            (document.querySelector("canvas")!.toDataURL() === like) === isSame,
          [like, isSame] as const,
        );
      const light = await drawn();
      await page.emulateMedia({ colorScheme: "dark" });
      await until(light, false);
      const dark = await drawn();
      await page.getByText("Vera Viewer").click();
      await page.getByRole("button", { name: "Light" }).click();
      await until(light, true);
      await page.getByRole("button", { name: "Dark" }).click();
      await until(dark, true);
      expect(complaints).toEqual([]);
    }));

  it("nothing moves for those who want no motion, charts neither", async () => {
    for (const reducedMotion of ["reduce", "no-preference"] as const) {
      await stage.visit(
        { as: "viewer", reducedMotion },
        async ({ page, open }) => {
          await page.addInitScript(keepFirstDrawing);
          await open("/leads");
          const still = reducedMotion === "reduce";
          expect(
            await page.locator(".eases").first().evaluate((element) =>
              getComputedStyle(element).transitionDuration
            ),
          ).toMatch(still ? /^0s$/ : /^0\.12s/);
          if (still) expect(await isAsDrawnFirst(page)).toBe(true);
        },
      );
    }
  });

  it("nothing jumps while a page loads", () =>
    stage.visit({ as: "viewer" }, async ({ page, open, complaints }) => {
      for (const path of PAGES) {
        await open(path);
        const shift = await page.evaluate(() =>
          new Promise<number>((resolve) => {
            const observer = new PerformanceObserver((list) =>
              resolve(list.getEntries().length)
            );
            observer.observe({ type: "layout-shift", buffered: true });
            // Entries of the past are given before the next frame but one.
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve(0))
            );
          })
        );
        expect([path, shift]).toEqual([path, 0]);
      }
      expect(complaints).toEqual([]);
    }));

  for (const javaScriptEnabled of [true, false]) {
    it(`a brand's pages have its logo, on paper too, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/tenants/cedar-pizza");
          await page.getByRole("link", { name: "Change the logo" }).click();
          const save = page.getByRole("button", { name: "Save the logo" });
          const choose = async (text: string | Uint8Array) => {
            await page.getByLabel("Picture").setInputFiles({
              name: "logo.png",
              mimeType: "image/png",
              buffer: Buffer.from(text),
            });
            await save.click();
          };
          await choose("<svg/>");
          await page.getByText("it is not a PNG.").waitFor();
          await choose(pngOf(300, 100));
          await page.getByText("The logo is saved.").waitFor();
        },
      );
      await stage.visit(
        { as: "both", javaScriptEnabled },
        async ({ page, glance }) => {
          const logos = () =>
            page.locator("img.logo").evaluateAll((images) =>
              images.map((image) => ({
                seen: image.checkVisibility(),
                width: image instanceof HTMLImageElement && image.naturalWidth,
              }))
            );
          await glance("/leads?w=birch-bakery");
          expect(await logos()).toEqual([]);
          await glance("/leads?w=cedar-pizza");
          expect(await logos()).toEqual([{ seen: true, width: 300 }]);
          // Without scripts axe does not run.
          if (javaScriptEnabled) {
            expect(await inspect(page, "logo")).toEqual([]);
          }
          await page.emulateMedia({ media: "print" });
          expect(await logos()).toEqual([{ seen: true, width: 300 }]);
        },
      );
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/tenants/cedar-pizza/logo");
          if (javaScriptEnabled) {
            expect(await inspect(page, "the logo's page")).toEqual([]);
          }
          await page.getByRole("button", { name: "Remove the logo" }).click();
          await page.getByText("The logo is removed.").waitFor();
          expect(await page.locator("img.logo").count()).toBe(0);
        },
      );
    });
  }

  it("a brand's pages are in its own colour, another's are not, light and dark", async () => {
    await stage.visit({ as: "agency" }, async ({ page, glance }) => {
      await glance("/admin/tenants/cedar-pizza");
      await page.getByLabel("Accent colour").fill("#7a1fa2");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText(/^Saved/).first().waitFor();
    });
    const seen: Record<string, string> = {};
    for (const colorScheme of ["light", "dark"] as const) {
      await stage.visit(
        { as: "both", colorScheme },
        async ({ page, glance, complaints }) => {
          for (const brand of ["birch-bakery", "cedar-pizza"]) {
            await glance(`/leads?w=${brand}`);
            seen[`${brand} ${colorScheme}`] = await page
              .locator('header nav a[aria-current="page"]')
              .evaluate((link) => getComputedStyle(link).color);
          }
          expect(complaints).toEqual([]);
        },
      );
    }
    const { "cedar-pizza dark": dark, ...others } = seen;
    expect(others).toEqual({
      "birch-bakery light": "rgb(15, 107, 92)",
      "birch-bakery dark": "rgb(85, 199, 176)",
      "cedar-pizza light": "rgb(122, 31, 162)",
    });
    // Violet, lighter than it was given.
    const [red, green, blue] = dark!.match(/\d+/g)!.map(Number) as [
      number,
      number,
      number,
    ];
    expect(red).toBeGreaterThan(122);
    expect(green).toBeLessThan(red);
    expect(blue).toBeGreaterThan(red);
  });
});
