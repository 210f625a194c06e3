import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Fault } from "../../lib/clienttether/simulator/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { replayTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { createRig, TEST_WEB_KEY } from "../_sync.ts";
import { contactAt, withoutList } from "./_contact_notes.ts";
import {
  alter,
  brandOf,
  check,
  dropFirstManifest,
  expectSame,
  hour,
  replay,
} from "./_replay.ts";

const LARGE = "A long word about a market – 😀 ".repeat(3_000);
const DAY = 24 * HOUR;

describe("replayTenant() after a sync", () => {
  it("finds nothing right after the first one, and counts every record", async () => {
    await using rig = await createRig();
    await rig.sync();
    const { counts } = await (await rig.data()).syncState();
    const report = await expectSame(rig);
    const stored = Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(report).toMatchObject({ records: stored, notCovered: 0, days: [] });
  });

  it("finds nothing after changes, removals and returns", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    await rig.sync();
    const lead = brand.rows("leads")[3]!;
    brand.removeLead(String(lead.client_id));
    brand.putNote({ id: "large", contact_id: "7", content: LARGE });
    await hour(rig);
    await expectSame(rig);
    brand.putLead(JSON.parse(JSON.stringify(lead)));
    brand.putNote({ id: "large", contact_id: "7", content: `${LARGE} more` });
    await hour(rig);
    await expectSame(rig);
    brand.removeNote("large");
    await hour(rig, 24);
    await expectSame(rig);
  });

  it("finds nothing in a note that stands between two full passes", async () => {
    await using rig = await createRig({ now: "2026-03-11T15:00:00.000Z" });
    await rig.sync();
    for (let n = 0; n < 20; n++) {
      brandOf(rig).putNote({
        id: `new${n}`,
        contact_id: "7",
        date: "2026-03-11 11:30:00",
        content: `note ${n}`,
      });
      await hour(rig);
      if (n % 5 === 0) await expectSame(rig);
    }
    await expectSame(rig);
  });

  it("finds nothing where notes are read contact by contact", async () => {
    await using rig = await withoutList();
    await rig.sync();
    await expectSame(rig);
    for (let n = 0; n < 8; n++) {
      const contact_id = contactAt(rig, n);
      brandOf(rig).putNote({ id: `new${n}`, contact_id, content: `note ${n}` });
      const [gone] = brandOf(rig).rows("notes");
      if (n % 3 === 0) brandOf(rig).removeNote(String(gone!.id));
      await hour(rig, n % 2 ? 5 : 1);
      await expectSame(rig, { from: "2026-03-01" });
    }
    await rig.sync({ full: true });
    await expectSame(rig);
    expect(await replay(rig)).toMatchObject({ written: 0, removed: 0 });
  });

  it("leaves activities that no kept raw has to what is stored of them", async () => {
    await using rig = await createRig();
    const past = {
      id: "past",
      type: "Call",
      scheduled_at: "2026-03-12 10:00:00",
    };
    brandOf(rig).putActivity(past);
    await rig.sync();
    rig.clock.advance(5 * DAY);
    await rig.sync();
    expect(await expectSame(rig)).toMatchObject({ notCovered: 0 });
    await dropFirstManifest(rig);
    const { notCovered } = await expectSame(rig);
    expect(notCovered).toBeGreaterThan(0);
    const right = await dump(rig.kv, rig.tenant.id);
    const key = ["ct_scheduled_activities", "past"];
    await alter(rig, key, { activityType: "Visit" });
    expect((await check(rig)).differences).toMatchObject([
      { stream: "activities", id: "past", field: "activityType", raw: "Call" },
    ]);
    expect(await replay(rig)).toMatchObject({ written: 1, removed: 0 });
    expect(differences(await dump(rig.kv, rig.tenant.id), right)).toEqual([]);
  });

  it("finds nothing where a row was set aside and its older version stands", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    const brand = brandOf(rig);
    const cycle = { sales_cycle_id: "77", sales_cycle_name: "Odd stage" };
    brand.putCycle(cycle);
    await rig.sync();
    brand.putCycle({ ...cycle, sales_cycle_name: { text: "Odd" } });
    await hour(rig);
    await expectSame(rig);
    // The older version now stands before the newest baseline.
    await hour(rig, 24);
    await hour(rig, 24);
    expect(await expectSame(rig)).toMatchObject({ notCovered: 0 });
    const key = ["t", rig.tenant.id, "sales_cycles", "77"];
    expect((await rig.kv.get(key)).value).toMatchObject({ name: "Odd stage" });
  });

  it("lets a stored record stand whose raw is gone, and counts it", async () => {
    await using rig = await createRig({ brand: { leads: 250, activities: 0 } });
    const brand = brandOf(rig);
    const cycle = { sales_cycle_id: "77", sales_cycle_name: "Odd stage" };
    brand.putCycle(cycle);
    await rig.sync();
    brand.putCycle({ ...cycle, sales_cycle_name: { text: "Odd" } });
    rig.clock.advance(DAY);
    await rig.sync();
    await dropFirstManifest(rig);
    expect(await expectSame(rig)).toMatchObject({ notCovered: 1 });
    expect(await replay(rig)).toMatchObject({ written: 0, removed: 0 });
  });

  for (
    const kind of [
      "duplicate",
      "moved",
      "shrinking_total",
      "short_page",
      "missing_id",
      "invalid_utf8",
      "huge_note",
      "duplicate_keys",
      "fewer",
      "none",
    ] as const
  ) {
    it(`finds nothing after '${kind}'`, async () => {
      await using rig = await createRig({
        brand: { leads: 250, notes: 220, opportunities: 60 },
      });
      await rig.sync();
      for (const stream of ["leads", "notes", "opportunities"] as const) {
        rig.simulator.faults.add({ kind, stream });
      }
      await hour(rig);
      await expectSame(rig);
      await hour(rig, 24);
      await expectSame(rig);
      rig.simulator.faults.clear();
      await hour(rig);
      await expectSame(rig);
    });
  }

  it("finds nothing where a list was not believed, though some of it had changed", async () => {
    await using rig = await createRig();
    const brand = brandOf(rig);
    const cycle = { sales_cycle_id: "77", sales_cycle_name: "A stage" };
    brand.putCycle(cycle);
    await rig.sync();
    brand.putCycle({ ...cycle, sales_cycle_name: "Another stage" });
    brand.putCycle({ sales_cycle_id: "78", sales_cycle_name: "" });
    brand.putCycle({ sales_cycle_id: "79", sales_cycle_name: "" });
    for (const hours of [1, 24, 1]) {
      const { streams } = await hour(rig, hours);
      expect(streams.cycles!.error).toMatch(/more than 1%/);
      await expectSame(rig, { from: "2026-03-01" });
    }
    const key = ["t", rig.tenant.id, "sales_cycles", "77"];
    expect((await rig.kv.get(key)).value).toMatchObject({ name: "A stage" });
  });

  it("finds nothing where a list held a record twice, the newer version first", async () => {
    const version = (stage: string, day: number) => ({
      client_id: "twice",
      clients_sales_cycle: stage,
      last_modified_date: `2026-03-0${day} 10:00:00`,
    });
    let repeats: unknown[] = [];
    await using rig = await createRig({
      brand: { leads: 30 },
      fetch: (through) => async (url, init) => {
        const answer = await through(url, init);
        if (!url.pathname.endsWith("/read_client_list")) return answer;
        const body = await answer.json();
        const data = [...body.data, ...repeats];
        return Response.json({ ...body, data, TotalRecord: data.length - 1 });
      },
    });
    for (const [day, hours] of [[2, 1], [3, 1], [4, 24], [5, 1], [6, 24]]) {
      const older = version("New Lead", 1);
      repeats = [version(day! % 2 ? "FDD Sent" : "QR Sent", day!), older];
      rig.clock.advance(hours! * HOUR);
      await rig.sync();
      await expectSame(rig, { from: "2026-03-01" });
    }
    expect(await replay(rig)).toMatchObject({ written: 0, removed: 0 });
  });

  it("finds nothing where the first sync of all met a fault", async () => {
    await using rig = await createRig({ brand: { leads: 250, notes: 220 } });
    const fault: Fault = { kind: "moved", stream: "leads" };
    rig.simulator.faults.add(fault);
    rig.simulator.faults.add({ kind: "http_status", stream: "notes" });
    await rig.sync();
    await expectSame(rig);
    rig.simulator.faults.clear();
    await hour(rig);
    await expectSame(rig);
  });

  it("finds what new rules make of the same records, until the next sync has", async () => {
    await using rig = await createRig();
    for (const lead of brandOf(rig).rows("leads").slice(0, 5)) {
      const { client_id } = lead;
      brandOf(rig).putLead({
        client_id: String(client_id),
        sales_area: "East",
      });
    }
    await rig.sync();
    await expectSame(rig);
    await rig.change({ fieldAliases: { market: ["sales_area"] } });
    const { status, differences } = await check(rig);
    expect(status).toBe("different");
    expect(differences.filter(({ stream }) => stream === "leads").length)
      .toBe(5);
    expect(differences[0]).toMatchObject({ field: "market", raw: "East" });
    await rig.sync();
    await expectSame(rig);
  });

  it("puts records in place by new rules as the next sync would", async () => {
    await using rig = await createRig();
    await using other = await createRig();
    for (const { simulator, ...one } of [rig, other]) {
      simulator.brand(TEST_WEB_KEY).putLead({
        client_id: "5",
        sales_area: "X",
      });
      await one.sync();
      await one.change({ fieldAliases: { market: ["sales_area"] } });
    }
    const report = await replay(rig);
    expect(report.written).toBeGreaterThan(0);
    await expectSame(rig);
    expect((await rig.sync()).recordsUpdated).toBe(0);
    await other.sync();
    const leaveOut = ["ct_raw_snapshots", "sync_runs", "sync_state"];
    const left = leaveOut.concat("ct_raw_chunks");
    const lived = await dump(rig.kv, rig.tenant.id, left);
    const synced = await dump(other.kv, other.tenant.id, left);
    expect(differences(lived, synced)).toEqual([]);
  });
});

