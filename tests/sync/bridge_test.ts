import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  addDays,
  type PipelineBridge,
  pipelineBridge,
} from "../../lib/domain/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { hour } from "./_replay.ts";

const EVER = ["2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z"] as const;

/** What each bridge between two of the tenant's days leaves unexplained, in cents. */
async function unexplained(rig: SyncRig): Promise<number[]> {
  const data = await rig.data();
  const { viewDay } = await data.syncState();
  const view = (await data.views(viewDay!)).pipeline!;
  const days = (await data.kpisUntil(viewDay!, 100)).toReversed();
  const changes = await data.listChanges("opportunities", ...EVER);
  return days.flatMap((opening, n) =>
    days.slice(n + 1).map((closing) => {
      const ends = { opening, closing };
      const bridge = pipelineBridge(changes, ends, view) as PipelineBridge;
      const sum = bridge.steps.reduce((all, { cents }) => all + cents, 0);
      expect(opening.pipelineValueCents! + sum)
        .toBe(closing.pipelineValueCents);
      return bridge.steps.at(-1)!.cents;
    })
  );
}

describe("the bridge between two days' figures", () => {
  it("leaves nothing unexplained, between whichever days of a brand that lives on", async () => {
    await using rig = await createRig({
      brand: { leads: 120, opportunities: 60, notes: 0, activities: 0 },
    });
    await rig.sync();
    for (let step = 0; step < 14; step++) {
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      const rows = brand.rows("opportunities");
      const { opportunity_id: gone } = rows[step % rows.length]!;
      brand.removeOpportunity(String(gone));
      const one = rows[(step * 7 + 3) % rows.length]!;
      brand.putOpportunity({ ...one, deal_size: `${1_000 * step + 0.25}` });
      await hour(rig, 12);
    }
    const all = await unexplained(rig);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((cents) => cents !== 0)).toEqual([]);
  });

  it("leaves nothing unexplained where a run of the evening was cut off before its figures", async () => {
    await using rig = await createRig({ brand: { leads: 0, notes: 0 } });
    const put = (id: string, deal_size: string) =>
      rig.simulator.brand(TEST_WEB_KEY).putOpportunity({
        ...{ opportunity_id: id, contact_sales_cycle: "QR Sent", deal_size },
      });
    put("O", "100");
    await rig.sync();
    put("O", "250");
    rig.clock.advance(60_000);
    for (let n = 1;; n++) {
      const dying = await rig.another(crashAt(n, "after"));
      await dying.sync().catch(() => {});
      rig.clock.advance(LEASE_MS);
      const seen = await (await rig.data()).listChanges(
        "opportunities",
        ...EVER,
      );
      if (seen.length > 0) break;
    }
    await hour(rig, 24);
    const data = await rig.data();
    const [today, before] = await data.kpisUntil("2026-12-31", 9);
    expect(before!.day).toBe(addDays(today!.day, -1));
    expect(await unexplained(rig)).toEqual([0]);
  });
});
