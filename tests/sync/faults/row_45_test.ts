import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { HOUR, MINUTE } from "../../_clock.ts";
import { keyOf } from "../_schedule.ts";
import {
  addRecords,
  createSchedules,
  expectSameEnd,
  keyOfBrand,
} from "./_schedules.ts";

describe("the fault matrix: one tenant among others", () => {
  it("row 45: one slow tenant has its slice, the others their turn, oldest first", async () => {
    const turns: string[] = [];
    let onRequest = (_key: string) => {};
    await using portals = await createSchedules({
      fetch: (through) => (url, init) => {
        onRequest(keyOf(init)!);
        return through(url, init);
      },
    });
    const { faulted, spared } = portals;
    for (const rig of [faulted, spared]) {
      await rig.hourly();
      addRecords(rig, "first");
      rig.clock.advance(HOUR);
    }

    // One place. Each request of Brand B, which is the first in line, takes four minutes.
    const slow = keyOfBrand("Brand B");
    onRequest = (key) => {
      if (turns.at(-1) !== key) turns.push(key);
      if (key === slow) faulted.clock.advance(4 * MINUTE);
    };
    await faulted.hourly();
    await spared.hourly();
    const others = [keyOfBrand("Brand C"), keyOfBrand("Test Brand")];
    expect(turns).toEqual([slow, ...others, slow]);
    const [tick] = await faulted.ticks();
    expect(tick).toMatchObject({
      marked: 3,
      synced: 3,
      failed: 0,
      cut: 1,
      slowest: { tenant: "brand-b" },
    });
    // Others waited for one slice and the request that was under way.
    const { lastSyncAt } = await (await faulted.data()).syncState();
    const waited = Date.parse(lastSyncAt!) - Date.parse(tick!.startedAt);
    expect(waited).toBeLessThanOrEqual(14 * MINUTE);

    onRequest = () => {};
    await expectSameEnd(portals, "2026-03-11T13:00:00.000Z");
  });
});
