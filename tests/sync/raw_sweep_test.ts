import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { LEASE_MS } from "../../lib/store/lease.ts";
import type { RawManifest } from "../../lib/store/mod.ts";
import { replayTenant } from "../../lib/sync/mod.ts";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { Crash, crashAt } from "../_kv.ts";
import { createRig, mutations, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const DAY = 24 * HOUR;
const SMALL = { leads: 6, notes: 4, opportunities: 2, activities: 2 };

async function small(retentionDays: number): Promise<SyncRig> {
  const rig = await createRig({ brand: SMALL });
  rig.deps.snapshotRetentionDays = retentionDays;
  return rig;
}

async function manifests({ kv, tenant }: SyncRig): Promise<RawManifest[]> {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === "ct_raw_snapshots")
    .map(({ value }) => value as RawManifest);
}

/** Chunks that are stored, and those that a manifest names, by their hashes. */
async function chunks(rig: SyncRig) {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  const stored = rows.filter(({ key }) => key[2] === "ct_raw_chunks");
  const named = (await manifests(rig)).flatMap(({ streams }) =>
    Object.values(streams).flatMap(({ chunks }) => chunks)
  );
  return {
    stored: new Set(stored.map(({ key }) => String(key[3]))),
    named: new Set(named.map(({ sha256 }) => sha256)),
  };
}

async function expectNoOrphans(rig: SyncRig): Promise<void> {
  const { stored, named } = await chunks(rig);
  expect([...stored].filter((one) => !named.has(one))).toEqual([]);
}

async function expectSame(rig: SyncRig, from?: string) {
  const report = await replayTenant(rig.deps, rig.tenant.id, {
    check: true,
    from,
  });
  expect(report.differences).toEqual([]);
  expect(report.status).toBe("same");
  return report;
}

function ageInDays(rig: SyncRig, { fetchedAt }: RawManifest): number {
  return (rig.clock.now() - Date.parse(fetchedAt)) / DAY;
}

/** A tenant's hours: something changes in every `every`th. */
async function live(rig: SyncRig, hours: number, step = 1, every = 7) {
  for (let n = 0; n < hours; n += step) {
    rig.clock.advance(step * HOUR);
    if (n % every === 0) {
      rig.simulator.brand(TEST_WEB_KEY).putLead({
        client_id: `lead${n % 5}`,
        firstName: `Robin ${n}`,
      });
    }
    await rig.sync();
  }
}

