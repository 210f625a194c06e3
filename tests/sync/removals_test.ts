import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const STREAM_ROWS = {
  cycles: "sales_cycles",
  leads: "leads",
  opportunities: "opportunities",
  notes: "ct_notes",
  activities: "ct_scheduled_activities",
} as const;

async function ids(
  { kv, tenant }: SyncRig,
  stream: keyof typeof STREAM_ROWS,
): Promise<unknown[]> {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === STREAM_ROWS[stream])
    .map(({ key }) => key[3]);
}

const brandOf = ({ simulator }: SyncRig) => simulator.brand(TEST_WEB_KEY);

describe("what is gone upstream", () => {
  it("goes from the full streams at the next sync", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    brand.putLead({ client_id: "L", firstName: "Robin" });
    brand.putOpportunity({ opportunity_id: "O", client_id: "L" });
    brand.putCycle({ sales_cycle_id: "C", sales_cycle_name: "Odd" });
    await rig.sync();
    brand.removeLead("L");
    brand.removeOpportunity("O");
    brand.removeCycle("C");
    const { streams, recordsUpdated } = await rig.sync();
    expect(await ids(rig, "leads")).not.toContain("L");
    expect(await ids(rig, "opportunities")).not.toContain("O");
    expect(await ids(rig, "cycles")).not.toContain("C");
    expect([streams.leads, streams.opportunities, streams.cycles])
      .toMatchObject(
        [{ removed: 1 }, { removed: 1 }, { removed: 1 }],
      );
    expect(recordsUpdated).toBe(3);
  });

  it("goes from the notes only after their full pass of the day", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    brand.putNote({ id: "N", date: "2026-03-11 09:00:00", content: "x" });
    await rig.sync();
    brand.removeNote("N");
    rig.clock.advance(HOUR);
    expect((await rig.sync()).streams.notes!.removed).toBe(0);
    expect(await ids(rig, "notes")).toContain("N");
    rig.clock.advance(17 * HOUR);
    expect((await rig.sync()).streams.notes!.removed).toBe(1);
    expect(await ids(rig, "notes")).not.toContain("N");
  });

  it("goes from the activities only inside the window asked for", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    const put = (id: string, at: string) =>
      brand.putActivity({ id, type: "Call", scheduled_at: at });
    put("past", "2026-03-11 09:00:00");
    put("soon", "2026-03-20 09:00:00");
    put("undated", "");
    await rig.sync();
    for (const id of ["past", "soon", "undated"]) brand.removeActivity(id);
    // Two days later "past" lies before the window.
    rig.clock.advance(48 * HOUR);
    await rig.sync();
    const left = await ids(rig, "activities");
    expect(left).toContain("past");
    expect(left).toContain("undated");
    expect(left).not.toContain("soon");
  });

  it("goes when an activity was moved out of the window", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    brand.putActivity({ id: "A", scheduled_at: "2026-03-20 09:00:00" });
    await rig.sync();
    brand.putActivity({ id: "A", scheduled_at: "2027-12-20 09:00:00" });
    await rig.sync();
    expect(await ids(rig, "activities")).not.toContain("A");
  });

  it("stays where the list moved while it was read", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    await rig.sync();
    const before = await ids(rig, "leads");
    const kind = "shrinking_total";
    rig.simulator.faults.add({ kind, by: 3, stream: "leads" });
    const report = await rig.sync();
    expect(report.streams.leads).toMatchObject({
      status: "success",
      removed: 0,
    });
    expect(await ids(rig, "leads")).toEqual(before);
  });

  it("stays where a record came without an id", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    await rig.sync();
    const before = await ids(rig, "leads");
    const [first] = brandOf(rig).rows("leads");
    brandOf(rig).removeLead(String(first!.client_id));
    rig.simulator.faults.add({ kind: "missing_id", stream: "leads" });
    const report = await rig.sync();
    expect(report.streams.leads!.status).toBe("success");
    expect(report.streams.leads!.removed).toBe(0);
    expect(await ids(rig, "leads")).toEqual(before);
  });
});

describe("a removal that looks like an accident", () => {
  it("is refused when the list is empty, in every way of saying so", async () => {
    for (const style of ["array", "null", "text", "CT515"] as const) {
      await using rig = await createRig();
      await rig.sync();
      const before = await ids(rig, "leads");
      rig.simulator.faults.add({ kind: "none", style, stream: "leads" });
      const { streams, status } = await rig.sync();
      expect(status).toBe("failed");
      expect(streams.leads!.error).toBe(
        "ClientTether sent an empty list where 40 leads were known; the data stays as it was. " +
          "If that is right, run: portal sync --tenant test-brand --accept-removals",
      );
      expect(await ids(rig, "leads")).toEqual(before);
    }
  });

  it("is refused when less than half of a list is left", async () => {
    await using rig = await createRig();
    await rig.sync();
    rig.simulator.faults.add({ kind: "fewer", keep: 0.4, stream: "leads" });
    const { streams } = await rig.sync();
    expect(streams.leads!.status).toBe("failed");
    expect(streams.leads!.error).toMatch(/^ClientTether sent only 16 where 40/);
    expect((await ids(rig, "leads")).length).toBe(40);
    expect(streams.opportunities!.status).toBe("success");
  });

  it("is none when half of a list is left, or when the list is short anyway", async () => {
    await using half = await createRig();
    await half.sync();
    half.simulator.faults.add({ kind: "fewer", keep: 0.5, stream: "leads" });
    expect((await half.sync()).streams.leads!.removed).toBe(20);

    await using short = await createRig({ brand: { leads: 20 } });
    await short.sync();
    short.simulator.faults.add({ kind: "fewer", keep: 0.1, stream: "leads" });
    expect((await short.sync()).streams.leads!.removed).toBe(18);
  });

  it("is refused in the notes' full pass and in the activities' window too", async () => {
    await using rig = await createRig({ brand: { activities: 200 } });
    await rig.sync();
    const before = [await ids(rig, "notes"), await ids(rig, "activities")];
    expect(before[1]!.length).toBeGreaterThan(20);
    rig.simulator.faults.add({ kind: "none" });
    const { streams } = await rig.sync({ full: true });
    expect(streams.notes!.status).toBe("failed");
    expect(streams.activities!.status).toBe("failed");
    const after = [await ids(rig, "notes"), await ids(rig, "activities")];
    expect(after).toEqual(before);
  });

  it("is carried out when an operator has accepted it", async () => {
    await using rig = await createRig();
    await rig.sync();
    rig.simulator.faults.add({ kind: "none" });
    const report = await rig.sync({ full: true, acceptRemovals: true });
    expect(report.status).toBe("success");
    for (const stream of ["leads", "opportunities", "notes"] as const) {
      expect(await ids(rig, stream)).toEqual([]);
    }
    const metrics = (await (await rig.data()).views("2026-03-11")).leads;
    expect(metrics!.totalLeads).toBe(0);
  });

  it("ends by itself when the list is whole again", async () => {
    await using rig = await createRig();
    await rig.sync();
    const fault = rig.simulator.faults.add({ kind: "none", stream: "leads" });
    await rig.sync();
    fault.remove();
    const report = await rig.sync();
    expect(report).toMatchObject({ status: "success", recordsUpdated: 0 });
  });
});
