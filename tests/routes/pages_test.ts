import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openStore } from "../../lib/store/mod.ts";
import { createTestApp } from "../_app.ts";
import { BURIED_WORD, LONG_NOTE } from "../browser/_birch_notes.ts";
import { TEST_ACCESS_TOKEN, TEST_WEB_KEY } from "../_sync.ts";
import { expectPage, expectRedirect } from "./_assert.ts";
import { openReader, PAGES, type Reader, textOf } from "./_reader.ts";

describe("The pages without JavaScript", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
    await reader.rig.sync();
  });
  afterAll(() => reader[Symbol.dispose]());

  it("every page has the seven links with the workspace, one of them active", async () => {
    for (const path of PAGES) {
      const html = await reader.html(path);
      const links = [
        ...html.matchAll(/<a href="([^"]*)"[^>]*aria-current="(page|false)"/g),
      ]
        .map(([, href, current]) => ({ href, current }))
        .filter(({ href }) =>
          PAGES.some((page) => href === `${page}?w=birch-bakery`)
        );
      const header = links.filter(({ current }) => current === "page");
      expect(header).toEqual([
        { href: `${path}?w=birch-bakery`, current: "page" },
      ]);
      expect(new Set(links.map(({ href }) => href)).size).toBe(7);
    }
  });

  it("every page carries its figures, its title and the age of its data", async () => {
    const said: Record<string, string[]> = {
      "/dashboard": ["New leads 2 +1", "of 12 leads (75%)", "$35.7K weighted"],
      "/reports": ["No report has been published yet."],
      "/leads": ["Total Leads 12", "Lead Sources 4", "Expo 4 33% 3"],
      "/pipeline": [
        "Average Deal Size $20K",
        "Deal Structure 4 $69,000.04 12.5%",
      ],
      "/hot-list": [
        "Hollis Imre Austin, TX 2 $27,000 FA Sent 90%",
        "Total of 4 candidates 5 $35,625.01",
        "1 candidate without a deal size or a likelihood",
      ],
      "/notes": ["4 notes", "Called about the FDD 🎉 Great mood."],
      "/schedule": ["14:30 Call Ada Birch First call Scheduled"],
    };
    for (const [path, sentences] of Object.entries(said)) {
      const text = await reader.text(path);
      for (const sentence of [...sentences, "Updated just now"]) {
        expect(text).toContain(sentence);
      }
    }
  });

  it("the charts' numbers stand in tables, with a sentence that says what they show", async () => {
    const html = await reader.html("/leads");
    expect(html).toMatch(/<caption[^>]*>Leads by source<\/caption>/);
    expect(html).toMatch(/<caption[^>]*>Leads by status<\/caption>/);
    const text = textOf(html);
    expect(text).toContain("Most leads: Expo, 4 of 12 (33%).");
    expect(text).toContain("Lost · inactive 1 8%");
  });

  it("leads are filtered and searched by links and a GET form", async () => {
    const filtered = await reader.text("/leads?source=Not+recorded");
    expect(filtered).toContain("2 of 12 leads, newest first.");
    expect(filtered).toContain("Remove Source: Not recorded ×");
    expect(filtered).not.toContain("Ada Birch New Lead");
    expect(await reader.text("/leads?search=tampa")).toContain("Ada Birch");
    expect(await reader.text("/leads?search=none")).toContain(
      "No leads match 'none'.",
    );
    const html = await reader.html("/leads?source=Expo");
    const forms = html.match(/<form method="get".*?<\/form>/gs) ?? [];
    const form = forms.find((one) => one.includes("Search name or market"));
    expect(form).toContain('name="w" value="birch-bakery"');
    expect(form).toContain('name="source" value="Expo"');
  });

  it("a search without a match says so and offers the way back", async () => {
    const html = await reader.html("/notes?search=fdd+deed");
    expect(textOf(html)).toContain("No notes match 'fdd deed'. Clear search");
    expect(html).toMatch(/<a[^>]*href="\?w=birch-bakery"[^>]*>Clear search/);
  });

  it("a search looks into whole notes, and its text is never markup", async () => {
    expect(await reader.text(`/notes?search=${BURIED_WORD}`)).toContain(
      `1 note with '${BURIED_WORD}'`,
    );
    const html = await reader.html("/notes?search=%3Cimg+src%3Dx%3E");
    expect(html).not.toContain("<img src=x>");
    expect(textOf(html)).toContain("No notes match '<img src=x>'.");
  });

  it("a long note is read whole on a page of its own", async () => {
    expect(await reader.text("/notes/302")).toContain(LONG_NOTE);
    const missing = await reader.browser.getIn("birch-bakery", "/notes/999");
    expect(textOf(await expectPage(missing, 404))).not.toContain("Birch");
  });

  it("every page is in the brand's own colour, and on paper has its line", async () => {
    using own = await openReader({ tenant: { accent: "#7a1fa2" } });
    for (const path of PAGES) {
      const html = await own.html(path);
      const head = html.slice(0, html.indexOf("</head>"));
      expect(head).toContain(":root{--accent:#7a1fa2;");
      expect(head).toContain("@page{@top-left{content:'Birch");
    }
  });

  it("a page without its workspace leads to the same page with it", async () => {
    await expectRedirect(
      await reader.browser.get("/leads?source=Expo"),
      "/leads?source=Expo&w=birch-bakery",
    );
  });

  it("the schedule is a month too, of which what is over is not listed", async () => {
    const march = await reader.html("/schedule?view=month");
    expect(textOf(march)).toContain("March 2026");
    expect(textOf(march)).toContain("Call Ada Birch");
    expect(march).toContain('id="day-2026-03-11"');
    expect(march).toContain("view=month&amp;month=2026-04");
    const past = await reader.text("/schedule?view=month&month=2026-01");
    expect(past).toContain("January 2026 0 activities to come.");
    const wrong = await reader.text("/schedule?view=month&month=2026-13");
    expect(wrong).toContain("'month': it must be a month such as 2026-03");
    expect(wrong).toContain("March 2026");
  });

  it("a query that cannot be read is named, and the page shows its default", async () => {
    const wrong = {
      "period=year": "Cannot read the parameter 'period': it must be one of",
      "weeks=5": "Cannot read the parameter 'weeks': it must be one of",
      "weeks=4&weeks=8": "Cannot read the parameter 'weeks': it is given twice",
      "from=2026-02-30&to=2026-03-01": "'2026-02-30' is none",
      "period=custom&from=2026-03-02&to=2026-03-01":
        "2026-03-02 is after 2026-03-01",
    };
    for (const [query, sentence] of Object.entries(wrong)) {
      const text = await reader.text(`/dashboard?${query}`);
      expect(text).toContain(sentence);
      expect(text).toContain("Mon 9 Mar to Wed 11 Mar 11:00");
    }
  });

  it("the period is kept by every link of the page that shows it", async () => {
    const html = await reader.html("/dashboard?period=28d");
    expect(html).toContain("12 Feb to 11 Mar 2026 so far");
    expect(html).toContain("15 Jan to 11 Feb 2026");
    expect(html).toContain("period=28d&amp;created=period#list");
    expect(html).toContain("period=28d&amp;weeks=12");
  });

  it("the new leads of a period are the list behind their number", async () => {
    const text = await reader.text("/leads?period=28d&created=period");
    const [, count] = /New leads (\d+)/.exec(text) ?? [];
    expect(Number(count)).toBeGreaterThan(2);
    expect(text).toContain(`${count} of 12 leads, newest first.`);
    expect(text).toContain("Created: 12 Feb to 11 Mar 2026 so far ×");
  });

  it("pages are kept by nobody and may run nothing but their own scripts", async () => {
    for (const path of PAGES) {
      const answer = await reader.browser.getIn("birch-bakery", path);
      const html = await expectPage(answer);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      const policy = answer.headers.get("content-security-policy");
      expect(policy).not.toContain("unsafe");
      expect(html).not.toMatch(/\sstyle="/);
      expect(html).not.toMatch(/\son[a-z]+="/);
    }
  });

  it("no page holds a key or a raw record", async () => {
    for (const path of [...PAGES, "/notes/301"]) {
      const html = await reader.html(path);
      expect(html).not.toContain(TEST_WEB_KEY);
      expect(html).not.toContain(TEST_ACCESS_TOKEN);
      expect(html).not.toContain("contact_id");
    }
  });

  it("a page of figures costs at most three reads beyond those of the guard, one of a list six", async () => {
    const lists = ["/leads", "/hot-list", "/notes"];
    const { kv, tenant, clock } = reader.rig;
    const user = await reader.app.createUser("tenant_viewer", tenant.id);
    // Of a store that has just been opened, which keeps nothing yet.
    const reads = async (path: string) => {
      let count = 0;
      const store = await openStore({
        kv,
        observe: ({ kind }) => kind === "commit" || count++,
      });
      const browser = await (await createTestApp({ store, clock }))
        .signedIn(user);
      count = 0;
      await expectPage(await browser.getIn("birch-bakery", path));
      return count;
    };
    // The reports are one list.
    const guard = await reads("/reports") - 1;
    for (const path of PAGES) {
      const own = await reads(path) - guard;
      expect(own).toBeGreaterThanOrEqual(1);
      expect(own).toBeLessThanOrEqual(lists.includes(path) ? 6 : 3);
    }
  });
});
