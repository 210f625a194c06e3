import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  candidateName,
  hotItemOf,
} from "../../lib/domain/mod.ts";
import {
  anyOpportunities,
  cycle,
  CYCLES,
  lead,
  OPPORTUNITIES,
  opportunity,
  SETTINGS,
} from "./_brand.ts";

const MODEL = buildStageModel(CYCLES, SETTINGS);

describe("hotItemOf()", () => {
  it("shows the brand's three hot opportunities, highest weighted IFF first, then id", () => {
    const hot = OPPORTUNITIES.toReversed()
      .map((one) => hotItemOf(one, null, MODEL))
      .filter((one) => one !== null)
      .sort((a, b) =>
        a.rank === b.rank ? a.item.id.localeCompare(b.item.id) : a.rank - b.rank
      );
    // O5: 3 cents at 60% are 1.8, which is 2. O6's stage has no likelihood, O7 no size.
    expect(hot.map(({ rank, item }) => [item.id, rank, item.weightedIffCents]))
      .toEqual([["O5", -2, 2], ["O6", Infinity, null], ["O7", Infinity, null]]);
  });

  it("shows every field", () => {
    const one = opportunity("7", {
      clientId: "C",
      firstName: "Ada",
      lastName: "Park",
      stage: " Deal Structure",
      dealSizeCents: 4_950_000,
      market: "Tampa, FL",
      units: 3,
    });
    expect(hotItemOf(one, null, MODEL)).toEqual({
      rank: -2_970_000,
      item: {
        id: "7",
        clientId: "C",
        candidateName: "Ada Park",
        market: "Tampa, FL",
        units: 3,
        weightedIffCents: 2_970_000,
        stage: "Deal Structure",
        likelyPct: 60,
        since: null,
        sinceIs: null,
      },
    });
  });

  it("takes market and units of the client where the opportunity has none", () => {
    const client = lead("1", { market: "Reno, NV", units: 2 });
    const bare = opportunity("1", { stage: "FA Sent" });
    expect(hotItemOf(bare, client, MODEL)?.item)
      .toMatchObject({ market: "Reno, NV", units: 2 });
    const own = { ...bare, market: "Boise, ID", units: 0 };
    expect(hotItemOf(own, client, MODEL)?.item)
      .toMatchObject({ market: "Boise, ID", units: 0 });
    expect(hotItemOf(bare, null, MODEL)?.item)
      .toMatchObject({ market: null, units: null });
  });

  it("is null outside the boundaries, for another contact type and for inactive stages", () => {
    for (const stage of ["FDD Sent", "FA Signed", "Dead Lead", "Mystery", ""]) {
      expect(hotItemOf(opportunity("1", { stage }), null, MODEL)).toBe(null);
    }
    const vendor = opportunity("1", {
      stage: "Deal Structure",
      contactType: "2",
    });
    expect(hotItemOf(vendor, null, MODEL)).toBe(null);
  });

  it("is null for all where a hot boundary is unknown", () => {
    const model = buildStageModel(CYCLES, { ...SETTINGS, hotFrom: "Nowhere" });
    const one = opportunity("1", { stage: "FA Sent" });
    expect(hotItemOf(one, null, model)).toBe(null);
  });

  it("ranks a negative size below zero and zero likelihood at zero", () => {
    const zero = buildStageModel([
      cycle("1", "Deal Structure", 1, 0),
      cycle("2", "FA Sent", 2, 10),
    ], SETTINGS);
    const at = (stage: string, dealSizeCents: number) =>
      hotItemOf(opportunity("1", { stage, dealSizeCents }), null, zero)?.rank;
    expect(at("FA Sent", -5000)).toBe(500);
    expect(Object.is(at("Deal Structure", 5000), 0)).toBe(true);
    expect(Object.is(at("Deal Structure", -5000), 0)).toBe(true);
  });

  it("ranks by minus the weighted IFF, and what has none after everything else", () => {
    fc.assert(fc.property(anyOpportunities, (rows) => {
      for (const row of rows) {
        const hot = hotItemOf(row, null, MODEL);
        if (!hot) continue;
        const { weightedIffCents } = hot.item;
        if (weightedIffCents === null) expect(hot.rank).toBe(Infinity);
        else expect(hot.rank + weightedIffCents).toBe(0);
      }
    }));
  });
});

describe("candidateName()", () => {
  const nobody = { firstName: null, lastName: null, company: null };
  const placeholder = { ...nobody, firstName: "No Name Text Added" };
  const client = { ...nobody, firstName: "Cleo", lastName: "Brandt" };

  it("is first and last name, or the one that is there", () => {
    const ada = { ...nobody, firstName: " Ada ", lastName: "Park" };
    expect(candidateName(ada, client)).toBe("Ada Park");
    expect(candidateName({ ...ada, lastName: " " }, client)).toBe("Ada");
    expect(candidateName({ ...ada, firstName: null }, client)).toBe("Park");
  });

  it("is the company where the name is blank or a placeholder", () => {
    const company = "Park Holdings";
    expect(candidateName({ ...nobody, company }, client)).toBe(company);
    expect(candidateName({ ...placeholder, company }, client)).toBe(company);
  });

  it("sees a placeholder in any case and over both parts", () => {
    const spread = {
      firstName: "no name",
      lastName: "text added",
      company: "No Company Text Added",
    };
    expect(candidateName(spread, client)).toBe("Cleo Brandt");
  });

  it("is the client as the list of leads names it, then 'Unnamed'", () => {
    expect(candidateName(nobody, client)).toBe("Cleo Brandt");
    expect(candidateName(placeholder, { ...nobody, company: "Brandt LLC" }))
      .toBe("Brandt LLC");
    expect(candidateName(placeholder, placeholder)).toBe("Unnamed");
    expect(candidateName(nobody, null)).toBe("Unnamed");
  });
});
