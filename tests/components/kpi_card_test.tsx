import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { KPICard } from "../../components/KPICard.tsx";
import { NewLeadsCard } from "../../components/NewLeadsCard.tsx";
import { type PeriodKind, periodOf } from "../../lib/domain/mod.ts";
import { html, text } from "./_render.ts";

const ZONE = "America/New_York";
const NOW = Date.parse("2026-03-11T14:14:00.000Z");

function newLeadsCard(
  count: number | null,
  comparison: number | null,
  kind: PeriodKind = "week",
) {
  return (
    <NewLeadsCard
      figures={{ count, comparison }}
      period={periodOf({ kind }, NOW, ZONE)}
      timezone={ZONE}
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
    // Halves go away from zero, up and down.
    expect(text(newLeadsCard(39, 40))).toContain("\u22121 (\u22123%) on");
    expect(text(newLeadsCard(41, 40))).toContain("+1 (+3%) on");
    expect(html(newLeadsCard(3, 5))).toContain("text-down");
    expect(html(newLeadsCard(5, 5))).not.toContain("text-up");
  });

  it("names whole days, and those of a period that is not over", () => {
    expect(text(newLeadsCard(38, 32, "month"))).toBe(
      "New leads 38 +6 (+19%) on 1 to 11 Feb 2026 (32) 1 to 11 Mar 2026 so far",
    );
    expect(text(newLeadsCard(1, 0, "last-week"))).toBe(
      "New leads 1 +1 on 23 Feb to 1 Mar 2026 (0) 2 to 8 Mar 2026",
    );
  });

  it("says why the figure is unknown", () => {
    expect(text(newLeadsCard(null, null))).toContain(
      "New leads – Unknown: the portal does not keep the figures of these days any more, or not yet.",
    );
  });
});
