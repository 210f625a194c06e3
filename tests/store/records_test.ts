import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Activity, NotFoundError } from "../../lib/domain/mod.ts";
import { idPart, openTenant } from "../../lib/store/mod.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** A brand with nothing but its sales cycles. */
const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

async function rowsOf({ kv, tenant }: SyncRig, kind: string) {
  return (await tenantRows(kv, tenant.id)).filter(({ key }) => key[2] === kind);
}

describe("an activity in the store", () => {
  it("keeps all its fields and its raw JSON, under the tenant's key", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const wire = {
      id: "a1",
      type: "Call",
      scheduled_at: "2026-03-12 09:30:00",
      contact_name: "Robin Example",
      contact_id: "77",
      description: "FDD review",
      status: "Scheduled",
      room: 12,
    };
    rig.simulator.brand(TEST_WEB_KEY).putActivity(wire);
    await rig.sync();
    const [row, ...others] = await rowsOf(rig, "ct_scheduled_activities");
    expect(others).toEqual([]);
    expect(row!.key).toEqual([
      "t",
      rig.tenant.id,
      "ct_scheduled_activities",
      "a1",
    ]);
    expect(row!.value).toEqual(
      {
        id: "a1",
        activityType: "Call",
        scheduledAt: "2026-03-12T13:30:00.000Z",
        contactName: "Robin Example",
        contactId: "77",
        description: "FDD review",
        status: "Scheduled",
        raw: JSON.stringify(wire),
        createdAt: "2026-03-11T15:00:00.000Z",
        remarks: [],
      } satisfies Activity,
    );
  });

  it("stands in the schedule soonest first, by id where the time is the same", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const put = (id: string, at: string, status = "Scheduled") =>
      brand.putActivity({ id, type: "Call", scheduled_at: at, status });
    put("late", "2026-04-01 09:00:00");
    put("soon-b", "2026-03-12 09:00:00");
    put("soon-a", "2026-03-12 09:00:00");
    put("past", "2026-03-11 09:00:00");
    put("gone", "2026-03-12 10:00:00", "Cancelled");
    put("undated", "no date at all");
    await rig.sync();
    const tenant = await openTenant(rig.store, rig.tenant.id);
    const schedule = await tenant.listSchedule({
      now: rig.clock.now(),
      limit: 2,
    });
    expect(schedule.rows.map(({ id }) => id)).toEqual(["soon-a", "soon-b"]);
    expect(schedule).toMatchObject({ total: 3, hasMore: true });
  });

  it("with a long description fits the database, whatever its letters", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const text = "x".repeat(18 * 1024);
    for (const [n, tail] of ["", "é", "\u2003"].entries()) {
      brand.putActivity({
        id: `a${n}`,
        scheduled_at: "2026-03-12 09:30:00",
        description: text + tail,
      });
    }
    const report = await rig.sync();
    expect(report.streams.activities).toMatchObject({
      status: "success",
      written: 3,
    });
  });
});

