import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { StandingChange, SyncState } from "../../lib/domain/mod.ts";
import { addTrails } from "../../lib/store/migrations/_add_trails.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { expectSame } from "../sync/_replay.ts";

/** A brand in which one deal has moved. */
async function synced(): Promise<SyncRig> {
  const rig = await createRig({ brand: { leads: 60 } });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const put = (contact_sales_cycle: string) =>
    brand.putOpportunity({
      opportunity_id: "O",
      client_id: "L",
      contact_sales_cycle,
      deal_size: "2",
    });
  put("QR Sent");
  await rig.sync();
  rig.clock.advance(HOUR);
  put("Deal Structure");
  await rig.sync();
  return rig;
}

/** Puts the rows as schema version 4 had them: no history beside the moves of opportunities. */
async function asVersionFour({ kv, tenant }: SyncRig): Promise<void> {
  for (const { key, value } of await tenantRows(kv, tenant.id)) {
    const kind = key[2];
    if (kind === "lead_stage_changes") await kv.delete(key);
    if (kind === "stage_changes" && !("opportunityId" in (value as object))) {
      const { id, from, to, at, run } = value as StandingChange;
      if (!from || !to) await kv.delete(key);
      else {
        await kv.set(key, {
          ...{ opportunityId: id, from: from.stage, to: to.stage, at, run },
        });
      }
    }
    if (kind === "leads" || kind === "opportunities") {
      const { trail: _, ...record } = value as {
        trail: unknown;
        hot?: { item: object } | null;
      };
      const hot = record.hot && {
        ...record.hot,
        item: bare(record.hot.item, "since", "sinceIs"),
      };
      await kv.set(key, hot ? { ...record, hot } : record);
    }
    if (kind === "hot_list_items") {
      await kv.set(key, bare(value as object, "since", "sinceIs"));
    }
    if (kind === "opportunities_by_client") {
      await kv.set(key, bare(value as object, "since"));
    }
    if (kind === "sync_state") {
      // Its figures were of an earlier form: the next sync counts them anew.
      const state = value as SyncState;
      const cursor = { ...state.cursor, figuresKey: "of version four" };
      await kv.set(key, { ...state, cursor });
    }
  }
}

function bare(value: object, ...names: string[]): object {
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => !names.includes(name)),
  );
}

describe("addTrails()", () => {
  it("gives every record a history, from the moves that were kept", async () => {
    await using rig = await synced();
    await asVersionFour(rig);
    await addTrails(createKvPort(rig.kv));
    const data = await rig.data();
    expect((await data.person("L", { notes: 0 }))!.opportunities).toMatchObject(
      [{
        stays: [{
          stage: "Deal Structure",
          at: "2026-03-11T16:00:00.000Z",
          atLeast: false,
        }],
      }],
    );
    const hot = await data.listHotList({ limit: 100, offset: 0 });
    for (const { since } of hot.rows) expect(since).not.toBeNull();
    const [lead] = (await data.listLeads({ limit: 1 })).rows;
    expect((await data.person(lead!.id, { notes: 0 }))!.stays).toMatchObject([{
      atLeast: true,
    }]);
    expect(await data.listStageChanges("2026", "2027")).toMatchObject([
      { opportunityId: "O", from: "QR Sent", to: "Deal Structure" },
    ]);
  });

  it("leaves a store that is sound and syncs on", async () => {
    await using rig = await synced();
    await asVersionFour(rig);
    await addTrails(createKvPort(rig.kv));
    await expectSame(rig);
    const { store, clock, tenant } = rig;
    const found = await verifyTenant({ store, clock }, tenant.id);
    expect(found?.differences).toEqual([]);
    rig.clock.advance(HOUR);
    expect(await rig.sync())
      .toMatchObject({ status: "success", recordsUpdated: 0 });
    const after = await verifyTenant({ store, clock }, tenant.id);
    expect(after).toMatchObject({ differences: [], remarks: [] });
  });

  it("ends the same wherever it was killed, and changes nothing run again", async () => {
    await using whole = await synced();
    await asVersionFour(whole);
    await addTrails(createKvPort(whole.kv));
    const expected = await dump(whole.kv, whole.tenant.id);
    for (let at = 1, killed = true; killed; at++) {
      await asVersionFour(whole);
      const dying = hookedKv(whole.kv, {
        beforeCommit: (n) => {
          if (n === at) throw new Error("the process died");
        },
      });
      killed = await addTrails(createKvPort(dying)).then(
        () => false,
        () => true,
      );
      await addTrails(createKvPort(whole.kv));
      const now = await dump(whole.kv, whole.tenant.id);
      expect(differences(now, expected)).toEqual([]);
    }
  });
});
