import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ask, bodyOf, column, readAll } from "./_fixture.ts";
import { LEADS, PAGE_2, spoilt, trueRows } from "./_faults_fixture.ts";

describe("lists that change or lie", () => {
  it("7: JSON that ends in the middle", async () => {
    const response = await ask(spoilt({ kind: "truncated_json" }), LEADS);
    const text = await response.text();
    expect(text.startsWith('{"data":[')).toBe(true);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it("14: a total that shrinks while pages are read", async () => {
    const simulator = spoilt({ kind: "shrinking_total", by: 2 });
    const one = await bodyOf(await ask(simulator, LEADS));
    const two = await bodyOf(await ask(simulator, PAGE_2));
    expect([one.TotalRecord, two.TotalRecord]).toEqual([250, 248]);
    const ids = column(await readAll(simulator, LEADS), "client_id");
    expect(new Set(ids).size).toBe(248);
  });

  it("14: pages that are shorter than asked for", async () => {
    const simulator = spoilt({ kind: "short_page", size: 30 });
    const body = await bodyOf(await ask(simulator, `${LEADS}?limit=100`));
    expect(Array.isArray(body.data) && body.data.length).toBe(30);
    expect(body.TotalRecord).toBe(250);
  });

  it("15: records that come again on the next page, newer", async () => {
    const simulator = spoilt({ kind: "duplicate", count: 2 });
    const rows = await readAll(simulator, LEADS);
    expect(rows.length).toBe(252);
    expect(new Set(column(rows, "client_id")).size).toBe(250);
    const again = rows.filter((r) => r.client_id === rows[99]?.client_id);
    expect(again.length).toBe(2);
    expect(
      String(again[1]?.last_modified_date) >
        String(again[0]?.last_modified_date),
    ).toBe(true);
    expect(again[1]?.compName).toContain("(changed)");
  });

  it("16: records that move to the part already read", async () => {
    const simulator = spoilt({ kind: "moved" });
    const rows = await readAll(simulator, LEADS);
    const truth = column(trueRows(simulator), "client_id");
    const read = new Set(column(rows, "client_id"));
    expect(truth.filter((id) => !read.has(id))).toEqual([truth[100]]);
    expect((await bodyOf(await ask(simulator, PAGE_2))).TotalRecord).toBe(250);
  });

  it("17: the same page forever", async () => {
    const simulator = spoilt({ kind: "same_page" });
    const first = await (await ask(simulator, LEADS)).text();
    for (const offset of [100, 200, 900]) {
      const page = await ask(simulator, `${LEADS}?offset=${offset}`);
      expect(await page.text()).toBe(first);
    }
  });

  it("18: all that is none, in each way of saying so", async () => {
    const bodies: string[] = [];
    for (const style of ["array", "null", "text", "CT515"] as const) {
      const response = await ask(spoilt({ kind: "none", style }), LEADS);
      bodies.push(await response.text());
    }
    expect(bodies).toEqual([
      '{"data":[],"TotalRecord":0}',
      '{"data":null,"TotalRecord":0}',
      '{"data":"","TotalRecord":0}',
      '{"code":"CT515","message":"No record found"}',
    ]);
  });

  it("19: a count that falls sharply", async () => {
    const body = await bodyOf(
      await ask(spoilt({ kind: "fewer", keep: 0.1 }), LEADS),
    );
    expect(body.TotalRecord).toBe(25);
    expect(Array.isArray(body.data) && body.data.length).toBe(25);
  });
});
