import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** A brand with nothing but its sales cycles. */
const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

async function hotList(rig: SyncRig) {
  const tenant = await rig.data();
  return (await tenant.listHotList({ limit: 50, offset: 0 })).rows;
}

async function withDeal() {
  const rig = await createRig({ brand: EMPTY });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const putLead = (fields: Record<string, unknown> = {}) =>
    brand.putLead({
      client_id: "L",
      firstName: "Robin",
      lastName: "Example",
      market: "Springfield",
      ...fields,
    });
  const putDeal = (fields: Record<string, unknown> = {}) =>
    brand.putOpportunity({
      opportunity_id: "O",
      client_id: "L",
      contact_sales_cycle: "Deal Structure",
      deal_size: "50000",
      ...fields,
    });
  putLead();
  putDeal();
  await rig.sync();
  return { rig, brand, putLead, putDeal };
}

describe("the hot list", () => {
  it("holds what stands between its boundaries, with the client's name and market", async () => {
    const { rig } = await withDeal();
    await using _ = rig;
    expect(await hotList(rig)).toEqual([{
      id: "O",
      clientId: "L",
      candidateName: "Robin Example",
      market: "Springfield",
      units: null,
      weightedIffCents: 2_500_000,
      stage: "Deal Structure",
      likelyPct: 50,
      since: "2026-03-11T15:00:00.000Z",
      sinceIs: "at least",
    }]);
  });

  it("follows the client's name and market, though the deal itself did not change", async () => {
    const { rig, putLead } = await withDeal();
    await using _ = rig;
    putLead({ firstName: "Kim", market: "Riverside" });
    const report = await rig.sync();
    expect(report.streams.opportunities!.written).toBe(0);
    expect(await hotList(rig)).toMatchObject([
      { candidateName: "Kim Example", market: "Riverside" },
    ]);
  });

  it("follows a stage's likelihood and moves the row", async () => {
    const { rig, brand } = await withDeal();
    await using _ = rig;
    const cycle = brand.rows("cycles").find(({ sales_cycle_name: name }) =>
      name === "Deal Structure"
    )!;
    brand.putCycle({ ...cycle, likelihood_to_close: "62.5%" });
    await rig.sync();
    expect(await hotList(rig)).toMatchObject([
      { weightedIffCents: 3_125_000, likelyPct: 62.5 },
    ]);
  });

  it("loses a row whose stage is no longer active", async () => {
    const { rig, brand } = await withDeal();
    await using _ = rig;
    const cycle = brand.rows("cycles").find(({ sales_cycle_name: name }) =>
      name === "Deal Structure"
    )!;
    brand.putCycle({ ...cycle, sales_cycle_active_status: "0" });
    await rig.sync();
    expect(await hotList(rig)).toEqual([]);
  });

  it("follows a deal's size and stage, and its removal", async () => {
    const { rig, brand, putDeal } = await withDeal();
    await using _ = rig;
    putDeal({ deal_size: "$80,000" });
    await rig.sync();
    expect(await hotList(rig)).toMatchObject([{ weightedIffCents: 4_000_000 }]);
    putDeal({ contact_sales_cycle: "FA Signed" });
    await rig.sync();
    expect(await hotList(rig)).toEqual([]);
    putDeal();
    await rig.sync();
    brand.removeOpportunity("O");
    await rig.sync({ acceptRemovals: true });
    expect(await hotList(rig)).toEqual([]);
  });

  it("names the company, then nobody, when the client is gone", async () => {
    const { rig, brand, putDeal } = await withDeal();
    await using _ = rig;
    brand.removeLead("L");
    await rig.sync({ acceptRemovals: true });
    expect(await hotList(rig)).toMatchObject([
      { candidateName: "Unnamed", market: null },
    ]);
    putDeal({ compName: "Example Foods" });
    await rig.sync();
    expect(await hotList(rig)).toMatchObject([
      { candidateName: "Example Foods" },
    ]);
  });

  it("runs from the highest weighted IFF down, by id where it is the same, the unknown last", async () => {
    const { rig, putDeal } = await withDeal();
    await using _ = rig;
    putDeal({ opportunity_id: "unsized", deal_size: "1.5M" });
    putDeal({ opportunity_id: "large", deal_size: "900000" });
    putDeal({ opportunity_id: "P", deal_size: "50000" });
    putDeal({ opportunity_id: "negative", deal_size: "-10" });
    await rig.sync();
    expect((await hotList(rig)).map(({ id }) => id))
      .toEqual(["large", "O", "P", "negative", "unsized"]);
  });
});
