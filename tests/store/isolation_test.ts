import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  clearSyncDue,
  type KvOperation,
  listSyncDue,
  markSyncDue,
  openTenant,
} from "../../lib/store/mod.ts";
import { syncTenant } from "../../lib/sync/mod.ts";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { allRows, tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const OTHER_KEY = "other-web-key";

async function twoTenants() {
  const rig = await createRig({
    brand: { leads: 30 },
    more: { [OTHER_KEY]: { leads: 30, seed: 99 } },
  });
  rig.deps.notesTextFrom = 1;
  const other = await rig.addTenant("Other Brand", OTHER_KEY);
  return { rig, other };
}

/** Whether a key belongs to the tenant: its data, its own record (read only), its mark. */
function belongsTo(tenantId: string, { kind }: KvOperation) {
  return (key: Deno.KvKey) =>
    key[1] === tenantId &&
    (key[0] === "t" || key[0] === "sync_due" ||
      (key[0] === "tenants" && kind !== "commit"));
}

function strangers({ operations }: SyncRig, tenantId: string) {
  return operations.flatMap((operation) =>
    operation.keys.filter((key) => !belongsTo(tenantId, operation)(key))
  );
}

describe("two tenants in one store", () => {
  it("never meet: a sync touches keys of its own tenant alone", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    await syncTenant(rig.deps, other.id);
    rig.operations.length = 0;
    await rig.sync();
    rig.simulator.advance(5);
    rig.clock.advance(5 * HOUR);
    await rig.sync({ full: true });
    expect(rig.operations.length).toBeGreaterThan(20);
    expect(rig.operations.flatMap(({ keys }) => keys.map((key) => key[2])))
      .toContain("notes_text");
    expect(strangers(rig, rig.tenant.id)).toEqual([]);
  });

  it("never meet: every reading of a tenant's data stays under its prefix", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    await rig.sync();
    await syncTenant(rig.deps, other.id);
    rig.operations.length = 0;
    const tenant = await openTenant(rig.store, rig.tenant.id);
    expect((await tenantRows(rig.kv, rig.tenant.id)).map(({ key }) => key[2]))
      .toContain("notes_text");
    const { rows: [note] } = await tenant.listNotes({ limit: 5, search: "a" });
    await tenant.getNote(note!.id);
    await tenant.listLeads({ limit: 5 });
    await tenant.leadTable();
    await tenant.hotTable();
    await tenant.listHotList({ limit: 5, offset: 0 });
    await tenant.listSchedule({ now: rig.clock.now(), limit: 5 });
    await tenant.listReports();
    await tenant.listRuns(5);
    await tenant.kpiHistory(5);
    await tenant.views("2026-03-11");
    await tenant.syncState();
    expect(strangers(rig, rig.tenant.id)).toEqual([]);
  });

  it("leave each other's rows as they are", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    await syncTenant(rig.deps, other.id);
    const before = await tenantRows(rig.kv, other.id);
    rig.simulator.faults.add({ kind: "none", brand: TEST_WEB_KEY });
    await rig.sync({ acceptRemovals: true });
    rig.simulator.faults.clear();
    await rig.sync({ full: true });
    expect(await tenantRows(rig.kv, other.id)).toEqual(before);
    await assertSound(rig.kv, other.id);
  });

  it("hold none of each other's words", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    const canary = "Canary 7f3a";
    rig.simulator.brand(OTHER_KEY).putLead({
      client_id: "1",
      firstName: canary,
      clients_lead_source: canary,
    });
    await syncTenant(rig.deps, other.id);
    await rig.sync();
    const own = JSON.stringify(await tenantRows(rig.kv, rig.tenant.id));
    expect(own).not.toContain(canary);
    const theirs = JSON.stringify(await tenantRows(rig.kv, other.id));
    expect(theirs).toContain(canary);
  });

  it("may have records of the same ids", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    for (const [key, name] of [[TEST_WEB_KEY, "Mine"], [OTHER_KEY, "Yours"]]) {
      rig.simulator.brand(key!).putNote({ id: "same", content: name });
    }
    await rig.sync();
    await syncTenant(rig.deps, other.id);
    const contents = [rig.tenant.id, other.id].map(async (id) =>
      (await (await openTenant(rig.store, id)).getNote("same"))!.content
    );
    expect(await Promise.all(contents)).toEqual(["Mine", "Yours"]);
  });

  it("leave nothing outside the known keys", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    await rig.sync();
    await syncTenant(rig.deps, other.id);
    const first = new Set((await allRows(rig.kv)).map(({ key }) => key[0]));
    expect([...first].sort()).toEqual([
      "schema_version",
      "store_id",
      "t",
      "tenants",
      "tenants_by_slug",
    ]);
  });
});

describe("markSyncDue()", () => {
  it("marks a tenant once and keeps the time of the first mark", async () => {
    const { rig, other } = await twoTenants();
    await using _ = rig;
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    const [first] = await Array.fromAsync(
      rig.kv.list({ prefix: ["sync_due"] }),
    );
    rig.clock.advance(HOUR);
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    await markSyncDue(rig.store, other.id, rig.clock);
    expect(await listSyncDue(rig.store)).toEqual(
      [rig.tenant.id, other.id].sort(),
    );
    expect(await rig.kv.get(first!.key)).toEqual(first);
    await clearSyncDue(rig.store, rig.tenant.id);
    expect(await listSyncDue(rig.store)).toEqual([other.id]);
  });
});
