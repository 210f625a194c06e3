import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { stageTimesOf } from "../../lib/domain/mod.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { expectSame, hour, replay } from "./_replay.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };
const brandOf = (rig: SyncRig) => rig.simulator.brand(TEST_WEB_KEY);

async function view(rig: SyncRig) {
  const data = await rig.data();
  const { viewDay } = await data.syncState();
  return (await data.views(viewDay!)).pipeline!;
}

async function stalled(rig: SyncRig) {
  return stageTimesOf(await view(rig), rig.tenant.timezone)!;
}

function put(rig: SyncRig, id: string, contact_sales_cycle: string) {
  brandOf(rig).putOpportunity({
    opportunity_id: id,
    client_id: `L${id}`,
    firstName: "Robin",
    lastName: id,
    contact_sales_cycle,
    deal_size: "500",
  });
}

const note = (rig: SyncRig, id: string, contact_id: string, date: string) =>
  brandOf(rig).putNote({ id, contact_id, date, content: "x" });

async function days(rig: SyncRig, count: number) {
  for (let n = 0; n < count; n++) {
    rig.clock.advance(24 * HOUR);
    expect(await rig.sync()).toMatchObject({ status: "success" });
  }
}

async function expectSound(rig: SyncRig) {
  await expectSame(rig, { from: "2026-03-01" });
  const { store, clock, tenant } = rig;
  const found = await verifyTenant({ store, clock }, tenant.id);
  expect(found?.differences).toEqual([]);
}

describe("the figures of a day", () => {
  it("hold how long opportunities stay, and who is stalled, also on days without a change", async () => {
    await using rig = await createRig({ brand: EMPTY });
    await rig.sync();
    for (const id of ["1", "2", "3", "4", "5", "6"]) put(rig, id, "QR Sent");
    await days(rig, 1);
    await days(rig, 3);
    for (const id of ["1", "2", "3", "4", "5"]) put(rig, id, "FDD Sent");
    await days(rig, 1);
    const row = (await stalled(rig)).stages
      .find(({ stage }) => stage === "QR Sent");
    expect(row).toMatchObject({
      ...{ ended: 5, medianDays: 4, middleDays: [4, 4], count: 1 },
    });
    expect((await stalled(rig)).count).toBe(0);
    await days(rig, 11);
    expect((await stalled(rig)).stalled).toMatchObject([
      { id: "6", name: "Robin 6", days: 15, medianDays: 4, atLeast: false },
    ]);
    await expectSound(rig);
  });

  it("follow the last note about a named deal, and cost nothing where it is another's", async () => {
    await using rig = await createRig({ brand: EMPTY });
    put(rig, "1", "QR Sent");
    await rig.sync();
    const last = async () =>
      (await view(rig)).stageTimes!.flatMap(({ oldest }) => oldest)
        .map(({ lastNoteAt }) => lastNoteAt);
    expect(await last()).toEqual([null]);
    note(rig, "a", "L1", "2026-03-10 10:00:00");
    await hour(rig);
    expect(await last()).toEqual(["2026-03-10T14:00:00.000Z"]);
    await expectSound(rig);
    const before = await view(rig);
    note(rig, "b", "L2", "2026-03-11 10:00:00");
    rig.operations.length = 0;
    await hour(rig);
    const written = rig.operations.filter(({ kind }) => kind === "commit")
      .flatMap(({ keys }) => keys.map((key) => key[2]));
    expect(written).not.toContain("pipeline_stage_counts");
    expect(await view(rig)).toEqual(before);
    // On the first sync of a day, figures are carried forward.
    note(rig, "c", "L1", "2026-03-11 09:00:00");
    await days(rig, 1);
    expect(await last()).toEqual(["2026-03-11T13:00:00.000Z"]);
    await expectSound(rig);
  });

  it("keep the times of earlier days as they were, whatever a replay makes anew", async () => {
    await using rig = await createRig({
      brand: { ...EMPTY, leads: 40, opportunities: 20 },
    });
    await rig.sync();
    for (let day = 0; day < 3; day++) await hour(rig, 24);
    const data = await rig.data();
    const before = (await data.views("2026-03-12")).pipeline!.stageTimes;
    expect(before!.length).toBeGreaterThan(3);
    await replay(rig, { from: "2026-03-01" });
    expect((await data.views("2026-03-12")).pipeline!.stageTimes)
      .toEqual(before);
    await expectSound(rig);
  });
});
