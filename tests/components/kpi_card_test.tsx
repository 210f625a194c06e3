import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { KPICard } from "../../components/KPICard.tsx";
import { NewLeadsCard } from "../../components/NewLeadsCard.tsx";
import { html, text } from "./_render.ts";

const TIMES = {
  from: Date.parse("2026-03-09T04:00:00.000Z"),
  to: Date.parse("2026-03-11T14:14:00.000Z"),
  comparisonFrom: Date.parse("2026-03-02T05:00:00.000Z"),
  comparisonTo: Date.parse("2026-03-04T15:14:00.000Z"),
};

function newLeadsCard(count: number | null, comparison: number | null) {
  return (
    <NewLeadsCard
      figures={{ count, comparison, ...TIMES }}
      timezone="America/New_York"
      href="/leads?w=a"
      trend={[3, 5]}
    />
  );
}

describe("KPICard", () => {
  it("says what, how much and what it means", () => {
    const card = (
      <KPICard
        label="Pipeline value"
        value="$8.29M"
        beneath="$3.02M weighted"
        subtitle="18 without a size"
      />
    );
    expect(text(card)).toBe(
      "Pipeline value $8.29M $3.02M weighted 18 without a size",
    );
  });

  it("keeps the place of its figure while it is loading", () => {
    const card = (
      <KPICard
        label="Total Leads"
        value="5"
        href="/leads"
        loading
      />
    );
    expect(html(card)).toContain('aria-busy="true"');
    expect(text(card)).toBe("Total Leads Loading");
    expect(html(card)).not.toContain("<a ");
  });

  it("is loading where it has no value yet", () => {
    expect(html(<KPICard label="Total Leads" value={null} />))
      .toContain('aria-busy="true"');
  });

  it("leads to what it counts", () => {
    expect(html(<KPICard label="Total Leads" value="5" href="/leads?w=a" />))
      .toContain('href="/leads?w=a"');
  });

  it("draws how it went from the second point on, hidden from screen readers", () => {
    const drawn = html(<KPICard label="x" value="1" trend={[1, 3, 2]} />);
    expect(drawn).toContain('points="0,24 50,0 100,12"');
    expect(drawn).toContain('aria-hidden="true"');
    expect(html(<KPICard label="x" value="1" trend={[1]} />))
      .not.toContain("<svg");
  });
});

describe("NewLeadsCard", () => {
  it("names both spans and gives a percentage from a base of ten on", () => {
    expect(text(newLeadsCard(38, 32))).toBe(
      "New leads 38 +6 (+19%) on Mon 2 Mar to Wed 4 Mar 10:14 (32) Mon 9 Mar to Wed 11 Mar 10:14",
    );
    expect(text(newLeadsCard(3, 5))).toContain("\u22122 on Mon 2 Mar");
    expect(html(newLeadsCard(3, 5))).toContain("text-down");
    expect(html(newLeadsCard(5, 5))).not.toContain("text-up");
  });

  it("says why the figure is unknown", () => {
    expect(text(newLeadsCard(null, null))).toContain(
      "New leads – Unknown until the next complete update",
    );
  });
});
