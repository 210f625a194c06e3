import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openTenant } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

async function syncAll(rig: SyncRig) {
  rig.clock.advance(HOUR);
  const report = await rig.sync({ full: true });
  expect(report.errorMessage).toBeNull();
  return await openTenant(rig.store, rig.tenant.id);
}

describe("when somebody last had to do with a tenant's people", () => {
  const note = (rig: SyncRig, id: string, contact_id: string, date: string) =>
    rig.simulator.brand(TEST_WEB_KEY)
      .putNote({ id, contact_id, date, content: "x" });

  it("is by person the newest note that has a date, read once for each version of the data", async () => {
    await using rig = await createRig({ brand: EMPTY });
    note(rig, "1", "7", "2026-03-01 10:00:00");
    note(rig, "2", "7", "2026-03-03 10:00:00");
    note(rig, "3", "8", "2026-03-02 10:00:00");
    note(rig, "4", "9", "0000-00-00 00:00:00");
    note(rig, "5", "", "2026-03-02 10:00:00");
    const tenant = await syncAll(rig);
    const dates = {
      "7": "2026-03-03T15:00:00.000Z",
      "8": "2026-03-02T15:00:00.000Z",
    };
    expect(Object.fromEntries(await tenant.lastNotes())).toEqual(dates);
    rig.operations.length = 0;
    const again = await openTenant(rig.store, rig.tenant.id);
    expect(Object.fromEntries(await again.lastNotes())).toEqual(dates);
    expect(rig.operations.map(({ kind }) => kind)).not.toContain("list");
    note(rig, "6", "8", "2026-03-09 10:00:00");
    const later = await syncAll(rig);
    expect((await later.lastNotes()).get("8")).toBe("2026-03-09T14:00:00.000Z");
  });

  it("is of an earlier moment the newest note that the portal knew by then", async () => {
    await using rig = await createRig({ brand: EMPTY });
    note(rig, "1", "7", "2026-03-01 10:00:00");
    note(rig, "2", "8", "2026-03-01 10:00:00");
    await syncAll(rig);
    const then = rig.clock.now();
    // Two that are written in later, one that is written later.
    note(rig, "3", "7", "2026-03-02 10:00:00");
    note(rig, "4", "7", "2026-03-03 10:00:00");
    note(rig, "5", "8", "2026-03-11 13:30:00");
    note(rig, "6", "9", "2026-03-02 10:00:00");
    const tenant = await syncAll(rig);
    expect(Object.fromEntries(await tenant.lastNotes(then))).toEqual({
      "7": "2026-03-01T15:00:00.000Z",
      "8": "2026-03-01T15:00:00.000Z",
    });
  });

  it("is by person every activity, over or not", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const put = (id: string, contact_id: string, start: string) =>
      rig.simulator.brand(TEST_WEB_KEY)
        .putActivity({ id, contact_id, type: "Call", start });
    put("1", "7", "2026-03-20 10:00:00");
    put("2", "7", "2026-03-11 10:00:00");
    put("3", "8", "2026-03-12 10:00:00");
    put("4", "", "2026-03-12 10:00:00");
    const tenant = await syncAll(rig);
    const found = await tenant.activitiesByContact();
    const ids = [...found].map(([contact, rows]) => [
      contact,
      rows.map(({ id }) => id).sort(),
    ]);
    expect(Object.fromEntries(ids)).toEqual({ "7": ["1", "2"], "8": ["3"] });
  });
});
