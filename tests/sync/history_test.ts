import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { StandingChange } from "../../lib/domain/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { HOUR } from "../_clock.ts";
import { Crash, crashAt } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { expectSame, replay } from "./_replay.ts";

const EVER = ["2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z"] as const;
const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

const brandOf = (rig: SyncRig) => rig.simulator.brand(TEST_WEB_KEY);

function putLead(rig: SyncRig, id: string, stage: string) {
  brandOf(rig).putLead({
    client_id: id,
    firstName: "Robin",
    contact_type: "1",
    clients_sales_cycle: stage,
    created: "2026-03-01 10:00:00",
  });
}

function putDeal(rig: SyncRig, id: string, stage: string, deal_size = "2") {
  brandOf(rig).putOpportunity({
    opportunity_id: id,
    client_id: "L",
    contact_sales_cycle: stage,
    deal_size,
  });
}

async function changes(
  rig: SyncRig,
  stream: "leads" | "opportunities",
): Promise<StandingChange[]> {
  return await (await rig.data()).listChanges(stream, ...EVER);
}

async function hourLater(rig: SyncRig): Promise<string> {
  rig.clock.advance(HOUR);
  const at = new Date(rig.clock.now()).toISOString();
  expect(await rig.sync()).toMatchObject({ status: "success" });
  return at;
}

const steps = (all: StandingChange[]) =>
  all.map(({ id, from, to }) => [id, from?.stage ?? null, to?.stage ?? null]);

