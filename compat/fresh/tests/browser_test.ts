import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Browser, chromium, type Page } from "playwright-core";
import { serveBuild, type Server } from "./_server.ts";

describe("Islands in the browser", () => {
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    server = await serveBuild();
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  /** Opens a page and fails if anything in it went wrong. */
  const visit = async (path: string, check: (page: Page) => Promise<void>) => {
    const page = await browser.newPage();
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    try {
      await page.goto(server.url + path, { waitUntil: "networkidle" });
      await check(page);
      expect(errors).toEqual([]);
    } finally {
      await page.close();
    }
  };
  const textsOf = (page: Page, selector: string) =>
    page.locator(selector).allTextContents();

  it("I3 an island takes over the server's element", () =>
    visit("/", async (page) => {
      const button = page.locator(".counter");
      const element = await button.elementHandle();
      await button.click();
      await page.getByText("4", { exact: true }).waitFor();
      expect(await textsOf(page, ".counter")).toEqual(["4"]);
      const same = await page.evaluate(
        (node) => node === document.querySelector(".counter"),
        element,
      );
      expect(same).toBe(true);
      const comments = await page.evaluate(() =>
        document.querySelector("main")!.innerHTML.includes("<!--")
      );
      expect(comments).toBe(false);
    }));

  it("I4 an island inside an island is live", () =>
    visit("/nested", async (page) => {
      await page.locator("#outer .counter").click();
      await page.getByText("8", { exact: true }).waitFor();
    }));

  it("I5 I6 props arrive with their types", () =>
    visit("/props", async (page) => {
      const server = await (await page.request.get(page.url())).text();
      await page.locator('#echo[data-live="true"]').waitFor();
      const rows = await textsOf(page, "#echo li");
      expect(rows).toEqual([
        "string: string text",
        "escape: string </script><!-- & \\u2028",
        "number: number 1.5",
        "negativeZero: number -0",
        "notANumber: number NaN",
        "infinity: number -Infinity",
        "bigint: bigint 12",
        "yes: boolean true",
        "nothing: null",
        "missing: undefined",
        "date: Date 0",
        "list: Array number 1,Array number 2,null,string three",
        'nested: object {"a":{"b":[true]}}',
      ]);
      expect(server).toContain("date: Date 0");
    }));

  it("I5 props that are no plain data arrive too", () =>
    visit("/values", async (page) => {
      await page.locator('#echo[data-live="true"]').waitFor();
      expect(await textsOf(page, "#echo li")).toEqual([
        "map: Map Array string <,number 1",
        'one: object {"name":"shared"}',
        'more: Array object {"name":"shared"},object {"name":"shared"}',
        "same: boolean true",
      ]);
    }));

  it("I7 islands share a signal", () =>
    visit("/shared", async (page) => {
      const buttons = page.locator(".shared");
      await buttons.nth(0).click();
      await page.getByText("11 22").first().waitFor();
      await buttons.nth(1).click();
      await page.getByText("12 24").nth(1).waitFor();
      expect(await textsOf(page, ".shared")).toEqual(["12 24", "12 24"]);
    }));

  it("I11 islands of a list live by themselves", () =>
    visit("/keyed", async (page) => {
      await page.locator(".counter").nth(1).click();
      await page.waitForFunction(() =>
        document.querySelectorAll(".counter")[1]!.textContent === "3"
      );
      expect(await textsOf(page, ".counter")).toEqual(["1", "3", "3"]);
    }));

  it("I12 a dynamic import is fetched when it is used", () =>
    visit("/lazy", async (page) => {
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.locator("#lazy").click();
      await page.getByText("loaded later").waitFor();
      expect(requests).toHaveLength(1);
      expect(requests[0]).toContain("/_fresh/js/");
    }));

  it("I13 the browser knows itself and the same assets", () =>
    visit("/environment", async (page) => {
      const element = page.locator("#environment");
      await page.getByText("true /a.txt").waitFor();
      expect(await element.textContent()).toMatch(
        /^true \/a\.txt\?__frsh_c=\w+ $/,
      );
      expect(await page.locator("img").getAttribute("src")).toMatch(
        /^\/dot\.svg\?__frsh_c=\w+$/,
      );
    }));

  it("I14 Head in an island follows its state", () =>
    visit("/title", async (page) => {
      expect(await page.title()).toBe("clicked 0");
      await page.locator("#title").click();
      await page.waitForFunction(() => document.title === "clicked 1");
      expect(await page.locator("head title").count()).toBe(1);
    }));

  it("F6 an island beside its route is live", () =>
    visit("/local", async (page) => {
      await page.locator("#local").click();
      await page.getByText("clicked").waitFor();
    }));

  it("S4 a nonce allows style elements, not style attributes", () =>
    visit("/inline_style", async (page) => {
      const colors = await page.evaluate(() =>
        ["inline", "styled"].map((id) =>
          getComputedStyle(document.getElementById(id)!).color
        )
      );
      expect(colors).toEqual(["rgb(0, 0, 0)", "rgb(1, 2, 3)"]);
    }));
});