describe("the sweep of raw", () => {
  it("drops what is older than the retention, hour by hour, and nothing else", async () => {
    await using rig = await small(5);
    await rig.sync();
    await live(rig, 12 * 24);
    const kept = await manifests(rig);
    const ages = kept.map((manifest) => ageInDays(rig, manifest));
    expect(Math.max(...ages)).toBeLessThan(5.5);
    expect(kept.length).toBeGreaterThan(5 * 24);
    await expectNoOrphans(rig);
    await expectSame(rig);
  });

  it("keeps 90 days of a tenant that is synced once a day, unless told", async () => {
    await using rig = await createRig({ brand: SMALL });
    await rig.sync();
    await live(rig, 110 * 24, 24, 48);
    const ages = (await manifests(rig)).map((one) => ageInDays(rig, one));
    expect(Math.max(...ages)).toBeLessThanOrEqual(91);
    expect(Math.max(...ages)).toBeGreaterThan(88);
    await expectNoOrphans(rig);
    const { days } = await expectSame(rig, "2026-01-01");
    const beyond = days.filter(({ status }) => status === "beyond");
    expect(beyond.length).toBeGreaterThan(15);
    expect(days.length - beyond.length).toBeGreaterThan(85);
    const { cursor } = await (await rig.data()).syncState();
    expect(cursor.rawKeptFrom).not.toBeNull();
  });

  it("never drops the newest baseline of a stream with what follows it", async () => {
    await using rig = await small(3);
    await rig.sync();
    rig.simulator.faults.add({ kind: "http_status", stream: "notes" });
    await live(rig, 10 * 24, 6, 12);
    const [first] = await manifests(rig);
    expect(first!.streams.notes).toMatchObject({ kind: "baseline" });
    expect(ageInDays(rig, first!)).toBeGreaterThan(9);
    await expectSame(rig);
    rig.simulator.faults.clear();
    await live(rig, 4 * 24, 6, 12);
    const ages = (await manifests(rig)).map((one) => ageInDays(rig, one));
    expect(Math.max(...ages)).toBeLessThan(4.1);
    await expectSame(rig);
  });

  it("makes no more than 12 writes of an hour without changes, whatever has expired", async () => {
    await using rig = await small(90);
    await rig.sync();
    await live(rig, 4 * 24, 1, 2);
    rig.deps.snapshotRetentionDays = 1;
    const before = (await manifests(rig)).length;
    const costs: number[] = [];
    for (let hour = 0; hour < 30; hour++) {
      rig.clock.advance(HOUR);
      rig.operations.length = 0;
      const { recordsUpdated } = await rig.sync();
      expect(recordsUpdated).toBe(0);
      costs.push(mutations(rig.operations));
      await assertSound(rig.kv, rig.tenant.id);
    }
    expect(Math.max(...costs)).toBeLessThanOrEqual(12);
    expect((await manifests(rig)).length).toBeLessThan(before);
    await expectSame(rig);
  });

  it("drops all that has expired in a run that reads everything", async () => {
    await using rig = await small(90);
    await rig.sync();
    await live(rig, 6 * 24, 3, 3);
    rig.deps.snapshotRetentionDays = 2;
    await rig.sync({ full: true });
    await rig.sync({ full: true });
    const ages = (await manifests(rig)).map((one) => ageInDays(rig, one));
    expect(Math.max(...ages)).toBeLessThanOrEqual(2);
    await expectNoOrphans(rig);
    await expectSame(rig);
  });

  it("takes away in small steps what is more than an hour may cost", async () => {
    await using rig = await small(90);
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    await rig.sync();
    for (let n = 0; n < 8; n++) {
      // Every stream of the run has chunks of its own.
      brand.putLead({ client_id: "x", firstName: `Robin ${n}` });
      brand.putNote({ id: "x", contact_id: "x", content: `Note ${n}` });
      brand.putOpportunity({ opportunity_id: "x", client_id: "x", n });
      brand.putActivity({ id: "x", type: "Call", description: `${n}` });
      brand.putCycle({ sales_cycle_id: "x", sales_cycle_name: `Stage ${n}` });
      rig.clock.advance(HOUR);
      await rig.sync();
    }
    await live(rig, 30, 1, 100);
    rig.deps.snapshotRetentionDays = 1;
    for (let hour = 0; hour < 70; hour++) {
      rig.clock.advance(HOUR);
      rig.operations.length = 0;
      await rig.sync();
      expect(mutations(rig.operations)).toBeLessThanOrEqual(12);
      await assertSound(rig.kv, rig.tenant.id);
    }
    await expectNoOrphans(rig);
    const ages = (await manifests(rig)).map((one) => ageInDays(rig, one));
    expect(Math.max(...ages)).toBeLessThan(2.1);
    await expectSame(rig);
  });

  it("takes away the chunks of a run that died before it named them", async () => {
    for (let n = 3; n <= 8; n++) {
      await using rig = await small(90);
      await rig.sync();
      rig.clock.advance(DAY);
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      brand.putLead({ client_id: "x", firstName: "One" });
      const dying = await rig.another(crashAt(n, "after"));
      await dying.sync().catch(() => {});
      brand.putLead({ client_id: "x", firstName: "Another" });
      rig.clock.advance(LEASE_MS);
      await rig.sync();
      await expectNoOrphans(rig);
      await expectSame(rig);
    }
  });

  it("ends the same wherever the run that sweeps was killed, and no kept manifest names a chunk that is gone", async () => {
    const prepare = async () => {
      const rig = await small(90);
      await rig.sync();
      await live(rig, 3 * 24, 3, 6);
      rig.deps.snapshotRetentionDays = 1;
      rig.clock.advance(HOUR);
      return rig;
    };
    const whole = await prepare();
    await whole.sync({ full: true });
    whole.clock.advance(LEASE_MS);
    await whole.sync({ full: true });
    const expected = await dump(whole.kv, whole.tenant.id);
    const count = (await manifests(whole)).length;
    whole.dispose();
    for (let n = 1;; n++) {
      for (const when of ["before", "after"] as const) {
        await using rig = await prepare();
        const dying = await rig.another(crashAt(n, when));
        const error = await dying.sync({ full: true }).catch((error) => error);
        if (!(error instanceof Crash)) {
          expect(n).toBeGreaterThan(5);
          return;
        }
        await assertSound(rig.kv, rig.tenant.id);
        rig.clock.advance(LEASE_MS);
        await rig.sync({ full: true });
        await expectNoOrphans(rig);
        await expectSame(rig, "2026-03-01");
        const now = await dump(rig.kv, rig.tenant.id);
        expect(differences(now, expected)).toEqual([]);
        expect((await manifests(rig)).length).toBeLessThanOrEqual(count + 1);
      }
    }
  });

  it("leaves what another stream's list has long not said to the newest baseline of each", async () => {
    await using rig = await small(2);
    await rig.sync();
    rig.simulator.faults.add({
      kind: "http_status",
      stream: "activities",
      status: 404,
    });
    await live(rig, 8 * 24, 6, 12);
    // Nobody waits for a list that is not offered.
    const ages = (await manifests(rig)).map((one) => ageInDays(rig, one));
    expect(Math.max(...ages)).toBeLessThan(3.1);
    const { notCovered } = await expectSame(rig);
    expect(notCovered).toBeGreaterThan(0);
  });
});
