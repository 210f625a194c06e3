import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { scheduleChecks } from "../../cli/_schedule_checks.ts";
import { listTenants, setTenantStatus } from "../../lib/store/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { createScheduleRig, type ScheduleRig } from "../sync/_schedule.ts";
import { addAcme, createCliRig, jsonOf } from "./_rig.ts";

const SMALL = { leads: 3 };

async function check(rig: ScheduleRig) {
  const [check] = await scheduleChecks(rig, await listTenants(rig.store));
  return check;
}

describe("the doctor's look at the schedule", () => {
  it("says when the last hourly tick was", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.set("2026-03-11T15:12:30.000Z");
    expect(await check(rig)).toEqual({
      name: "schedule",
      ok: true,
      detail:
        "last hourly tick 12 min ago, at 2026-03-11T15:00:00.000Z; hours without one, of the last 24: 0",
    });
  });

  it("fails when that was more than two hours ago", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.set("2026-03-11T17:00:00.000Z");
    expect(await check(rig)).toMatchObject({ ok: true });
    rig.clock.advance(5 * MINUTE);
    expect(await check(rig)).toEqual({
      name: "schedule",
      ok: false,
      detail:
        "last hourly tick 2 h 05 min ago, at 2026-03-11T15:00:00.000Z; hours without one, of the last 24: 1. Is the portal running?",
    });
  });

  it("counts the hours that were missed, after the ticks came back", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.advance(5 * HOUR);
    await rig.hourly();
    expect(await check(rig)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/of the last 24: 4$/),
    });
  });

  it("fails nobody who waits for no tick", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    await rig.hourly();
    rig.clock.advance(9 * HOUR);
    await setTenantStatus(rig.store, rig.tenant.id, "inactive");
    expect(await check(rig)).toMatchObject({ ok: true });
  });

  it("fails nobody before the first tick", async () => {
    await using rig = await createScheduleRig({ brand: SMALL });
    rig.clock.advance(9 * HOUR);
    expect(await check(rig)).toEqual({
      name: "schedule",
      ok: true,
      detail: "no hourly tick yet; the portal ticks while it is running",
    });
  });

  it("is one of the checks that portal doctor prints", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    const checks = jsonOf(await rig.run("doctor", "--json"));
    expect(checks).toContainEqual(
      expect.objectContaining({ name: "schedule", ok: true }),
    );
  });
});
