import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { freshness } from "../../../lib/domain/mod.ts";
import {
  addRecords,
  createSchedules,
  expectSameEnd,
  rowsOfTenants,
} from "./_schedules.ts";

describe("the fault matrix: ticks", () => {
  it("row 36: a missed or doubled tick is caught up with, and syncs nobody twice", async () => {
    await using portals = await createSchedules();
    const { faulted, spared } = portals;
    for (const rig of [faulted, spared]) {
      await rig.hourly();
      addRecords(rig, "first");
    }
    for (const hour of ["11", "12"]) {
      spared.clock.set(`2026-03-11T${hour}:00:00.000Z`);
      await spared.hourly();
    }

    // Nothing ticks at 11 and 12. The age of the data is told all the same.
    faulted.clock.set("2026-03-11T12:59:00.000Z");
    const { lastSyncAt, status } = await (await faulted.data()).syncState();
    expect(status).toBe("success");
    expect(freshness(lastSyncAt, faulted.clock.now())).toMatchObject({
      isStale: true,
      message: "Data is 2 hours old - sync may be delayed",
    });

    for (const rig of [faulted, spared]) {
      rig.clock.set("2026-03-11T13:00:00.000Z");
      await rig.hourly();
    }
    expect((await faulted.ticks())[0]).toMatchObject({
      kind: "hourly",
      marked: 3,
      synced: 3,
      missedHours: 2,
    });

    const before = await rowsOfTenants(faulted);
    faulted.clock.set("2026-03-11T13:00:30.000Z");
    await faulted.hourly();
    expect((await faulted.ticks())[0]).toMatchObject({
      kind: "hourly",
      marked: 0,
      synced: 0,
      missedHours: 0,
    });
    expect(await rowsOfTenants(faulted)).toEqual(before);

    // The tick of 14 is missed as well; the five-minute tick takes its place.
    faulted.clock.set("2026-03-11T14:05:00.000Z");
    await faulted.fiveMinutes();
    expect((await faulted.ticks())[0]).toMatchObject({
      kind: "hourly",
      synced: 3,
      missedHours: 0,
    });
    await expectSameEnd(portals, "2026-03-11T15:00:00.000Z");
  });
});
