import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createKvPort } from "../../lib/store/_kv.ts";
import { namePeople } from "../../lib/store/migrations/_name_people.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { allRows, differences, dump, tenantRows } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** A brand whose hot list and schedule are not empty. */
async function synced(): Promise<SyncRig> {
  const rig = await createRig({ brand: { leads: 300 } });
  rig.simulator.brand(TEST_WEB_KEY).putOpportunity({
    opportunity_id: "hot",
    client_id: "7",
    contact_sales_cycle: "Deal Structure",
    deal_size: "50000",
  });
  await rig.sync();
  return rig;
}

/** Puts rows as schema version 2 had them: no activities by contact, nobody named in the schedule and the hot list. */
async function asVersionTwo({ kv, tenant }: SyncRig): Promise<number> {
  let changed = 0;
  for (const { key, value } of await tenantRows(kv, tenant.id)) {
    const fields = value as Record<string, unknown>;
    const put = (next: unknown) => kv.set(key, next);
    const without = (row: object, field: string) =>
      Object.fromEntries(
        Object.entries(row).filter(([name]) => name !== field),
      );
    changed++;
    switch (key[2]) {
      case "ct_scheduled_activities_by_contact":
        await kv.delete(key);
        break;
      case "ct_scheduled_activities_by_date":
        await put(without(fields, "contactId"));
        break;
      case "hot_list_items":
        await put(without(fields, "clientId"));
        break;
      case "opportunities": {
        const hot = fields.hot as { item: object } | null;
        if (!hot) break;
        await put({
          ...fields,
          hot: { ...hot, item: without(hot.item, "clientId") },
        });
        break;
      }
      default:
        changed--;
    }
  }
  return changed;
}

describe("namePeople()", () => {
  it("leaves every row as a sync of today writes it", async () => {
    await using rig = await synced();
    const before = await dump(rig.kv, rig.tenant.id);
    expect(await asVersionTwo(rig)).toBeGreaterThan(10);
    expect(differences(await dump(rig.kv, rig.tenant.id), before))
      .not.toEqual([]);
    await namePeople(createKvPort(rig.kv));
    expect(differences(await dump(rig.kv, rig.tenant.id), before)).toEqual([]);
    expect(await verifyTenant(rig, rig.tenant.id)).toMatchObject({
      differences: [],
    });
    rig.clock.advance(HOUR);
    rig.operations.length = 0;
    expect(await rig.sync()).toMatchObject({
      status: "success",
      recordsUpdated: 0,
    });
    const written = rig.operations.filter(({ kind }) => kind === "commit")
      .flatMap(({ keys }) => keys.map((key) => key[2]));
    expect(written).not.toContain("hot_list_items");
  });

  it("changes nothing of rows that are in order", async () => {
    await using rig = await synced();
    const values = async () =>
      (await allRows(rig.kv)).map(({ key, value }) => ({ key, value }));
    const before = await values();
    await namePeople(createKvPort(rig.kv));
    expect(await values()).toEqual(before);
  });

  it("ends the same wherever it was killed", async () => {
    await using rig = await synced();
    const before = await dump(rig.kv, rig.tenant.id);
    for (let at = 1, killed = true; killed; at++) {
      await asVersionTwo(rig);
      const dying = hookedKv(rig.kv, {
        beforeCommit: (n) => {
          if (n === at) throw new Error("the process died");
        },
      });
      killed = await namePeople(createKvPort(dying)).then(
        () => false,
        () => true,
      );
      await namePeople(createKvPort(rig.kv));
      expect(differences(await dump(rig.kv, rig.tenant.id), before))
        .toEqual([]);
    }
  });
});
