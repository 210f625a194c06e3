import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTenant } from "../../lib/store/mod.ts";
import { installRecords, smallBrand, testOpportunity } from "../_data.ts";
import { expectPage } from "./_assert.ts";
import { textOf } from "./_reader.ts";

/** 230 candidates: of every ten one has no size. */
const CANDIDATES = Array.from(
  { length: 230 },
  (_, n) =>
    testOpportunity(String(n).padStart(3, "0"), {
      firstName: "Candidate",
      stage: n % 2 === 0 ? "Deal Structure" : "FA Sent",
      market: n % 5 === 0 ? "Tampa, FL" : null,
      units: n % 3 === 0 ? 2 : null,
      dealSizeCents: n % 10 === 0 ? null : (n + 1) * 1000,
    }),
);

describe("The hot list of many", () => {
  let app: TestApp;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    const acme = await createTenant(app.store, {
      slug: "acme",
      name: "Acme",
      timezone: "America/New_York",
    }, app.clock);
    const records = { ...smallBrand("acme"), opportunities: CANDIDATES };
    await installRecords(app.store, acme, records, app.clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });
  afterEach(() => app.close());

  const html = async (query = "") =>
    await expectPage(await browser.getIn("acme", `/hot-list${query}`));
  const names = (markup: string) =>
    [...markup.matchAll(/<th scope="row"[^>]*>(?:<a[^>]*>)?Candidate (\d+)/g)]
      .map(([, number]) => number!);
  async function walk(query: string): Promise<string[]> {
    const all: string[] = [];
    for (let next: string | null = query; next !== null;) {
      const markup = await html(next);
      all.push(...names(markup));
      const [, href] = /<a[^>]*href="([^"]*)"[^>]*rel="next"/.exec(markup) ??
        [];
      next = href?.replaceAll("&amp;", "&").replace("#list", "") ?? null;
    }
    return all;
  }

  it("runs through everyone by weight, those without one last and folded", async () => {
    const all = await walk("");
    expect(all).toHaveLength(230);
    expect(new Set(all).size).toBe(230);
    expect(all[0]).toBe("229");
    expect(all.slice(-23).every((id) => id.endsWith("0"))).toBe(true);
    const text = textOf(await html());
    expect(text).toContain("230 candidates In active stages");
    expect(text).toContain("Total of 207 candidates");
    expect(text).toContain("Candidates 1 to 100 of 230.");
    expect(text).not.toContain("without a deal size");
  });

  it("is sorted, narrowed and searched, and its totals are those of what is left", async () => {
    expect((await walk("?sort=name")).slice(0, 3)).toEqual([
      "000",
      "001",
      "002",
    ]);
    expect(await walk("?market=tampa")).toHaveLength(46);
    const text = textOf(await html("?market=tampa&stage=FA+Sent&sort=name"));
    expect(text).toContain("23 of 230 candidates");
    expect(text).toContain("Total of 23 candidates");
    expect(text).toContain("Remove Market: tampa ×");
    expect(textOf(await html("?search=nobody"))).toContain(
      "No candidates match all of this. Clear filters",
    );
  });

  it("names what it cannot read and shows its default for it", async () => {
    const text = textOf(await html("?sort=phone&cursor=x"));
    expect(text).toContain("Cannot read the parameter 'sort'");
    expect(text).toContain("Cannot read the parameter 'cursor'");
    expect(text).toContain("highest weighted IFF first.");
  });
});
