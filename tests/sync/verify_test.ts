import { beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

import { setTenantStatus, SyncWriter } from "../../lib/store/mod.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import { findFlaws } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { crashAt } from "../_kv.ts";
import { PLANTS, RECORDS } from "./_plants.ts";
import { createRig, mutations, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** A brand with one of everything: a large note, a hot deal, a tombstone, a row in quarantine. */
async function synced(): Promise<SyncRig> {
  const rig = await createRig({ brand: { leads: 120 } });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  brand.putNote({
    id: "large",
    contact_id: "7",
    content: "A long word about a market – 😀 ".repeat(3_000),
  });
  const putHot = (deal_size: string) =>
    brand.putOpportunity({
      opportunity_id: "hot",
      client_id: "7",
      contact_sales_cycle: "Deal Structure",
      deal_size,
    });
  putHot("49000");
  brand.putNote({ id: "leaving", contact_id: "7", content: "x" });
  brand.putCycle({ sales_cycle_id: "odd", sales_cycle_name: "" });
  await rig.sync();
  brand.removeNote("leaving");
  putHot("50000");
  rig.clock.advance(HOUR);
  await rig.sync({ full: true });
  return rig;
}

const verify = (rig: SyncRig) => verifyTenant(rig, rig.tenant.id);

type Rows = Deno.KvEntry<unknown>[];

describe("verifyTenant()", () => {
  let rig: SyncRig;
  let rows: Rows;

  beforeEach(async () => {
    rig = await synced();
    rows = await tenantRows(rig.kv, rig.tenant.id);
  });

  it("finds nothing wrong after a sync, and says how much it compared", async () => {
    const findings = await verify(rig);
    const stored = rows.filter(({ key }) => RECORDS.includes(String(key[2])));
    expect(findings).toMatchObject({
      records: stored.length,
      found: 0,
      differences: [],
      remarks: [],
    });
    expect(findings!.indexRows).toBeGreaterThan(stored.length);
    rig.dispose();
  });

  it("finds each flaw that is planted, as the tests' own checker does", async () => {
    for (const { kind, flaw, says, both } of PLANTS) {
      const row = rows.find(({ key }) => key[2] === kind)!;
      await flaw(rig.kv, row);
      const findings = await verify(rig);
      expect([kind, findings!.differences]).toEqual([
        kind,
        expect.arrayContaining([expect.stringMatching(says)]),
      ]);
      if (both) {
        const flaws = await findFlaws(rig.kv, rig.tenant.id);
        expect([kind, flaws.length > 0]).toEqual([kind, true]);
      }
      await restore(rig, rows);
    }
    expect((await verify(rig))!.found).toBe(0);
    rig.dispose();
  });

  it("shows the first fifty differences and counts the others", async () => {
    for (const { key } of rows) {
      if (key[2] === "leads_by_created") await rig.kv.delete(key);
    }
    const findings = await verify(rig);
    expect(findings!.differences).toHaveLength(50);
    expect(findings!.found).toBe(120);
    rig.dispose();
  });

  it("shows no word of what a record says", async () => {
    for (const { key, value } of rows) {
      if (key[2] === "leads_by_created" || key[2] === "leads") {
        await rig.kv.set(key, { ...value as object, name: "Nobody else" });
      }
    }
    const text = JSON.stringify(await verify(rig));
    for (const row of rig.simulator.brand(TEST_WEB_KEY).rows("leads")) {
      expect(text).not.toContain(String(row.email || "@example.com"));
      expect(text).not.toContain(String(row.lastName || "Nobody else"));
    }
    rig.dispose();
  });

  it("holds on the next day too, when figures were carried forward", async () => {
    for (const hours of [1, 12, 24]) {
      rig.clock.advance(hours * HOUR);
      expect((await rig.sync()).recordsUpdated).toBe(0);
      expect((await verify(rig))!.differences).toEqual([]);
    }
    rig.dispose();
  });

  it("remarks chunks that no snapshot names", async () => {
    const key = ["t", rig.tenant.id, "ct_raw_chunks", "0".repeat(64), 0];
    await rig.kv.set(key, new Uint8Array(8));
    const { found, remarks } = (await verify(rig))!;
    expect([found, remarks]).toEqual([0, [
      "1 raw chunk that no snapshot names, left by a sync that was cut short; the next sweep takes them away",
    ]]);
    rig.dispose();
  });

  it("compares no figures where the latest sync did not come to its end, or settings changed after it", async () => {
    await rig.change({ qualifiedTo: "Deal Structure" });
    const changed = await verify(rig);
    expect([changed!.found, changed!.remarks]).toEqual([0, [
      "The brand's settings were changed after the latest sync, so counts and figures are not compared; sync first",
    ]]);
    await rig.sync();
    rig.simulator.brand(TEST_WEB_KEY).putLead({ client_id: "new" });
    const dying = await rig.another(crashAt(5, "after"));
    await expect(dying.sync()).rejects.toThrow("the process died");
    rig.clock.advance(HOUR);
    const cut = await verify(rig);
    expect([cut!.found, cut!.remarks]).toEqual([0, [
      "The latest sync did not come to its end, so counts and figures are not compared; sync first",
    ]]);
    await rig.sync();
    expect(await verify(rig)).toMatchObject({ found: 0, remarks: [] });
    rig.dispose();
  });

  it("gives way to a sync, keeps one out meanwhile, and gives the lease back", async () => {
    const writer = await SyncWriter.open(rig.store, rig.tenant.id, rig.clock, {
      owner: "another",
      runId: "another",
    });
    expect(await verify(rig)).toBeNull();
    await writer!.lease.release({ sets: [], deletes: [] });
    const met: string[] = [];
    const findings = await verifyTenant(rig, rig.tenant.id, {
      onStep: (what) => {
        if (what === "leads") rig.sync().then(({ status }) => met.push(status));
      },
    });
    expect([findings!.found, met]).toEqual([0, ["busy"]]);
    expect((await rig.sync()).status).toBe("success");
    rig.dispose();
  });

  it("checks a tenant that is not active, without its lease", async () => {
    await setTenantStatus(rig.store, rig.tenant.id, "suspended");
    rig.operations.length = 0;
    expect((await verify(rig))!.found).toBe(0);
    expect(mutations(rig.operations)).toBe(0);
    rig.dispose();
  });

  it("gives the lease back when the database fails on the way", async () => {
    let reads = 0;
    const { store } = await rig.another({
      beforeGet: () => {
        if (++reads === 10) throw new TypeError("broken");
      },
    });
    const broken = verifyTenant({ store, clock: rig.clock }, rig.tenant.id);
    await expect(broken).rejects.toThrow("broken");
    expect((await verify(rig))!.found).toBe(0);
    rig.dispose();
  });

  it("finds nothing wrong with a tenant that was never synced", async () => {
    const { id } = await rig.addTenant("Another", "another-key");
    expect(await verifyTenant(rig, id)).toEqual({
      records: 0,
      indexRows: 0,
      differences: [],
      found: 0,
      remarks: [],
    });
    rig.dispose();
  });
});

/** Makes the tenant's rows what they were, the lease aside. */
async function restore({ kv, tenant }: SyncRig, rows: Rows): Promise<void> {
  const before = new Map(rows.map((row) => [JSON.stringify(row.key), row]));
  for (const { key, versionstamp } of await tenantRows(kv, tenant.id)) {
    const row = before.get(JSON.stringify(key));
    before.delete(JSON.stringify(key));
    if (key[2] === "sync_lease" || row?.versionstamp === versionstamp) continue;
    if (row) await kv.set(key, row.value);
    else await kv.delete(key);
  }
  for (const { key, value } of before.values()) await kv.set(key, value);
}
