import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { type StreamResult, STREAMS } from "../../lib/domain/mod.ts";
import type { Fault } from "../../lib/clienttether/simulator/mod.ts";
import type { SyncReport } from "../../lib/sync/mod.ts";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** What differs between a store that lived through all this and one that was synced once. */
const OF_THE_PAST = [
  "ct_raw_chunks",
  "ct_raw_snapshots",
  "stage_changes",
  "sync_lease",
  "sync_runs",
  "sync_state",
];

const stream = fc.constantFrom(...STREAMS);
const call = fc.constantFrom(undefined, 1, 2, { from: 2 }, { to: 5 });

/** A fault of any kind that a run can meet. */
const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom(
    "http_status",
    "connection",
    "reset",
    "truncated_json",
    "html",
    "result_code",
    "key_revoked",
    "shrinking_total",
    "short_page",
    "duplicate",
    "moved",
    "same_page",
    "none",
    "fewer",
    "type_drift",
    "unknown_enum",
    "missing_id",
    "bad_date",
    "huge_note",
    "invalid_utf8",
    "odd_id",
    "odd_money",
    "big_id",
    "proto_key",
    "duplicate_keys",
  ),
  stream,
  call,
}).map(({ call, ...fault }) => call === undefined ? fault : { ...fault, call });

/** One hour of a tenant's life: what happens upstream, what is broken, how the sync is asked for. */
const step = fc.record({
  hours: fc.constantFrom(0, 1, 1, 2),
  faults: fc.array(fault, { maxLength: 3 }),
  full: fc.boolean(),
  removed: fc.option(fc.nat(20)),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function assertCounts({ streams }: SyncReport): void {
  for (const [name, result] of Object.entries(streams)) {
    const { status, fetched, written, unchanged, quarantined }: StreamResult =
      result;
    if (status !== "success") {
      expect([name, written]).toEqual([name, 0]);
      continue;
    }
    expect([name, written + unchanged + quarantined]).toEqual([name, fetched]);
  }
}

async function live(rig: SyncRig, step: Step): Promise<void> {
  const { clock, simulator } = rig;
  const brand = simulator.brand(TEST_WEB_KEY);
  clock.advance(step.hours * HOUR);
  simulator.advance(step.hours);
  if (step.removed !== null) {
    const lead = brand.rows("leads")[step.removed];
    if (lead) brand.removeLead(String(lead.client_id));
  }
  for (const fault of step.faults) simulator.faults.add(fault);
  assertCounts(await rig.sync({ full: step.full }));
  simulator.faults.clear();
  await assertSound(rig.kv, rig.tenant.id);
}

/** The same brand, synced once into an empty store at the same time. */
async function syncedOnce(rig: SyncRig) {
  await using fresh = await createRig({
    now: new Date(rig.clock.now()).toISOString(),
    fetch: () => (url, init) => rig.simulator.fetch(url, init),
  });
  assertCounts(await fresh.sync());
  return await dump(fresh.kv, fresh.tenant.id, OF_THE_PAST);
}

describe("whatever happens upstream", () => {
  it("every record of a run is counted once, every index stays sound, and a clean run ends like a store that never saw a fault", async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 5 });
    const seed = fc.nat(1_000);
    await fc.assert(
      fc.asyncProperty(seed, steps, async (seed, steps) => {
        await using rig = await createRig({
          seed,
          now: "2026-03-11T05:30:00.000Z",
          brand: { leads: 130, notes: 120, opportunities: 30 },
        });
        for (const step of steps) await live(rig, step);
        const report = await rig.sync({ full: true, acceptRemovals: true });
        expect(report.status).toBe("success");
        const lived = await dump(rig.kv, rig.tenant.id, OF_THE_PAST);
        expect(differences(lived, await syncedOnce(rig))).toEqual([]);
        const again = await rig.sync({ full: true });
        expect(again.recordsUpdated).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
