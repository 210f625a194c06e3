import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { BarList } from "../../components/BarList.tsx";
import { withOther } from "../../components/chart_items.ts";
import { LeadsBySource } from "../../components/LeadsBySource.tsx";
import { LeadsByStatus } from "../../components/LeadsByStatus.tsx";
import { LeadTrend } from "../../components/LeadTrend.tsx";
import { leadMetrics } from "./_views.ts";
import { html, tableOf, text } from "./_render.ts";

const hrefOf = (names: string | readonly string[]) =>
  `?w=a&source=${encodeURIComponent([names].flat().join())}`;

function bySource(rows = leadMetrics().bySource, chosen?: string) {
  return (
    <LeadsBySource
      rows={rows}
      fresh={[{ name: "Web", leads: 1, qualified: 0 }]}
      freshWords="9 to 11 Mar 2026 so far"
      totalLeads={5}
      leadSources={2}
      chosen={chosen}
      hrefOf={hrefOf}
    />
  );
}

describe("LeadsBySource", () => {
  it("has every source in a table beside its chart", () => {
    expect(tableOf(html(bySource()))).toEqual([
      ["Source", "Leads", "Share", "Qualified", "New"],
      ["Not recorded", "2", "40%", "0", "0"],
      ["Web", "2", "40%", "1", "1"],
      ["Expo &amp; Fair", "1", "20%", "1", "0"],
    ]);
  });

  it("says in words what its chart shows", () => {
    expect(html(bySource())).toMatch(
      /<canvas role="img" aria-label="Bar chart of leads by source\. 2 recorded sources\. Most leads: Not recorded, 2 of 5 \(40%\)\."/,
    );
  });

  it("narrows the list below by a click on a source", () => {
    expect(html(bySource())).toContain(
      'href="?w=a&amp;source=Expo%20%26%20Fair"',
    );
  });

  it("marks the source that the list is narrowed to", () => {
    expect(html(bySource(leadMetrics().bySource, "Web")))
      .toMatch(/aria-current="true"[^>]*>Web</);
  });

  it("keeps all rows in the table where the chart has room for ten", () => {
    const rows = Array.from({ length: 25 }, (_, n) => ({
      name: `Source ${n}`,
      leads: 25 - n,
      qualified: null,
    }));
    expect(tableOf(html(bySource(rows)))).toHaveLength(26);
    expect(html(bySource(rows))).toContain(
      ">Other (16)</a>: the sources that the chart draws as one, 136 leads.",
    );
    expect(text(bySource())).not.toContain("Other (");
  });

  it("is no chart but a sentence where there are no leads", () => {
    expect(text(bySource([]))).toContain("There are no leads yet.");
    expect(html(bySource([]))).not.toContain("<canvas");
  });
});

describe("LeadsByStatus", () => {
  it("has every status in a table, and says which are inactive or unclassified", () => {
    const card = (
      <LeadsByStatus
        rows={leadMetrics().byStatus}
        totalLeads={5}
        hrefOf={hrefOf}
      />
    );
    expect(tableOf(html(card))).toEqual([
      ["Status", "Leads", "Share"],
      ["New Lead", "2", "40%"],
      ["QR Returned", "1", "20%"],
      ["Lost· inactive", "1", "20%"],
      ["Mystery· unclassified", "1", "20%"],
    ]);
    expect(html(card)).toContain('role="img"');
  });
});

describe("withOther()", () => {
  it("loses no lead, whatever the sources", () => {
    const item = fc.record({ name: fc.string(), count: fc.nat(1e6) });
    fc.assert(
      fc.property(
        fc.array(item),
        fc.integer({ min: 2, max: 12 }),
        (items, most) => {
          const shown = withOther(items, most, hrefOf);
          const sum = (list: { count: number }[]) =>
            list.reduce((total, { count }) => total + count, 0);
          expect(shown.length).toBeLessThanOrEqual(most);
          expect(sum(shown)).toBe(sum(items));
        },
      ),
    );
  });

  it("says how many are in the last one", () => {
    const items = ["a", "b", "c", "d"].map((name) => ({ name, count: 1 }));
    expect(withOther(items, 3, hrefOf).at(-1)).toEqual({
      ...{ name: "Other (2)", count: 2, isOther: true },
      href: hrefOf(["c", "d"]),
    });
  });

  it("leads nowhere where there are more names than an address may ask for", () => {
    const items = Array.from({ length: 54 }, (_, n) => ({
      ...{ name: `${n}`, count: 1 },
    }));
    const last = (most: number) => withOther(items, most, hrefOf).at(-1);
    expect(last(5)?.href).toBeDefined();
    expect(last(4)?.href).toBeUndefined();
  });
});

describe("LeadTrend", () => {
  const weeks = [
    { weekStart: "2026-02-16", count: 4, partial: false },
    { weekStart: "2026-02-23", count: 0, partial: false },
    { weekStart: "2026-03-02", count: 1200, partial: false },
    { weekStart: "2026-03-09", count: 3, partial: true },
  ];
  const trend = (
    <LeadTrend weeks={weeks} workspace="a" keep={{ period: "7d" }} />
  );

  it("writes each value at its mark, and emphasises the week that is not over", () => {
    expect(text(trend)).toContain("Week of 2 Mar: 1,200");
    expect(html(trend).match(/<rect[^>]*class="fill-accent"/g)).toHaveLength(1);
  });

  it("names a month where it begins, and not again", () => {
    const months = html(trend).matchAll(/<span class="block">(\w+)<\/span>/g);
    expect([...months].map(([, month]) => month)).toEqual(["Feb", "Mar"]);
  });

  it("draws an empty week as a line", () => {
    expect(html(trend)).toContain('height="1"');
  });

  it("has its numbers as a table", () => {
    expect(tableOf(html(trend))).toEqual([
      ["Week", "New leads"],
      ["16 to 22 Feb 2026", "4"],
      ["23 Feb to 1 Mar 2026", "0"],
      ["2 to 8 Mar 2026", "1,200"],
      ["9 to 15 Mar 2026", "3"],
    ]);
  });

  it("says what it shows, and compares with whole weeks only", () => {
    expect(text(trend)).toContain(
      "3 so far this week, 1,200 in the whole of last week; 401 a week on average before this one.",
    );
  });

  it("offers 4, 8 or 12 weeks by links that keep the rest of the address", () => {
    expect(html(trend)).toContain('href="?w=a&amp;period=7d&amp;weeks=12"');
    expect(html(trend)).toMatch(/aria-label="4 weeks" aria-current="true"/);
  });
});

describe("BarList", () => {
  it("is a table that reads without its bars", () => {
    const list = (
      <BarList
        caption="Leads by stage"
        head="Stage"
        figures={["Leads"]}
        rows={[
          { name: "New Lead", amount: 4, figures: ["4"] },
          { name: "FDD Sent", amount: 1, figures: ["1"], emphasised: true },
          { name: "FA Sent", amount: 0, figures: ["0"] },
        ]}
      />
    );
    expect(tableOf(html(list))).toEqual([
      ["Stage", "", "Leads"],
      ["New Lead", "", "4"],
      ["FDD Sent", "", "1"],
      ["FA Sent", "", "0"],
    ]);
    expect([...html(list).matchAll(/<rect width="([^"]*)"/g)].map(([, w]) => w))
      .toEqual(["100%", "25%", "0%"]);
  });

  it("draws no bar to the left where a stage's value is negative", () => {
    const rows = [{ name: "x", amount: -5, figures: ["−$5"] }];
    expect(html(<BarList caption="c" head="h" figures={["f"]} rows={rows} />))
      .toContain('width="0%"');
  });
});
