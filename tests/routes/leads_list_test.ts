import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Lead } from "../../lib/domain/mod.ts";
import {
  createTenant,
  type KvOperation,
  openStore,
  type Store,
  type Tenant,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { TestClock } from "../_clock.ts";
import { installRecords, smallBrand, testLead } from "../_data.ts";
import { expectPage } from "./_assert.ts";
import { textOf } from "./_reader.ts";

const STAGES = ["New Lead", "QR Returned", "Deal Structure", "Lost", "Gone"];

/** 120 leads, numbered as they were created. */
function manyLeads(mark = ""): Lead[] {
  return Array.from({ length: 120 }, (_, n) =>
    testLead(`${mark}${n}`, {
      firstName: `${mark}Person`,
      lastName: String(n).padStart(3, "0"),
      source: n % 3 === 0 ? null : n % 3 === 1 ? "Web" : "Expo",
      stage: STAGES[n % 5]!,
      market: n % 4 === 0 ? `${mark}Tampa, FL` : null,
      assignedTo: n % 2 === 0 ? "Kim Owner" : null,
      dealSizeCents: n % 10 === 0 ? n * 100 : null,
      createdAt: new Date(Date.UTC(2026, 1, 1, 12, n)).toISOString(),
    }));
}

describe("The list of leads", () => {
  let store: Store;
  let app: TestApp;
  let acme: Tenant;
  let browser: TestBrowser;
  const operations: KvOperation[] = [];
  const clock = new TestClock();

  beforeEach(async () => {
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => operations.push(operation),
    });
    app = await createTestApp({ store, clock });
    acme = await addBrand("acme", manyLeads());
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });
  afterEach(() => store.close());

  async function addBrand(slug: string, leads: Lead[]): Promise<Tenant> {
    const tenant = await createTenant(store, {
      slug,
      name: `Brand ${slug}`,
      timezone: "America/New_York",
    }, clock);
    const records = { ...smallBrand(slug), leads };
    await installRecords(store, tenant, records, clock);
    return tenant;
  }

  const html = async (query = "") =>
    await expectPage(await browser.getIn("acme", `/leads${query}`));
  const text = async (query = "") => textOf(await html(query));
  const people = (markup: string) =>
    [...markup.matchAll(/<th scope="row"[^>]*>(?:<a[^>]*>)?Person (\d+)/g)]
      .map(([, number]) => Number(number));
  const nextOf = (markup: string) => {
    const [, href] = /<a[^>]*href="([^"]*)"[^>]*rel="next"/.exec(markup) ?? [];
    return href?.replaceAll("&amp;", "&").replace("#list", "") ?? null;
  };
  /** Everyone on all pages of a list. */
  async function walk(query: string): Promise<number[]> {
    const all: number[] = [];
    for (let next: string | null = query; next !== null;) {
      const markup = await html(next);
      all.push(...people(markup));
      next = nextOf(markup);
    }
    return all;
  }
  const down = (from: number) =>
    Array.from({ length: from }, (_, n) => from - 1 - n);

  it("runs through everyone, newest first, by 50 on a page", async () => {
    expect(people(await html())).toHaveLength(50);
    expect(await walk("")).toEqual(down(120));
    expect(await text()).toContain("120 leads, newest first.");
  });

  it("is sorted by every column, both ways, and paged as it is sorted", async () => {
    expect(await walk("?sort=name")).toEqual(down(120).toReversed());
    expect(await walk("?sort=-name")).toEqual(down(120));
    expect(await walk("?sort=created")).toEqual(down(120).toReversed());
    const sized = (await walk("?sort=-size")).slice(0, 12);
    expect(sized).toEqual([
      110,
      100,
      90,
      80,
      70,
      60,
      50,
      40,
      30,
      20,
      10,
      0,
    ]);
    for (const key of ["stage", "source", "market", "assigned", "updated"]) {
      for (const sort of [key, `-${key}`]) {
        const all = await walk(`?sort=${sort}`);
        expect(all).toHaveLength(120);
        expect(new Set(all).size).toBe(120);
      }
    }
    expect(await html("?sort=-market")).toMatch(
      /<th[^>]*aria-sort="descending"[^>]*><a[^>]*>Market/,
    );
  });

  it("is sorted by stage as the CRM has them, those that it does not know last, by name", async () => {
    const stages = async (sort: string) => (await walk(sort)).map((n) => n % 5);
    const inOrder = STAGES.flatMap((_, stage) => Array(24).fill(stage));
    expect(await stages("?sort=stage")).toEqual(inOrder);
    expect(await stages("?sort=-stage")).toEqual(inOrder.toReversed());
    expect(await text("?sort=stage")).toContain(
      "120 leads, by stage, first to last.",
    );
  });

  it("is narrowed by each filter, by several values, and by several filters", async () => {
    const shown = async (query: string) => (await walk(query)).length;
    expect(await shown("?source=Web")).toBe(40);
    expect(await shown("?source=Web&source=Not+recorded")).toBe(80);
    expect(await shown("?source=Web&stage=Lost")).toBe(8);
    expect(await shown("?market=TAMPA")).toBe(30);
    expect(await shown("?market=Not+recorded")).toBe(90);
    expect(await shown("?assigned=kim")).toBe(60);
    expect(await shown("?search=person+01")).toBe(10);
    expect(
      await shown(
        "?created=period&period=custom&from=2026-02-01&to=2026-02-01",
      ),
    )
      .toBe(120);
    expect(await shown("?created=period")).toBe(0);
    expect(await text("?source=Web&market=TAMPA")).toContain(
      "10 of 120 leads, newest first.",
    );
  });

  it("is narrowed by the kind of a stage to whom the figures count", async () => {
    const page = await text();
    expect(page).toContain("Qualified Leads 48");
    expect(await walk("?kind=qualified")).toHaveLength(48);
    expect(await walk("?kind=pipeline")).toHaveLength(72);
    expect(await walk("?kind=inactive&kind=unclassified")).toHaveLength(48);
    expect(await html()).toContain('href="?w=acme&amp;kind=qualified#list"');
  });

  it("has the columns that are asked for", async () => {
    const markup = await html("?cols=name&cols=assigned&cols=size&sort=-size");
    const [, table = ""] = /<table class="stacks".*?<thead(.*?)<\/table>/s
      .exec(markup) ?? [];
    expect(textOf(`<body>${table}`)).toMatch(
      /Name Assigned to Deal size .*?Person 110 Kim Owner \$110 /,
    );
    expect(markup).toContain('name="cols" value="assigned" checked');
    expect(nextOf(markup)).toContain("cols=name%2Cassigned%2Csize");
  });

  it("names what it cannot read and shows its default for it", async () => {
    for (
      const [query, sentence] of Object.entries({
        "?sort=phone": "Cannot read the parameter 'sort': it must be one of",
        "?cols=phone": "Cannot read the parameter 'cols': it must be some of",
        "?kind=hot": "Cannot read the parameter 'kind': it must be one of",
        "?cursor=abc": "Cannot read the parameter 'cursor': it is not one",
      })
    ) {
      const markup = await html(query);
      expect(textOf(markup)).toContain(sentence);
      expect(people(markup)).toEqual(down(120).slice(0, 50));
    }
  });

  it("takes no cursor of another sort, another filter or another brand", async () => {
    const bravo = await addBrand("bravo", manyLeads("Bravo "));
    const stranger = await app.signedIn(
      await app.createUser("tenant_viewer", bravo.id),
    );
    const foreign = nextOf(
      await expectPage(await stranger.getIn("bravo", "/leads")),
    )!;
    const cursor = (href: string) =>
      new URLSearchParams(href.slice(1)).get("cursor")!;
    const own = cursor(nextOf(await html("?sort=name"))!);
    for (
      const query of [
        `?cursor=${cursor(foreign)}`,
        `?cursor=${own}`,
        `?sort=-name&cursor=${own}`,
        `?sort=name&source=Web&cursor=${own}`,
      ]
    ) {
      const page = await text(query);
      expect(page).toContain("Cannot read the parameter 'cursor'");
      expect(page).not.toContain("Bravo ");
    }
    const second = await text(`?sort=name&cols=stage&cursor=${own}`);
    expect(second).toContain("Leads 51 to 100 of 120.");
  });

  it("teaches where nothing matches", async () => {
    expect(await text("?search=nobody")).toContain(
      "No leads match 'nobody'. Clear search",
    );
    expect(await text("?source=Radio&stage=Lost")).toContain(
      "No leads match all of this. Clear filters",
    );
  });

  it("is read once for each version of the data, however it is sorted, and never where nothing is asked", async () => {
    const lists = async (query: string) => {
      operations.length = 0;
      await html(query);
      return operations.filter(({ kind, keys: [key] }) =>
        kind === "list" && key?.[2] === "leads_by_created"
      ).length;
    };
    expect(await lists("")).toBe(1);
    expect(await lists("?sort=name")).toBe(1);
    expect(await lists("?sort=-stage&search=person")).toBe(0);
    expect(await lists("")).toBe(0);
    await installRecords(
      store,
      acme,
      {
        ...smallBrand("acme"),
        leads: [...manyLeads(), testLead("late", { lastName: "Latecomer" })],
      },
      clock,
      (state) => ({ ...state, dataVersion: 2 }),
    );
    expect(await lists("?search=latecomer")).toBe(1);
    expect(await text("?search=latecomer")).toContain("1 of 121 leads");
  });

  it("shows each brand its own, at the same version of the data", async () => {
    const bravo = await addBrand("bravo", manyLeads("Bravo "));
    const stranger = await app.signedIn(
      await app.createUser("tenant_viewer", bravo.id),
    );
    for (const query of ["?sort=name", "?search=person", "?market=tampa"]) {
      expect(await text(query)).not.toContain("Bravo ");
      const theirs = textOf(
        await expectPage(await stranger.getIn("bravo", `/leads${query}`)),
      );
      expect(theirs).toContain("Bravo Person");
      expect(theirs).not.toMatch(/(?<!Bravo )Person \d/);
    }
  });
});