describe("leads in the store", () => {
  it("are listed newest first, those without a date last", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const put = (id: string, created: string) =>
      brand.putLead({ client_id: id, firstName: id, created });
    put("none", "0000-00-00 00:00:00");
    put("old", "2025-01-05 10:00:00");
    put("new", "2026-03-10 10:00:00");
    await rig.sync();
    const tenant = await openTenant(rig.store, rig.tenant.id);
    const { rows, total } = await tenant.listLeads({ limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["new", "old", "none"]);
    expect(total).toBe(3);
  });

  it("page by cursor through all of them once, also where dates are the same or missing", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let n = 0; n < 23; n++) {
      const created = n % 3 === 0 ? "" : `2026-03-0${1 + n % 4} 10:00:00`;
      brand.putLead({ client_id: `c${n}`, firstName: "x", created });
    }
    await rig.sync();
    const tenant = await openTenant(rig.store, rig.tenant.id);
    const whole = await tenant.listLeads({ limit: 100 });
    const paged: string[] = [];
    let page = await tenant.listLeads({ limit: 4 });
    for (;;) {
      expect(page.total).toBe(23);
      paged.push(...page.rows.map(({ id }) => id));
      if (page.end === null) break;
      page = await tenant.listLeads({ limit: 4, after: page.end });
    }
    expect(paged).toEqual(whole.rows.map(({ id }) => id));
  });

  it("are narrowed to a span of creation, its end excluded, and paged within it", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let day = 1; day <= 9; day++) {
      const created = `2026-03-0${day} 00:00:00`;
      brand.putLead({ client_id: `c${day}`, firstName: "x", created });
    }
    brand.putLead({ client_id: "none", firstName: "x", created: "" });
    await rig.sync();
    const tenant = await openTenant(rig.store, rig.tenant.id);
    const { rows: all } = await tenant.listLeads({ limit: 100 });
    const at = (id: string) =>
      Date.parse(all.find((row) => row.id === id)!.createdAt!);
    const created = { from: at("c3"), to: at("c7") };
    const first = await tenant.listLeads({ limit: 3, created });
    expect(first.rows.map(({ id }) => id)).toEqual(["c6", "c5", "c4"]);
    expect(first.total).toBe(4);
    const second = await tenant.listLeads({
      limit: 3,
      created,
      after: first.end!,
    });
    expect(second.rows.map(({ id }) => id)).toEqual(["c3"]);
    expect(second).toMatchObject({ total: 4, end: null });
    const none = await tenant.listLeads({
      limit: 3,
      created: { from: 5, to: 5 },
    });
    expect(none).toMatchObject({ rows: [], total: 0 });
  });
});

describe("openTenant()", () => {
  it("refuses a tenant that does not exist", async () => {
    await using rig = await createRig({ brand: EMPTY });
    for (const id of ["nobody", "", "a\0b", "\ud800", "x".repeat(1500)]) {
      await expect(openTenant(rig.store, id)).rejects.toThrow(NotFoundError);
    }
  });
});

describe("odd ids", () => {
  const ODD = [
    "a\0",
    "a\0b",
    "a\ud800",
    "a\ud801",
    "a\udc00",
    "a\ufffd",
    "~a",
    "x".repeat(3 * 1024),
    "x".repeat(3 * 1024) + "y",
    "é".repeat(200),
    "__proto__",
    "9007199254740993",
    "9007199254740992",
  ];

  it("are told apart in every stream and read back as they came", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (const id of ODD) {
      const name = { firstName: "Robin", created: "2026-03-10 10:00:00" };
      brand.putLead(JSON.stringify({ client_id: id, ...name }));
      brand.putOpportunity(
        JSON.stringify({ opportunity_id: id, client_id: id, ...name }),
      );
      brand.putNote(
        JSON.stringify({ id, contact_id: id, content: `of ${id}` }),
      );
      brand.putActivity(
        JSON.stringify({ id, scheduled_at: "2026-03-12 10:00:00" }),
      );
    }
    const { streams } = await rig.sync();
    for (const stream of ["leads", "opportunities", "notes", "activities"]) {
      expect(streams[stream as keyof typeof streams]).toMatchObject({
        status: "success",
        written: ODD.length,
      });
    }
    const tenant = await openTenant(rig.store, rig.tenant.id);
    for (const id of ODD) {
      expect((await tenant.getNote(id))!.id).toBe(id);
      expect((await tenant.getNote(id))!.contactId).toBe(id);
    }
    const second = await rig.sync();
    expect(second.recordsUpdated).toBe(0);
  });

  it("that share no record find none", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putNote(JSON.stringify({ id: "a\0b", content: "x" }));
    await rig.sync();
    const tenant = await openTenant(rig.store, rig.tenant.id);
    expect(await tenant.getNote(idPart("a\0b"))).toBeNull();
    expect(await tenant.getNote("a")).toBeNull();
  });
});
