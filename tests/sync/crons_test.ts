import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { listSyncDue } from "../../lib/store/mod.ts";
import { registerCrons, type SyncWorker } from "../../lib/sync/mod.ts";
import { createRig } from "../_sync.ts";

interface Registered {
  name: string;
  schedule: string;
  backoff: number[] | undefined;
  tick: () => void | Promise<void>;
}

/** Registers the crons on a table instead of the platform. */
async function register(timeline: string | undefined) {
  const rig = await createRig();
  const table: Registered[] = [];
  let wakes = 0;
  const worker: SyncWorker = {
    wake: () => {
      wakes++;
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
  const cron = (
    name: string,
    schedule: string,
    options: { backoffSchedule?: number[] },
    tick: () => void | Promise<void>,
  ) => {
    table.push({ name, schedule, backoff: options.backoffSchedule, tick });
    return Promise.resolve();
  };
  registerCrons({
    deps: rig.deps,
    worker,
    cron: cron as typeof Deno.cron,
    timeline,
  });
  return { rig, table, wakes: () => wakes };
}

describe("registerCrons()", () => {
  it("ticks every hour and every five minutes, with a backoff of its own", async () => {
    const { rig, table } = await register(undefined);
    expect(table.map(({ schedule }) => schedule)).toEqual([
      "0 * * * *",
      "*/5 * * * *",
    ]);
    for (const { backoff } of table) {
      expect(backoff?.length).toBeGreaterThan(0);
    }
    rig.dispose();
  });

  it("marks every tenant at the hour and wakes the worker", async () => {
    const { rig, table, wakes } = await register("production");
    await table[0]!.tick();
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    expect(wakes()).toBe(1);
    rig.dispose();
  });

  it("wakes the worker every five minutes without marking anything", async () => {
    const { rig, table, wakes } = await register(undefined);
    await table[1]!.tick();
    expect(await listSyncDue(rig.store)).toEqual([]);
    expect(wakes()).toBe(1);
    rig.dispose();
  });

  it("does nothing on a branch's timeline", async () => {
    const { rig, table, wakes } = await register("preview/branch");
    for (const { tick } of table) await tick();
    expect(await listSyncDue(rig.store)).toEqual([]);
    expect(wakes()).toBe(0);
    rig.dispose();
  });
});