describe("replayTenant() and others", () => {
  it("changes nothing where it only checks", async () => {
    await using rig = await createRig();
    await rig.sync();
    await alter(rig, ["kpis", "2026-03-11"], { totalLeads: 4711 });
    const before = await tenantRows(rig.kv, rig.tenant.id);
    await check(rig, { from: "2026-03-01" });
    expect(await tenantRows(rig.kv, rig.tenant.id)).toEqual(before);
    await replay(rig);
  });

  it("is busy while a run holds the lease, and gives its own back", async () => {
    await using rig = await createRig();
    await rig.sync();
    await replay(rig);
    const key = ["t", rig.tenant.id, "sync_lease"];
    const { value } = await rig.kv.get<object>(key);
    expect(value).toMatchObject({ owner: null });
    const expiresAt = rig.clock.now() + LEASE_MS;
    await rig.kv.set(key, { ...value, owner: "other", expiresAt });
    for (const only of [true, false]) {
      expect((await replay(rig, { check: only })).status).toBe("busy");
    }
    rig.clock.advance(LEASE_MS);
    expect((await replay(rig)).status).toBe("rebuilt");
  });

  it("is busy where a run came in between", async () => {
    await using rig = await createRig();
    await rig.sync();
    let synced = false;
    const beforeGet = async () => {
      if (synced) return;
      synced = true;
      await alter(rig, ["sync_state"], { dataVersion: 99 });
    };
    const other = await rig.another();
    const deps = { ...other.deps };
    let asked = -Infinity;
    const hooked = await rig.another({
      beforeGet: async () => {
        if (++asked > 2) await beforeGet();
      },
    });
    // The tenant, and where its sync stands, are read before the state changes.
    asked = 0;
    const report = await replayTenant(
      { ...deps, store: hooked.store },
      rig.tenant.id,
      {
        check: true,
      },
    );
    expect(report.status).toBe("busy");
  });

  it("checks a tenant that is not active, but does not change it", async () => {
    await using rig = await createRig();
    await rig.sync();
    await rig.kv.set(["t", rig.tenant.id, "state"], "inactive");
    await expectSame(rig);
    await expect(replay(rig)).rejects.toThrow("it is inactive");
  });

  it("says that nothing is there of a tenant that was never synced", async () => {
    await using rig = await createRig();
    expect(await expectSame(rig)).toMatchObject({ records: 0, notCovered: 0 });
    expect(await replay(rig)).toMatchObject({ written: 0, status: "rebuilt" });
  });

  it("refuses days that are none", async () => {
    await using rig = await createRig();
    for (
      const [options, message] of [
        [{ from: "yesterday" }, "--from must be a day such as 2026-03-01"],
        [{ from: "2026-02-30" }, "'2026-02-30' is none"],
        [{ from: "2026-03-01", to: "1" }, "--to must be a day"],
        [{ to: "2026-03-01" }, "--to needs --from"],
        [{ from: "2026-03-02", to: "2026-03-01" }, "later than --to"],
      ] as const
    ) {
      await expect(check(rig, options)).rejects.toThrow(message);
    }
  });
});
