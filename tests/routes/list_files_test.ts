import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Lead } from "../../lib/domain/mod.ts";
import {
  createTenant,
  type KvOperation,
  listAudit,
  openStore,
  type Store,
  type Tenant,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { TestClock } from "../_clock.ts";
import {
  type BrandRecords,
  installRecords,
  smallBrand,
  testLead,
  testOpportunity,
} from "../_data.ts";

/** The lines of a file, each as its cells; the mark before them is taken for granted. */
function linesOf(csv: string): string[][] {
  expect(csv.startsWith("\ufeff")).toBe(true);
  return csv.slice(1).split("\r\n").slice(0, -1).map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)]
      .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "")
  );
}

function manyLeads(): Lead[] {
  return Array.from({ length: 130 }, (_, n) =>
    testLead(`${n}`, {
      firstName: n === 7 ? '=HYPERLINK("x")' : "Person",
      lastName: String(n).padStart(3, "0"),
      stage: n % 2 === 0 ? "New Lead" : "Deal Structure",
      source: n % 2 === 0 ? "Web" : null,
      market: n % 3 === 0 ? "Zürich, ZH" : null,
      dealSizeCents: n === 10 ? -123450 : n === 20 ? 5 : null,
      createdAt: new Date(Date.UTC(2026, 2, 8, 6, n)).toISOString(),
    }));
}

describe("Lists as files", () => {
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
    acme = await createTenant(store, {
      slug: "acme",
      name: "Acme",
      timezone: "America/New_York",
    }, clock);
    const records: BrandRecords = {
      ...smallBrand("acme"),
      leads: manyLeads(),
      opportunities: [
        testOpportunity("a", {
          firstName: "Ada",
          stage: "Deal Structure",
          dealSizeCents: 100_01,
          units: 2,
          market: "@home",
        }),
        testOpportunity("b", { firstName: "Bo", stage: "FA Sent" }),
      ],
    };
    await installRecords(store, acme, records, clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });
  afterEach(() => store.close());

  const file = async (path: string) => {
    const answer = await browser.getIn("acme", path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const bytes = await answer.bytes();
    return linesOf(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  };
  const entries = async () =>
    (await listAudit(store, { limit: 10, action: "list.exported" })).rows;

  it("holds every page of the leads in the order of the page, with its columns", async () => {
    const [head, ...lines] = await file("/leads.csv");
    expect(head).toEqual([
      "Name",
      "Stage",
      "Source",
      "Market",
      "Created (America/New_York)",
    ]);
    expect(lines).toHaveLength(130);
    // The clock goes forward at two on this day.
    expect(lines.at(-1)).toEqual([
      "Person 000",
      "New Lead",
      "Web",
      "Zürich, ZH",
      "2026-03-08 01:00:00",
    ]);
    expect(lines[130 - 1 - 60]?.at(-1)).toBe("2026-03-08 03:00:00");
  });

  it("holds what a view holds, sorted, narrowed and with the columns as it has them", async () => {
    const [head, ...lines] = await file(
      "/leads.csv?sort=-size&source=Web&search=person&cols=size",
    );
    expect(head).toEqual(["Name", "Deal size"]);
    expect(lines).toHaveLength(65);
    expect(lines.slice(0, 3)).toEqual([
      ["Person 020", "0.05"],
      ["Person 010", "-1234.50"],
      ["Person 098", ""],
    ]);
  });

  it("holds no formula", async () => {
    const lines = await file("/leads.csv?search=hyperlink");
    expect(lines[1]?.[0]).toBe(`'=HYPERLINK("x") 007`);
  });

  it("holds the hot list, those without a weight too", async () => {
    expect(await file("/hot-list.csv")).toEqual([
      [
        "Candidate Name",
        "Market",
        "Units",
        "Weighted IFF",
        "Stage",
        "Likely %",
        "Days in stage",
      ],
      ["Ada a", "'@home", "2", "50.01", "Deal Structure", "50", "at least 0"],
      ["Bo b", "", "", "", "FA Sent", "90", "at least 0"],
    ]);
    expect(await file("/hot-list.csv?sort=-name&cols=name")).toEqual([
      ["Candidate Name"],
      ["Bo b"],
      ["Ada a"],
    ]);
  });

  it("is sorted by stage in the CRM's order, as the page is", async () => {
    const stages = async (path: string) =>
      (await file(path)).slice(1).map(([, stage]) => stage);
    const half = (stage: string) => Array<string>(65).fill(stage);
    const inOrder = [...half("New Lead"), ...half("Deal Structure")];
    expect(await stages("/leads.csv?sort=stage&cols=stage")).toEqual(inOrder);
    expect(await stages("/leads.csv?sort=-stage&cols=stage"))
      .toEqual(inOrder.toReversed());
  });

  it("is named by brand, list and day", async () => {
    const answer = await browser.getIn("acme", "/hot-list.csv");
    await answer.body?.cancel();
    expect(answer.headers.get("content-disposition"))
      .toBe('attachment; filename="acme-hot-list-2026-03-11.csv"');
  });

  it("is an entry in the audit log, which says who took what", async () => {
    await file("/leads.csv?source=Web&source=Not+recorded&sort=name");
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: "list.exported",
      tenantId: acme.id,
      target: "leads",
      detail: { source: "Web, Not recorded", sort: "name" },
    });
  });

  it("is neither read nor written down for HEAD", async () => {
    operations.length = 0;
    const answer = await browser.fetch("/leads.csv?w=acme&sort=name", {
      method: "HEAD",
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await answer.text()).toBe("");
    const read = operations.filter(({ keys: [key] }) =>
      key?.[2] === "leads_by_created"
    );
    expect(read).toEqual([]);
    expect(await entries()).toEqual([]);
  });

  it("is refused where a part of the address cannot be read, and not written down", async () => {
    for (
      const [query, parameter] of [
        ["sort=phone", "sort"],
        ["cols=phone", "cols"],
        ["kind=hot", "kind"],
        ["created=today", "created"],
        ["period=year", "period"],
      ]
    ) {
      const answer = await browser.get(`/leads.csv?w=acme&${query}`, {
        accept: "application/json",
      });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(`'${parameter}'`);
    }
    expect(await entries()).toEqual([]);
  });

  it("holds the notes whole, in either order, and those of a search alone", async () => {
    const [head, ...lines] = await file("/notes.csv");
    expect(head).toEqual(["Date (America/New_York)", "Author", "Note"]);
    const dates = [10, 9, 8].map((day) =>
      `2026-03-${String(day).padStart(2, "0")}`
    );
    expect(lines.map(([date]) => date!.slice(0, 10))).toEqual(dates);
    // Its row in the list holds the beginning alone.
    expect(lines[0]?.[2]).toBe("acme ".repeat(1000));
    const upwards = await file("/notes.csv?sort=date");
    expect(upwards.slice(1)).toEqual(lines.toReversed());
    expect(await file("/notes.csv?search=fdd")).toHaveLength(2);
  });
});
