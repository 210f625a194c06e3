import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const DAY = "2026-03-11";
const views = async (rig: SyncRig, day = DAY) =>
  await (await rig.data()).views(day);

async function rows(rig: SyncRig, kind: string) {
  const all = await tenantRows(rig.kv, rig.tenant.id);
  return all.filter(({ key }) => key[2] === kind);
}

describe("a change of a tenant's settings", () => {
  it("of the qualified boundaries changes the figures at the next sync, and no record", async () => {
    await using rig = await createRig({ brand: { leads: 200 } });
    await rig.sync();
    const before = (await views(rig)).leads!.qualifiedLeads!;
    await rig.change({ qualifiedFrom: "New Lead" });
    rig.clock.advance(HOUR);
    const report = await rig.sync();
    expect(report.recordsUpdated).toBe(0);
    expect((await views(rig)).leads!.qualifiedLeads!).toBeGreaterThan(before);
  });

  it("of the hot boundaries moves rows into the hot list and out of it", async () => {
    await using rig = await createRig({ brand: { leads: 200 } });
    await rig.sync();
    const before = await rows(rig, "hot_list_items");
    await rig.change({ hotFrom: "New Lead" });
    await rig.sync();
    const wider = await rows(rig, "hot_list_items");
    expect(wider.length).toBeGreaterThan(before.length);
    expect((await views(rig)).kpis!.hotList).toBe(wider.length);
    await rig.change({ hotFrom: "Deal Structure" });
    await rig.sync();
    expect((await rows(rig, "hot_list_items")).map(({ key }) => key))
      .toEqual(before.map(({ key }) => key));
  });

  it("to a boundary that the sales cycles lack makes figures unknown, with the reason", async () => {
    await using rig = await createRig();
    await rig.sync();
    await rig.change({ qualifiedTo: "No Such Stage" });
    await rig.sync();
    const { leads, pipeline } = await views(rig);
    expect(leads!.qualifiedLeads).toBeNull();
    expect(leads!.reasons.qualified).toMatch(/'No Such Stage' is not in/);
    expect(pipeline!.totalValueCents).toBeNull();
  });

  it("of the time zone reads every record anew, the notes whole", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead({ client_id: "L", created: "2026-03-02 10:00:00" });
    brand.putNote({ id: "N", date: "2026-01-02 10:00:00", content: "x" });
    await rig.sync();
    await rig.change({ timezone: "America/Los_Angeles" });
    const report = await rig.sync();
    for (const stream of ["leads", "notes", "activities"] as const) {
      const { written, fetched } = report.streams[stream]!;
      expect(written).toBe(fetched);
    }
    const lead = ["t", rig.tenant.id, "leads", "L"];
    expect((await rig.kv.get(lead)).value).toMatchObject({
      createdAt: "2026-03-02T18:00:00.000Z",
    });
    expect((await (await rig.data()).getNote("N"))!.noteDate)
      .toBe("2026-01-02T18:00:00.000Z");
    expect((await rig.sync()).recordsUpdated).toBe(0);
  });

  it("of the field aliases finds the market where the brand keeps it", async () => {
    await using rig = await createRig();
    rig.simulator.brand(TEST_WEB_KEY).putLead({
      client_id: "L",
      home_base: "Springfield",
    });
    await rig.sync();
    const lead = ["t", rig.tenant.id, "leads", "L"];
    const market = async () => (await rig.kv.get(lead)).value;
    expect(await market()).toMatchObject({ market: null });
    await rig.change({ fieldAliases: { market: ["home_base"] } });
    await rig.sync();
    expect(await market()).toMatchObject({ market: "Springfield" });
  });

  it("of what figures do not depend on changes nothing", async () => {
    await using rig = await createRig();
    await rig.sync();
    const { dataVersion } = await (await rig.data()).syncState();
    await rig.change({ name: "Another Name", accent: "#112233" });
    expect((await rig.sync()).recordsUpdated).toBe(0);
    expect((await (await rig.data()).syncState()).dataVersion)
      .toBe(dataVersion);
  });

  it("is still owed where the leads failed in the run after it", async () => {
    await using rig = await createRig({ brand: { leads: 200 } });
    await rig.sync();
    const before = (await views(rig)).leads!.qualifiedLeads!;
    await rig.change({ qualifiedFrom: "New Lead" });
    const fault = rig.simulator.faults.add({
      kind: "http_status",
      stream: "leads",
    });
    await rig.sync();
    fault.remove();
    await rig.sync();
    expect((await views(rig)).leads!.qualifiedLeads!).toBeGreaterThan(before);
  });
});

describe("an opportunity that changes its stage", () => {
  it("leaves a change with both stages, the time and the run", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const put = (contact_sales_cycle: string) =>
      brand.putOpportunity({
        opportunity_id: "O",
        contact_sales_cycle,
        deal_size: "2",
      });
    put("QR Sent");
    await rig.sync();
    expect(await rows(rig, "stage_changes")).toEqual([]);
    rig.clock.advance(HOUR);
    put("FDD Sent");
    const { runId } = await rig.sync();
    const at = "2026-03-11T16:00:00.000Z";
    expect(await rows(rig, "stage_changes")).toMatchObject([{
      key: ["t", rig.tenant.id, "stage_changes", at, "O"],
      value: {
        id: "O",
        from: { stage: "QR Sent", dealSizeCents: 200 },
        to: { stage: "FDD Sent", dealSizeCents: 200 },
        at,
        run: runId,
      },
    }]);
  });
});
