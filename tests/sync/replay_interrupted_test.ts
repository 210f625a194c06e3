import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { Crash, crashAt } from "../_kv.ts";
import { createRig, type RigOptions } from "../_sync.ts";
import { brandOf, expectSame, hour, replay, stateOf } from "./_replay.ts";

describe("replayTenant() after a run that did not come to its end", () => {
  const smallBrand = (options: RigOptions = {}) =>
    createRig({ brand: { leads: 12 }, ...options });

  it("asks for a sync first, and finds nothing after it, wherever the run was killed", async () => {
    for (let n = 1;; n++) {
      await using rig = await smallBrand();
      await rig.sync();
      brandOf(rig).removeLead(String(brandOf(rig).rows("leads")[0]!.client_id));
      rig.simulator.advance(30);
      rig.clock.advance(30 * HOUR);
      const dying = await rig.another(crashAt(n, n % 2 ? "before" : "after"));
      const error = await dying.sync().catch((error) => error);
      if (!(error instanceof Crash)) {
        expect(n).toBeGreaterThan(5);
        return;
      }
      rig.clock.advance(LEASE_MS);
      const rows = await tenantRows(rig.kv, rig.tenant.id);
      const state = await stateOf(rig);
      for (const only of [true, false]) {
        if (state.status !== "running") break;
        const report = await replay(rig, { check: only });
        expect(report.status).toBe("unfinished");
        expect(report.message).toMatch(/First run: portal sync --tenant/);
      }
      const after = await tenantRows(rig.kv, rig.tenant.id);
      expect(after.filter(isData)).toEqual(rows.filter(isData));
      await rig.sync();
      await expectSame(rig, { from: "2026-03-01" });
    }
  });

  it("asks for a sync first, and finds nothing after it, at whichever request it was stopped", async () => {
    for (let n = 1; n <= 5; n++) {
      const stop = new AbortController();
      let armed = false;
      let asked = 0;
      await using rig = await smallBrand({
        fetch: (through) => async (url, init) => {
          if (armed && ++asked === n) stop.abort(new Error("stopping"));
          return await through(url, init);
        },
      });
      await rig.sync();
      rig.simulator.advance(30);
      rig.clock.advance(30 * HOUR);
      armed = true;
      await rig.sync({ signal: stop.signal });
      await rig.sync();
      await expectSame(rig, { from: "2026-03-01" });
      await hour(rig);
      await expectSame(rig);
    }
  });
});

function isData({ key }: Deno.KvEntry<unknown>): boolean {
  return key[2] !== "sync_lease";
}
