import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import type { Fault } from "../../lib/clienttether/simulator/mod.ts";
import { localDay, settingsOf, type StreamName } from "../../lib/domain/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { type DayStream, dayStreams } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { brandOf } from "./_replay.ts";

const ZONE = "America/New_York";
const NAMES = ["cycles", "leads", "opportunities"] as const;
const KINDS: Record<string, typeof NAMES[number]> = {
  sales_cycles: "cycles",
  leads: "leads",
  opportunities: "opportunities",
};

/** Records by stream and id, without what the portal adds to them. */
type Records = Record<string, object>;

/** What is stored of the streams that figures are computed from. */
async function stored({ kv, tenant }: SyncRig): Promise<Records> {
  const records: Records = {};
  for (const { key, value } of await tenantRows(kv, tenant.id)) {
    const stream = KINDS[String(key[2])];
    if (!stream || key.length !== 4) continue;
    const { hot: _hot, trail: _trail, ...record } = value as {
      id: string;
      hot?: unknown;
      trail?: unknown;
    };
    records[`${stream} ${record.id}`] = record;
  }
  return records;
}

async function streamsOf(rig: SyncRig, day: string, until: number) {
  const data = await rig.data();
  const { cursor } = await data.syncState();
  return await dayStreams(data, NAMES, {
    day,
    until: new Date(until).toISOString(),
    settings: settingsOf(rig.tenant),
    keptFrom: cursor.rawKeptFrom ?? null,
  });
}

function told<S extends StreamName>(
  stream: DayStream<S> | string,
): DayStream<S> {
  if (typeof stream === "string") throw new Error(`It is ${stream}`);
  return stream;
}

/** The same as raw tells it of a day; null where it does not. */
async function past(
  rig: SyncRig,
  day: string,
  until: number,
): Promise<Records | null> {
  const streams = await streamsOf(rig, day, until);
  const records: Records = {};
  for (const name of NAMES) {
    const stream = streams[name];
    if (typeof stream === "string") return null;
    for await (const record of stream.records()) {
      expect(records).not.toHaveProperty([`${name} ${record.id}`]);
      records[`${name} ${record.id}`] = record;
    }
  }
  return records;
}

describe("dayStreams()", () => {
  const fault: fc.Arbitrary<Fault> = fc.record({
    kind: fc.constantFrom(
      "http_status",
      "truncated_json",
      "short_page",
      "duplicate",
      "moved",
      "none",
      "type_drift",
      "missing_id",
      "bad_date",
      "odd_id",
      "odd_money",
    ),
    stream: fc.constantFrom(...NAMES),
  });
  const step = fc.record({
    hours: fc.constantFrom(1, 5, 11, 20),
    faults: fc.array(fault, { maxLength: 2 }),
    removed: fc.option(fc.nat(20)),
    killedAt: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 2 }),
  });
  /** Nothing goes wrong in it: of two such lives more than eight days are told. */
  const week = Array.from({ length: 8 }, () => ({
    hours: 20 as const,
    faults: [],
    removed: null,
    killedAt: null,
  }));

  it("gives the records of each day as its last sync left them; only where a run has died may it tell none", async () => {
    let toldDays = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000),
        fc.array(step, { minLength: 2, maxLength: 8 }),
        async (seed, steps) => {
          await using rig = await createRig({
            seed,
            now: "2026-03-06T05:30:00.000Z",
            brand: { leads: 110, opportunities: 30 },
          });
          await rig.sync();
          const days = new Map<
            string,
            { until: number; records: Records; hasDied: boolean }
          >();
          let hasDied = false;
          for (const { hours, faults, removed, killedAt } of steps) {
            const until = rig.clock.now();
            const records = await stored(rig);
            days.set(localDay(until, ZONE), { until, records, hasDied });
            rig.clock.advance(hours * HOUR);
            rig.simulator.advance(hours);
            const lead = removed === null
              ? undefined
              : brandOf(rig).rows("leads")[removed];
            if (lead) brandOf(rig).removeLead(String(lead.client_id));
            for (const one of faults) rig.simulator.faults.add(one);
            if (killedAt !== null) {
              hasDied = true;
              const dying = await rig.another(crashAt(killedAt, "after"));
              await dying.sync().catch(() => {});
              rig.clock.advance(LEASE_MS);
            }
            await rig.sync();
            rig.simulator.faults.clear();
          }
          days.delete(localDay(rig.clock.now(), ZONE));
          for (const [day, { until, records, hasDied }] of days) {
            const then = await past(rig, day, until);
            if (!then && hasDied) continue;
            toldDays++;
            expect([day, then]).toEqual([day, records]);
          }
        },
      ),
      { numRuns: 12, examples: [[7, week], [8, week]] },
    );
    expect(toldDays).toBeGreaterThan(8);
  });

  it("finds single records as they stood, and none that had left or not come yet", async () => {
    await using rig = await createRig({ brand: { leads: 40 } });
    await rig.sync();
    const [first, second] = brandOf(rig).rows("leads");
    const ids = [first, second].map((lead) => String(lead!.client_id));
    const until = rig.clock.now();
    const before = (await stored(rig))[`leads ${ids[0]}`];
    rig.clock.advance(24 * HOUR);
    brandOf(rig).removeLead(ids[1]!);
    await rig.sync();
    const later = rig.clock.now();
    rig.clock.advance(24 * HOUR);
    await rig.sync();
    const someOf = async (day: string, at: number) => {
      const { leads } = await streamsOf(rig, day, at);
      const found = await Array.fromAsync(told(leads).some([...ids, "none"]));
      return found.sort((a, b) => a.id < b.id ? -1 : 1);
    };
    const then = await someOf("2026-03-11", until);
    expect(then.map(({ id }) => id)).toEqual(ids.toSorted());
    expect(then).toContainEqual(before);
    expect((await someOf("2026-03-12", later)).map(({ id }) => id))
      .toEqual([ids[0]]);
  });

  it("reads the manifests once, and of unchanged days the same records under the same name", async () => {
    await using rig = await createRig({ brand: { leads: 40 } });
    await rig.sync();
    const first = rig.clock.now();
    rig.clock.advance(24 * HOUR);
    await rig.sync();
    rig.operations.length = 0;
    const one = await streamsOf(rig, "2026-03-11", first);
    const lists = rig.operations.filter(({ kind }) => kind === "list");
    expect(lists.length).toBe(1);
    const two = await streamsOf(rig, "2026-03-12", rig.clock.now());
    expect(told(one.leads).version).toBe(told(two.leads).version);
  });

  it("says that a day is beyond what is kept, and knows the days after", async () => {
    await using rig = await createRig({
      brand: { leads: 6, opportunities: 2 },
    });
    rig.deps.snapshotRetentionDays = 2;
    await rig.sync();
    const first = rig.clock.now();
    for (let day = 0; day < 6; day++) {
      rig.clock.advance(24 * HOUR);
      await rig.sync();
      rig.clock.advance(HOUR);
      await rig.sync();
    }
    expect(await streamsOf(rig, "2026-03-11", first)).toEqual({
      cycles: "beyond",
      leads: "beyond",
      opportunities: "beyond",
    });
    const yesterday = rig.clock.now() - 24 * HOUR;
    const { leads } = await streamsOf(
      rig,
      localDay(yesterday, ZONE),
      yesterday,
    );
    expect(typeof leads).toBe("object");
  });
});
