import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { type Column, DataTable } from "../../components/DataTable.tsx";
import { html, tableOf, text } from "./_render.ts";

interface Row {
  name: string | null;
  count: number | null;
  cents: number | null;
  percent: number | null;
  at: string | null;
  stage: string | null;
}

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { kind: "text", head: "Name", value: (row) => row.name, missing: "Nobody" },
  { kind: "count", head: "Count", value: (row) => row.count },
  { kind: "money", head: "Value", value: (row) => row.cents },
  { kind: "percent", head: "Likely", value: (row) => row.percent },
  { kind: "date", head: "Day", value: (row) => row.at },
  { kind: "datetime", head: "When", value: (row) => row.at },
  {
    kind: "badge",
    head: "Stage",
    value: ({ stage }) => stage === null ? null : { text: stage },
  },
];

const KNOWN: Row = {
  name: "Robin & Co",
  count: 1234,
  cents: 125_000_000,
  percent: 12.5,
  at: "2026-03-11T03:30:00.000Z",
  stage: "FDD Sent",
};
const UNKNOWN: Row = {
  name: null,
  count: null,
  cents: null,
  percent: null,
  at: null,
  stage: null,
};

function table(rows: Row[], totals?: string[]) {
  return (
    <DataTable
      caption="Rows"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ name }) => name ?? "-"}
      empty="There are no rows yet."
      currency="USD"
      timezone="America/New_York"
      {...(totals ? { totals } : {})}
    />
  );
}

describe("DataTable", () => {
  it("shows each kind as people read it, in the tenant's zone", () => {
    expect(tableOf(html(table([KNOWN])))).toEqual([
      ["Name", "Count", "Value", "Likely", "Day", "When (New York)", "Stage"],
      [
        "Robin &amp; Co",
        "1,234",
        "$1,250,000",
        "12.5%",
        "10 Mar 2026",
        "10 Mar 2026, 23:30",
        "FDD Sent",
      ],
    ]);
  });

  it("shows what is unknown as a dash, never as zero", () => {
    expect(tableOf(html(table([UNKNOWN])))[1])
      .toEqual(["Nobody", "–", "–", "–", "–", "–", "–"]);
  });

  it("aligns numbers right, headings with them, and names each row by its first cell", () => {
    const markup = html(table([KNOWN]));
    expect(markup).toMatch(
      /<th scope="col" class="[^"]*text-right[^"]*">Value/,
    );
    expect(markup).toMatch(/<td class="[^"]*text-right[^"]*">\$1,250,000/);
    expect(markup).toMatch(/<th scope="row"[^>]*>Robin/);
    expect(markup).not.toMatch(
      /<th scope="col" class="[^"]*text-right[^"]*">Name/,
    );
  });

  it("has a caption and a box of its own to scroll in, which a keyboard reaches", () => {
    const markup = html(table([KNOWN]));
    expect(markup).toMatch(/<caption[^>]*>Rows<\/caption>/);
    expect(markup).toMatch(
      /role="region"[^>]*aria-label="Rows"[^>]*tabindex="0"/,
    );
    expect(markup).toContain("scroll-box");
  });

  it("says a sentence where there are no rows", () => {
    expect(text(table([]))).toBe("There are no rows yet.");
  });

  it("ends with its totals", () => {
    const markup = html(table([KNOWN], ["Total", "1", "$1", "", "", "", ""]));
    expect(markup).toMatch(/<tfoot>.*<th scope="row"[^>]*>Total<\/th>/);
    expect(tableOf(markup).at(-1)?.slice(0, 3)).toEqual(["Total", "1", "$1"]);
  });

  it("escapes what people typed", () => {
    const markup = html(
      table([{ ...KNOWN, name: "<script>alert(1)</script>" }]),
    );
    expect(markup).not.toContain("<script>");
  });
});
