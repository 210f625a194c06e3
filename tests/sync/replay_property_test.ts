import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import type { Fault } from "../../lib/clienttether/simulator/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { HOUR } from "../_clock.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { brandOf, check, expectSame, hour, replay } from "./_replay.ts";

describe("whatever a tenant has lived through", () => {
  const stream = fc.constantFrom(
    "cycles",
    "leads",
    "opportunities",
    "notes",
    "activities",
  );
  const fault: fc.Arbitrary<Fault> = fc.record({
    kind: fc.constantFrom(
      "http_status",
      "truncated_json",
      "shrinking_total",
      "short_page",
      "duplicate",
      "moved",
      "none",
      "fewer",
      "type_drift",
      "missing_id",
      "bad_date",
      "invalid_utf8",
      "odd_id",
      "odd_money",
      "duplicate_keys",
    ),
    stream,
  });
  const step = fc.record({
    hours: fc.constantFrom(1, 1, 5, 20),
    faults: fc.array(fault, { maxLength: 2 }),
    full: fc.boolean(),
    removed: fc.option(fc.nat(20)),
    killedAt: fc.option(fc.integer({ min: 1, max: 20 })),
  });

  async function live(
    rig: SyncRig,
    { hours, faults, full, removed, killedAt }: typeof step extends
      fc.Arbitrary<infer S> ? S : never,
  ): Promise<void> {
    rig.clock.advance(hours * HOUR);
    rig.simulator.advance(hours);
    if (removed !== null) {
      const lead = brandOf(rig).rows("leads")[removed];
      if (lead) brandOf(rig).removeLead(String(lead.client_id));
    }
    for (const fault of faults) rig.simulator.faults.add(fault);
    if (killedAt !== null) {
      const dying = await rig.another(crashAt(killedAt, "after"));
      await dying.sync({ full }).catch(() => {});
      rig.clock.advance(LEASE_MS);
    }
    await rig.sync({ full });
    rig.simulator.faults.clear();
  }

  it("raw tells every record and every figure that is stored, once a run has come to its end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000),
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (seed, steps) => {
          await using rig = await createRig({
            seed,
            now: "2026-03-11T05:30:00.000Z",
            brand: { leads: 110, notes: 110, opportunities: 30 },
          });
          for (const step of steps) {
            await live(rig, step);
            const { status } = await check(rig);
            if (status !== "unfinished") {
              await expectSame(rig, { from: "2026-03-01" });
            }
          }
          await hour(rig);
          await expectSame(rig, { from: "2026-03-01" });
          expect(await replay(rig)).toMatchObject({ written: 0, removed: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });
});
