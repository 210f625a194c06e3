import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { h } from "preact";
import { ErrorPage } from "../../components/ErrorPage.tsx";
import { createTestApp } from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { expectPage } from "./_assert.ts";
import { openReader, PAGES, type Reader, textOf } from "./_reader.ts";

describe("Every page without JavaScript", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
    await reader.rig.sync();
  });
  afterAll(() => reader[Symbol.dispose]());

  /** The pages of a workspace, and those that are reached from them. */
  const pages = [
    ...PAGES,
    "/leads/107",
    "/pipeline/opportunities",
    "/pipeline/moves",
    "/notes/302",
    "/changes",
    "/saved-views",
  ];

  it("begins with a link past its header to its one main part", async () => {
    for (const path of pages) {
      const html = await reader.html(path);
      const [first = ""] = /<a\b[^>]*>[^<]*<\/a>/.exec(html) ?? [];
      expect([path, first]).toEqual([
        path,
        expect.stringMatching(/^<a href="#main".*>Skip to content<\/a>$/),
      ]);
      expect(html.match(/<main\b[^>]*id="main"/g)).toHaveLength(1);
      expect(html.match(/<h1\b/g)).toHaveLength(1);
      expect(html).toContain('<html lang="en"');
    }
  });

  it("is painted when it is whole: what it waits for comes last", async () => {
    for (const path of pages) {
      const html = await reader.html(path);
      const [head = "", body = ""] = html.split("<body");
      const [, id] = /rel="expect" href="#([^"]+)" blocking="render"/
        .exec(head) ?? [];
      const at = body.indexOf(`id="${id}"`);
      expect([path, at > body.lastIndexOf("</footer>")]).toEqual([path, true]);
      expect(body.match(new RegExp(`id="${id}"`, "g"))).toHaveLength(1);
    }
  });

  it("may be fetched in advance where a pointer rests on its link", async () => {
    const answer = await reader.browser.get("/leads?w=birch-bakery");
    await expectPage(answer);
    const path = JSON.parse(answer.headers.get("speculation-rules") ?? "null");
    const rules = await reader.app.fetch(path);
    expect(rules.headers.get("content-type"))
      .toBe("application/speculationrules+json");
    const { prefetch: [{ eagerness, where }] } = await rules.json();
    expect(eagerness).toBe("moderate");
    expect(where.selector_matches).toContain('nav[aria-label="Main"] a');
  });

  it("finds a person of the workspace by a form", async () => {
    for (const path of pages) {
      const html = await reader.html(path);
      const form = (html.match(/<form\b.*?<\/form>/gs) ?? []).find((one) =>
        one.includes('aria-label="Find a person"')
      );
      expect(form).toContain('action="/leads#list"');
      expect(form).toContain('name="w" value="birch-bakery"');
    }
  });

  it("says on paper whose it is, what it is and of when", async () => {
    for (const path of pages) {
      const html = await reader.html(path);
      const [, line] = /<p class="print-only[^"]*">([^<]*)<\/p>/.exec(html) ??
        [];
      expect([path, line]).toEqual([
        path,
        expect.stringMatching(/^Birch Bakery · .+ · data of 11 Mar 2026, /),
      ]);
    }
  });

  it("can be installed, and has an icon that tells old data from fresh", async () => {
    const { app, rig } = reader;
    const icons: string[] = [];
    for (const hours of [0, 3, 27]) {
      rig.clock.advance(hours * HOUR);
      const user = await app.createUser("tenant_viewer", rig.tenant.id);
      const browser = await app.signedIn(user);
      const html = await expectPage(
        await browser.getIn("birch-bakery", "/pipeline"),
      );
      const [, icon = ""] = /<link rel="icon"[^>]* href="([^"?]*)/
        .exec(html) ?? [];
      icons.push(icon);
      expect(html).toMatch(
        /<link rel="manifest" href="\/manifest\.webmanifest/,
      );
    }
    expect(icons).toEqual([
      "/favicon.svg",
      "/favicon-stale.svg",
      "/favicon-late.svg",
    ]);
  });

  it("that is not there says so with 404, and leads to the dashboard", async () => {
    const { store, clock, tenant } = reader.rig;
    const app = await createTestApp({
      store,
      clock,
      renderError: (ctx, view) =>
        ctx.render(h(ErrorPage, view), { status: view.status }),
    });
    const user = await app.createUser("tenant_viewer", tenant.id);
    const browser = await app.signedIn(user);
    for (const path of ["/nowhere", "/leads/107/nothing", "/reports/x"]) {
      const html = await expectPage(
        await browser.getIn("birch-bakery", path),
        404,
      );
      expect(textOf(html)).toContain("Error 404");
      expect(html).toMatch(/<a\b[^>]*href="\/"[^>]*>Go to the dashboard<\/a>/);
      expect(textOf(html)).toContain("If you ask for help, name this request:");
    }
  });
});
