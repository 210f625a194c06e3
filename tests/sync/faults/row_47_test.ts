import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { ConflictError } from "../../../lib/domain/mod.ts";
import { findTenant, listSyncDue } from "../../../lib/store/mod.ts";
import { createSyncWorker } from "../../../lib/sync/mod.ts";
import { addAcme, createCliRig } from "../../cli/_rig.ts";
import { allRows } from "../../_dump.ts";
import { cronTable } from "../_schedule.ts";
import { createSchedules, expectSameEnd } from "./_schedules.ts";

describe("the fault matrix: a branch's timeline", () => {
  it("row 47: a branch's timeline marks, syncs and writes nothing", async () => {
    await using portals = await createSchedules();
    const { faulted, spared } = portals;
    for (const rig of [faulted, spared]) await rig.hourly();

    const worker = createSyncWorker(faulted.deps);
    const branch = cronTable(faulted.deps, worker, "git-branch/new-banner");
    const before = await allRows(faulted.kv);
    faulted.simulator.requests.reset();
    for (const time of ["10:05", "11:00", "11:05", "12:00"]) {
      faulted.clock.set(`2026-03-11T${time}:00.000Z`);
      for (const { tick } of branch) await tick();
    }
    expect(await allRows(faulted.kv)).toEqual(before);
    expect(faulted.simulator.requests.count()).toBe(0);

    await expectSameEnd(portals, "2026-03-11T13:00:00.000Z");
    expect((await faulted.ticks())[0]).toMatchObject({ missedHours: 2 });
  });

  it("row 47: a branch's timeline refuses a sync that is asked for, with a sentence", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    rig.env.set("DENO_TIMELINE", "git-branch/new-banner");
    await rig.inPortal(async ({ store, services }) => {
      const { id } = await findTenant(store, "acme");
      const asked = services.requestSync(id);
      await expect(asked).rejects.toThrow(ConflictError);
      await expect(asked).rejects.toThrow("only production syncs");
      expect(await listSyncDue(store)).toEqual([]);
    });
  });
});
