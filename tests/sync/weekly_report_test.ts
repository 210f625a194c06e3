import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { WeeklyReport } from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, mutations, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** Friday noon in New York; the week of Monday, March 9. */
const FRIDAY = "2026-03-13T16:00:00.000Z";

async function reports(rig: SyncRig): Promise<WeeklyReport[]> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  return rows.filter(({ key }) => key[2] === "reports")
    .map(({ value }) => value as WeeklyReport);
}

async function syncAt(rig: SyncRig, at: string) {
  rig.clock.set(at);
  return await rig.sync();
}

function lead(id: string, created: string, stage = "New Lead") {
  return {
    client_id: id,
    created,
    contact_type: "1",
    clients_sales_cycle: stage,
  };
}

describe("the report of a week", () => {
  it("is frozen by the second sync after the week's end in the tenant's zone", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-16T02:59:00.000Z");
    // 23:59 on Sunday in New York.
    await syncAt(rig, "2026-03-16T03:59:00.000Z");
    expect(await reports(rig)).toEqual([]);
    await syncAt(rig, "2026-03-16T04:30:00.000Z");
    expect(await reports(rig)).toEqual([]);
    await syncAt(rig, "2026-03-16T05:30:00.000Z");
    expect(await reports(rig)).toMatchObject([{
      week: "2026-03-09",
      frozenAt: "2026-03-16T05:30:00.000Z",
      publishedAt: null,
      version: 1,
      figures: { asOf: "2026-03-15" },
    }]);
  });

  it("is frozen by the first sync of the week where syncs are rare", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-17T12:00:00.000Z");
    expect(await reports(rig)).toMatchObject([
      { week: "2026-03-09", figures: { asOf: "2026-03-13" } },
    ]);
  });

  it("is written once, and never again by later changes", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-16T12:00:00.000Z");
    const [frozen] = await reports(rig);
    rig.simulator.advance(48);
    await syncAt(rig, "2026-03-18T12:00:00.000Z");
    expect(await reports(rig)).toEqual([frozen]);
  });

  it("holds what the views of the week's last day held", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    const data = await rig.data();
    const { leads, pipeline } = await data.views("2026-03-13");
    rig.simulator.advance(72);
    await syncAt(rig, "2026-03-17T12:00:00.000Z");
    const [{ figures }] = await reports(rig) as [WeeklyReport];
    expect(figures).toMatchObject({
      totalLeads: leads!.totalLeads,
      bySource: leads!.bySource,
      totalValueCents: pipeline!.totalValueCents,
      weightedValueCents: pipeline!.weightedValueCents,
      stages: pipeline!.stages,
      before: null,
    });
  });

  it("counts a lead of Sunday night, which no view of Sunday knows", async () => {
    await using rig = await createRig({
      now: FRIDAY,
      brand: { leads: 0, opportunities: 0, notes: 0, activities: 0 },
    });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead(lead("before", "2026-03-08 23:59:59"));
    brand.putLead(lead("first", "2026-03-09 00:00:00"));
    await rig.sync();
    brand.putLead(lead("last", "2026-03-15 23:59:59"));
    brand.putLead(lead("after", "2026-03-16 00:00:00"));
    await syncAt(rig, "2026-03-17T12:00:00.000Z");
    const [{ figures }] = await reports(rig) as [WeeklyReport];
    expect([figures.newLeads, figures.newLeadsBefore]).toEqual([2, 1]);
  });

  it("counts the moves between stages that syncs saw in the week, and no others", async () => {
    await using rig = await createRig({
      now: FRIDAY,
      brand: { leads: 0, opportunities: 0, notes: 0, activities: 0 },
    });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const put = (id: string, stage: string) =>
      brand.putOpportunity({ opportunity_id: id, contact_sales_cycle: stage });
    for (const id of ["1", "2", "3"]) put(id, "QR Sent");
    await rig.sync();
    for (const id of ["1", "2"]) put(id, "QR Returned");
    put("3", "FDD Sent");
    await syncAt(rig, "2026-03-14T16:00:00.000Z");
    put("3", "FDD Signed");
    await syncAt(rig, "2026-03-17T12:00:00.000Z");
    const [{ figures }] = await reports(rig) as [WeeklyReport];
    expect(figures.moves).toEqual([
      { from: "QR Sent", to: "QR Returned", count: 2 },
      { from: "QR Sent", to: "FDD Sent", count: 1 },
    ]);
  });

  it("has beside it the numbers from before the week", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-18T12:00:00.000Z");
    await syncAt(rig, "2026-03-24T12:00:00.000Z");
    const [, second] = await reports(rig);
    expect(second).toMatchObject({
      week: "2026-03-16",
      figures: { before: { day: "2026-03-13" } },
    });
  });

  it("is missing for a week in which no sync succeeded", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-25T12:00:00.000Z");
    await syncAt(rig, "2026-03-25T13:00:00.000Z");
    expect((await reports(rig)).map(({ week }) => week)).toEqual([
      "2026-03-09",
    ]);
  });

  it("is a draft that no list of published reports shows", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    await syncAt(rig, "2026-03-17T12:00:00.000Z");
    expect(await (await rig.data()).listReports()).toEqual([]);
  });

  it("costs an hour without changes no more than its 12 writes", async () => {
    await using rig = await createRig({ now: FRIDAY });
    await rig.sync();
    for (let hour = 0; hour < 80; hour++) {
      rig.clock.advance(HOUR);
      rig.operations.length = 0;
      await rig.sync();
      const at = new Date(rig.clock.now()).toISOString();
      expect([at, Math.max(12, mutations(rig.operations))]).toEqual([at, 12]);
    }
    expect(await reports(rig)).toHaveLength(1);
  });
});
