import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { scheduleChecks } from "../../../cli/_schedule_checks.ts";
import { listTenants } from "../../../lib/store/mod.ts";
import { createTestApp } from "../../_app.ts";
import { createSchedules, expectSameEnd } from "./_schedules.ts";

describe("the fault matrix: a dead schedule", () => {
  it("row 49: the banner ages though no cron ticks any more, and the doctor says so", async () => {
    await using portals = await createSchedules();
    const { faulted, spared } = portals;
    for (const rig of [faulted, spared]) await rig.hourly();
    const app = await createTestApp(faulted);
    const user = await app.createUser("tenant_viewer", faulted.tenant.id);
    const { slug } = faulted.tenant;

    const seen: unknown[] = [];
    for (const time of ["11T10:30", "11T12:30", "12T11:00", "14T11:00"]) {
      faulted.clock.set(`2026-03-${time}:00.000Z`);
      // A session ends sooner than this lasts.
      const browser = await app.signedIn(user);
      const answer = await browser.getIn(slug, "/api/sync/status");
      expect(answer.status).toBe(200);
      const { level, isStale, status } = await answer.json();
      seen.push([level, isStale, status]);
      const leads = await browser.getIn(slug, "/api/dashboard/leads");
      expect((await leads.json()).data.totalLeads).toBeGreaterThan(0);
    }
    expect(seen).toEqual([
      ["fresh", false, "success"],
      ["stale", true, "success"],
      ["late", true, "success"],
      ["critical", true, "success"],
    ]);
    const [check] = await scheduleChecks(
      faulted,
      await listTenants(faulted.store),
    );
    expect(check).toMatchObject({
      ok: false,
      detail: expect.stringContaining("Is the portal running?"),
    });

    // Figures of the days between can be had no more: upstream tells only how things stand now.
    const days = ["2026-03-12", "2026-03-13"];
    for (const day of days) {
      spared.clock.set(`${day}T10:00:00.000Z`);
      await spared.hourly();
    }
    await expectSameEnd(portals, "2026-03-14T12:00:00.000Z", days);
    expect((await faulted.ticks())[0]).toMatchObject({ missedHours: 73 });
  });
});
