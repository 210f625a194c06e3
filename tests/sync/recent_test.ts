import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { RECENT_KINDS, recentSince, seenBy } from "../../lib/domain/mod.ts";
import { erasePerson, verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const DAY = 24 * HOUR;

/** What syncs found that began after the latest one up to now: "kind id" each. */
async function during(
  rig: SyncRig,
  live: () => void | Promise<void>,
): Promise<string[]> {
  const before = seenBy(await (await rig.data()).syncState());
  rig.clock.advance(HOUR);
  await live();
  await rig.sync();
  return await since(rig, before);
}

async function since(rig: SyncRig, after: string): Promise<string[]> {
  const data = await rig.data();
  const until = seenBy(await data.syncState());
  const groups = recentSince(await data.recent(), after);
  const found: string[] = [];
  for (const { kind, count, newest } of groups) {
    const list = await data.listRecent({ kind, after, until, limit: 200 });
    // The number in a line is that of the list behind it, and what the line names are its first.
    expect(list.total).toBe(count);
    expect(list.rows.length).toBe(Math.min(200, count));
    expect(list.rows.slice(0, newest.length)).toEqual(newest);
    expect([...await data.recentIds(kind, after)].sort())
      .toEqual([...new Set(list.rows.map(({ id }) => id))].sort());
    found.push(...list.rows.map(({ id }) => `${kind} ${id}`));
  }
  return found;
}

async function openRig() {
  const rig = await createRig({ brand: { leads: 20 } });
  await rig.sync();
  return { rig, brand: rig.simulator.brand(TEST_WEB_KEY) };
}

async function assertConsistent(rig: SyncRig): Promise<void> {
  const findings = await verifyTenant(rig.deps, rig.tenant.id);
  expect(findings).toMatchObject({ differences: [], remarks: [] });
}

const meeting = (id: string, more: Record<string, string> = {}) => ({
  id,
  contact_id: "7",
  contact_name: "Robin Example",
  type: "Call",
  start: "2026-03-20 10:00:00",
  status: "Scheduled",
  ...more,
});

describe("what a sync finds to be new", () => {
  it("is nothing in the first one", async () => {
    const { rig } = await openRig();
    await using _ = rig;
    expect(await since(rig, "1970-01-01T00:00:00.000Z")).toEqual([]);
    expect(await (await rig.data()).recent()).toMatchObject({ runs: [] });
    await assertConsistent(rig);
  });

  it("is not written again while it says the same", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    await during(rig, () => {
      brand.putLead({ client_id: "new", firstName: "Ada", contact_type: "1" });
    });
    const row = ["t", rig.tenant.id, "recent"];
    const version = async () => (await rig.kv.get(row)).versionstamp;
    const before = await version();
    const changed = (fields: Record<string, string>) =>
      during(rig, () => {
        const named = { client_id: "new", contact_type: "1" };
        brand.putLead({ ...named, firstName: "Ada", ...fields });
      });
    expect(await changed({ phone: "555" })).toEqual([]);
    expect(await version()).toBe(before);
    await assertConsistent(rig);
    expect(await changed({ firstName: "Grace" })).toEqual([]);
    expect(await version()).not.toBe(before);
    const { newest } = (await (await rig.data()).recent())!;
    expect(newest.leads.map(({ who }) => who)).toEqual(["Grace"]);
    await assertConsistent(rig);
  });

  it("are prospects, moves, notes and activities, and what was called off", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    brand.putActivity(meeting("off"));
    brand.putActivity(meeting("gone"));
    brand.putOpportunity({ opportunity_id: "deal", sales_cycle: "New Lead" });
    const vendor = { opportunity_id: "vendor", contact_type: "2" };
    brand.putOpportunity({ ...vendor, sales_cycle: "Open" });
    await during(rig, () => {});
    const found = await during(rig, () => {
      brand.putOpportunity({ ...vendor, sales_cycle: "Onboarding" });
      brand.putLead({
        client_id: "late",
        firstName: "Ada",
        contact_type: "1",
        created: "2019-01-01 10:00:00",
      });
      brand.putLead({ client_id: "vendor", contact_type: "2" });
      brand.putOpportunity({
        opportunity_id: "deal",
        sales_cycle: "QR Returned",
      });
      brand.putNote({
        id: "note",
        contact_id: "7",
        content: "Hello",
        date: "2026-03-11 10:00:00",
      });
      brand.putNote({
        id: "old",
        contact_id: "7",
        content: "Hello",
        date: "2025-03-11 10:00:00",
      });
      brand.putActivity(meeting("on"));
      brand.putActivity(meeting("past", { start: "2026-03-11 01:00:00" }));
      brand.putActivity(meeting("off", { status: "Cancelled" }));
      brand.removeActivity("gone");
    });
    expect(found.sort()).toEqual([
      "cancelled gone",
      "cancelled off",
      "leads late",
      "moves deal",
      "notes note",
      "planned on",
    ]);
    await assertConsistent(rig);
  });

  it("names a move after the deal, else after its client, as the hot list does", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    const deals = [
      { opportunity_id: "1", firstName: "Own", lastName: "Name" },
      { opportunity_id: "2", firstName: "No Name Text Added", lastName: "" },
      { opportunity_id: "3", client_id: "nobody" },
    ].map((deal) => ({ client_id: "C", contact_type: "1", ...deal }));
    const put = (contact_sales_cycle: string) => {
      for (const deal of deals) {
        brand.putOpportunity({ ...deal, contact_sales_cycle });
      }
    };
    put("New Lead");
    brand.putLead({ client_id: "C", compName: "Cleo Ltd", contact_type: "1" });
    await rig.sync();
    await during(rig, () => put("QR Returned"));
    const recent = await (await rig.data()).recent();
    expect(recent!.newest.moves.map(({ id, who }) => [id, who])).toEqual([
      ["3", "Unnamed"],
      ["2", "Cleo Ltd"],
      ["1", "Own Name"],
    ]);
    await assertConsistent(rig);
  });

  it("is no record that only changed, that came back, or that lay too far ahead", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    brand.putActivity(meeting("far", { start: "2026-09-08 10:00:00" }));
    brand.putLead({ client_id: "back", contact_type: "1" });
    expect(await during(rig, () => {})).toEqual(["leads back"]);
    expect(await during(rig, () => void brand.removeLead("back"))).toEqual([]);
    const found = await during(rig, () => {
      rig.clock.advance(2 * DAY);
      brand.putLead({ client_id: "back", contact_type: "1" });
      const [lead] = brand.rows("leads");
      brand.putLead({ ...lead, firstName: "Changed" });
    });
    expect(found).toEqual([]);
    const ids = (await tenantRows(rig.kv, rig.tenant.id))
      .filter(({ key }) => key[2] === "ct_scheduled_activities")
      .map(({ key }) => key[3]);
    expect(ids).toContain("far");
  });

  it("costs an hour without changes nothing", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    await during(
      rig,
      () => void brand.putLead({ client_id: "new", contact_type: "1" }),
    );
    rig.clock.advance(HOUR);
    rig.operations.length = 0;
    await rig.sync();
    const written = rig.operations.filter(({ kind }) => kind === "commit")
      .flatMap(({ keys }) => keys.map((key) => key[2]));
    expect(written).not.toContain("recent");
    expect(written).not.toContain("arrivals");
  });

  it("is told for 30 days", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    await during(
      rig,
      () => void brand.putLead({ client_id: "old", contact_type: "1" }),
    );
    await during(rig, () => {
      rig.clock.advance(31 * DAY);
      brand.putLead({ client_id: "new", contact_type: "1" });
    });
    const recent = await (await rig.data()).recent();
    expect(recent!.newest.leads.map(({ id }) => id)).toEqual(["new"]);
  });

  it("is summed up by the next sync where an earlier release did not", async () => {
    const { rig } = await openRig();
    await using _ = rig;
    await rig.kv.delete(["t", rig.tenant.id, "recent"]);
    const findings = await verifyTenant(rig.deps, rig.tenant.id);
    expect(findings).toMatchObject({
      differences: [],
      remarks: [expect.stringContaining("summed up")],
    });
    await rig.sync();
    await assertConsistent(rig);
  });

  it("is a difference where it is not what the rows say", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    await during(
      rig,
      () => void brand.putLead({ client_id: "new", contact_type: "1" }),
    );
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const arrival = rows.find(({ key }) => key[2] === "lead_stage_changes");
    await rig.kv.delete(arrival!.key);
    const findings = await verifyTenant(rig.deps, rig.tenant.id);
    expect(findings!.differences.join()).toContain("recent: ");
  });

  it("forgets an erased person", async () => {
    const { rig, brand } = await openRig();
    await using _ = rig;
    await during(rig, () => {
      brand.putLead({
        client_id: "P",
        firstName: "Secretname",
        contact_type: "1",
      });
      brand.putNote({
        id: "PN",
        contact_id: "P",
        content: "Secretname called",
        date: "2026-03-11 10:00:00",
      });
      brand.putActivity(
        meeting("PA", { contact_id: "P", contact_name: "Secretname" }),
      );
    });
    await erasePerson(rig.deps, rig.tenant.id, "P");
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const kept = rows.filter(({ key }) =>
      ["arrivals", "recent"].includes(String(key[2]))
    );
    expect(JSON.stringify(kept)).not.toContain("Secretname");
    const recent = await (await rig.data()).recent();
    expect(recent!.runs).toEqual([]);
    for (const kind of RECENT_KINDS) expect(recent!.newest[kind]).toEqual([]);
    await assertConsistent(rig);
  });
});