describe("the history that syncs keep", () => {
  it("begins with the first snapshot, which is no change", async () => {
    await using rig = await createRig();
    await rig.sync();
    expect(await changes(rig, "leads")).toEqual([]);
    expect(await changes(rig, "opportunities")).toEqual([]);
    const data = await rig.data();
    const [lead] = (await data.listLeads({ limit: 1 })).rows;
    expect((await data.person(lead!.id, { notes: 0 }))!.stays).toMatchObject([{
      at: "2026-03-11T15:00:00.000Z",
      atLeast: true,
    }]);
  });

  it("holds each lead's moves, its arrival, its leaving and its return", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putLead(rig, "old", "New Lead");
    await rig.sync();
    putLead(rig, "old", "QR Sent");
    putLead(rig, "L", "New Lead");
    const at = await hourLater(rig);
    putLead(rig, "old", "FDD Sent");
    await hourLater(rig);
    brandOf(rig).removeLead("old");
    await hourLater(rig);
    const stays = async () =>
      (await (await rig.data()).person("old", { notes: 0 }))!.stays;
    expect((await stays()).map(({ stage }) => stage))
      .toEqual(["New Lead", "QR Sent", "FDD Sent"]);
    putLead(rig, "old", "New Lead");
    await hourLater(rig);
    expect(steps(await changes(rig, "leads"))).toEqual([
      ["L", null, "New Lead"],
      ["old", "New Lead", "QR Sent"],
      ["old", "QR Sent", "FDD Sent"],
      ["old", "FDD Sent", null],
      ["old", null, "New Lead"],
    ]);
    expect((await stays()).map(({ stage, atLeast }) => [
      stage,
      atLeast,
    ])).toEqual([
      ["New Lead", true],
      ["QR Sent", false],
      ["FDD Sent", false],
      ["New Lead", false],
    ]);
    expect((await stays())[1]!.at).toBe(at);
  });

  it("holds an opportunity's size, to the cent, beside its stage", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putDeal(rig, "O", "QR Sent");
    await rig.sync();
    putDeal(rig, "O", "QR Sent", "$1,234.56");
    await hourLater(rig);
    putDeal(rig, "O", "FDD Sent", "none");
    await hourLater(rig);
    const sizes = (await changes(rig, "opportunities")).map(({ from, to }) => [
      from?.dealSizeCents,
      to?.dealSizeCents,
    ]);
    expect(sizes).toEqual([[200, 123_456], [123_456, null]]);
    const data = await rig.data();
    expect((await data.person("L", { notes: 0 }))!.opportunities).toMatchObject(
      [{
        id: "O",
        stage: "FDD Sent",
        stays: [{ stage: "QR Sent", atLeast: true }, { stage: "FDD Sent" }],
      }],
    );
    expect((await data.listStageChanges(...EVER)).map(({ from, to }) => [
      from,
      to,
    ])).toEqual([["QR Sent", "FDD Sent"]]);
  });

  it("says in the hot list since when a deal is in its stage", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putLead(rig, "L", "New Lead");
    putDeal(rig, "O", "QR Sent");
    await rig.sync();
    putDeal(rig, "O", "Deal Structure");
    const at = await hourLater(rig);
    putDeal(rig, "O", "Deal Structure", "3");
    await hourLater(rig);
    const list = await (await rig.data()).listHotList({ limit: 5, offset: 0 });
    expect(list.rows).toMatchObject([
      { id: "O", clientId: "L", since: at, sinceIs: "exact" },
    ]);
  });

  it("has every change once, with the time it had, wherever a sync was killed", async () => {
    for (let n = 1;; n++) {
      await using rig = await createRig({ brand: EMPTY });
      for (const id of ["a", "b", "c"]) {
        putLead(rig, id, "New Lead");
        putDeal(rig, id, "QR Sent");
      }
      await rig.sync();
      rig.clock.advance(HOUR);
      putLead(rig, "a", "QR Sent");
      putDeal(rig, "a", "FDD Sent", "5");
      putDeal(rig, "new", "QR Sent");
      brandOf(rig).removeOpportunity("b");
      brandOf(rig).removeLead("b");
      const dying = await rig.another(crashAt(n, n % 2 ? "before" : "after"));
      const error = await dying.sync().catch((error) => error);
      const early = [
        ...await changes(rig, "leads"),
        ...await changes(rig, "opportunities"),
      ];
      rig.clock.advance(LEASE_MS);
      await rig.sync();
      const leads = await changes(rig, "leads");
      const deals = await changes(rig, "opportunities");
      expect(steps(leads).sort()).toEqual([
        ["a", "New Lead", "QR Sent"],
        ["b", "New Lead", null],
      ]);
      expect(steps(deals).sort()).toEqual([
        ["a", "QR Sent", "FDD Sent"],
        ["b", "QR Sent", null],
        ["new", null, "QR Sent"],
      ]);
      for (const one of early) expect([...leads, ...deals]).toContainEqual(one);
      await expectSame(rig);
      if (!(error instanceof Crash)) return expect(n).toBeGreaterThan(6);
    }
  });

  it("is left as it is by a replay, which knows less of it", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putLead(rig, "L", "New Lead");
    putDeal(rig, "O", "QR Sent");
    await rig.sync();
    putDeal(rig, "O", "FDD Sent");
    await hourLater(rig);
    const before = await changes(rig, "opportunities");
    const at = ["t", rig.tenant.id, "opportunities", "O"];
    const { value } = await rig.kv.get<object>(at);
    await rig.kv.set(at, { ...value, stage: "FA Sent", dealSizeCents: 200 });
    await replay(rig);
    expect(await changes(rig, "opportunities")).toEqual(before);
    expect((await rig.kv.get(at)).value).toEqual(value);
  });

  it("does not take what a replay brings back for an arrival", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putDeal(rig, "O", "QR Sent");
    await rig.sync();
    await rig.kv.delete(["t", rig.tenant.id, "opportunities", "O"]);
    rig.clock.advance(HOUR);
    await replay(rig);
    expect(await changes(rig, "opportunities")).toEqual([]);
    const person = await (await rig.data()).person("L", { notes: 0 });
    expect(person!.opportunities[0]!.stays).toMatchObject([{ atLeast: true }]);
  });

  it("costs a lead that moved four writes, an opportunity six at most", async () => {
    await using rig = await createRig({ brand: EMPTY });
    putLead(rig, "L", "New Lead");
    putDeal(rig, "O", "Deal Structure", "4");
    await rig.sync();
    const written = async () => {
      rig.operations.length = 0;
      await hourLater(rig);
      const keys = rig.operations.filter(({ kind }) => kind === "commit")
        .flatMap(({ keys }) => keys.map((key) => String(key[2])));
      const own = /^(leads|opportunities|hot|lead_stage|stage|sync_index)/;
      return keys.filter((kind) => own.test(kind)).sort();
    };
    putLead(rig, "L", "QR Sent");
    expect(await written()).toEqual([
      "lead_stage_changes",
      "leads",
      "leads_by_created",
      "sync_index",
    ]);
    putDeal(rig, "O", "FA Sent", "5");
    expect(await written()).toEqual([
      "hot_list_items",
      "hot_list_items",
      "opportunities",
      "opportunities_by_client",
      "stage_changes",
      "sync_index",
    ]);
  });
});
