import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { BURIED_WORD } from "../browser/_birch_notes.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { expectJson, expectProblem } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

/**
 * Notes of Birch Bakery, the newest first: 301 (10 Mar, Sam Ortega, on 101), 302 (9 Mar, Pat Lindqvist, on 107, long),
 * 303 (27 Feb, Sam Ortega, on 105), 304 (no date, nobody); and one with an odd id by Pat on 9 March at 23:30.
 */
describe("Notes without JavaScript", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
    reader.rig.simulator.brand(TEST_WEB_KEY).putNote({
      id: "odd/id?",
      contact_id: "107",
      date: "2026-03-09 23:30:00",
      author: "Pat Lindqvist",
      content: "Late call.",
    });
    await reader.rig.sync();
  });
  afterAll(() => reader[Symbol.dispose]());

  const ids = async (query: string) => {
    const answer = await reader.browser.getIn(
      "birch-bakery",
      `/api/dashboard/notes?${query}`,
    );
    const { data, page } = await expectJson(answer) as {
      data: { id: string }[];
      page: { total: number };
    };
    expect(page.total).toBe(data.length);
    return data.map(({ id }) => id);
  };

  it("are narrowed by author, person and days of the tenant's zone, on the page as in JSON", async () => {
    const cases: Record<string, string[]> = {
      "author=sam": ["301", "303"],
      "contact=107": ["odd/id?", "302"],
      "from=2026-03-09&to=2026-03-09": ["odd/id?", "302"],
      "from=2026-03-10": ["301"],
      "to=2026-02-27": ["303"],
      "contact=107&author=pat&search=late": ["odd/id?"],
      "contact=105&from=2026-03-01": [],
    };
    for (const [query, wanted] of Object.entries(cases)) {
      expect([query, await ids(query)]).toEqual([query, wanted]);
      const html = await reader.html(`/notes?${query}`);
      const shown = [
        ...html.matchAll(
          /<li[^>]*class="py-3 whole".*?href="\/notes\/([^?]*)/gs,
        ),
      ].map(([, id = ""]) => decodeURIComponent(id));
      expect([query, shown]).toEqual([query, wanted]);
    }
  });

  it("page through what they are narrowed to", async () => {
    const first = await expectJson(
      await reader.browser.getIn(
        "birch-bakery",
        "/api/dashboard/notes?contact=107&limit=1",
      ),
    ) as { data: { id: string }[]; page: { cursor: string; total: number } };
    expect([first.data[0]!.id, first.page.total]).toEqual(["odd/id?", 2]);
    const { cursor } = first.page;
    const next = await expectJson(
      await reader.browser.getIn(
        "birch-bakery",
        `/api/dashboard/notes?contact=107&limit=1&cursor=${cursor}`,
      ),
    ) as { data: { id: string }[]; page: { total: number } };
    expect([next.data[0]!.id, next.page.total]).toEqual(["302", 2]);
  });

  it("say what they are narrowed to, and take it away", async () => {
    const html = await reader.html(
      "/notes?contact=107&author=pat&from=2026-03-01&search=call",
    );
    expect(textOf(html)).toContain(
      "Only notes by 'pat' , on Gus Hale , since 1 Mar 2026 .",
    );
    expect(html).toMatch(
      /href="\?w=birch-bakery&amp;search=call"[^>]*>\s*Show all authors/,
    );
    expect(textOf(html)).toContain("1 note with 'call'");
    expect(html).toContain('name="contact" value="107"');
    expect(html).toContain(
      "/notes.csv?w=birch-bakery&amp;search=call&amp;author=pat",
    );
    expect(await reader.text("/notes?author=nobody")).toContain(
      "No notes match all of this.",
    );
  });

  it("as a file are those that are shown", async () => {
    const answer = await reader.browser.getIn(
      "birch-bakery",
      "/notes.csv?contact=107&from=2026-03-09&author=pat",
    );
    const lines = (await answer.text()).trim().split("\r\n");
    expect(lines.length).toBe(3);
    expect(lines[1]).toContain("Late call.");
  });

  it("answer 400 to filters that cannot be read; the page names them and shows its default", async () => {
    const wrong = {
      "from=2026-02-30": "from",
      "to=yesterday": "to",
      "from=2026-03-02&to=2026-03-01": "to",
      "author=a&author=b": "author",
    };
    for (const [query, parameter] of Object.entries(wrong)) {
      const answer = await reader.browser.getIn(
        "birch-bakery",
        `/api/dashboard/notes?${query}`,
      );
      expect(await expectProblem(answer, 400)).toMatchObject({ parameter });
      const text = await reader.text(`/notes?${query}`);
      expect(text).toContain(`Cannot read the parameter '${parameter}'`);
    }
    expect(await reader.text("/notes?from=2026-03-02&to=2026-03-01"))
      .toContain("5 notes");
  });

  it("lead to their people and to a page of their own, which leads back", async () => {
    const html = await reader.html(`/notes?search=${BURIED_WORD}`);
    expect(textOf(html)).toContain("Pat Lindqvist on Gus Hale");
    const [, href = ""] = /href="([^"]*)" data-whole-note/.exec(html) ?? [];
    const note = await reader.html(href.replaceAll("&amp;", "&"));
    expect(note).toContain(`>${BURIED_WORD}</mark>`);
    expect(note).toContain(
      `href="/notes?w=birch-bakery&amp;search=${BURIED_WORD}"`,
    );
    expect(note).toMatch(/href="\/leads\/107\?[^"]*"[^>]*>Gus Hale/);
    expect(await reader.text("/notes/odd%2Fid%3F")).toContain("Late call.");
  });
});
