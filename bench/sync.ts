import { createRig, mutations, type SyncRig } from "../tests/_sync.ts";
import { type Bench, time } from "./_figures.ts";

const HOUR_MS = 3_600_000;

/** What a sync writes and how long it takes, at sizes that differ by ten. Times are shares of another's in this run. */
export const benchSync: Bench = async (report) => {
  const small = await measure(1_000);
  const large = await measure(10_000);
  for (const { leads, writes, writesOfNewDay } of [small, large]) {
    report({
      name: `sync.unchanged_hour.writes.${leads}`,
      value: writes,
      unit: "KV mutations",
      goal: { atMost: 12 },
    });
    report({
      name: `sync.unchanged_new_day.writes.${leads}`,
      value: writesOfNewDay,
      unit: "KV mutations",
      goal: { atMost: 12 },
    });
  }
  report({
    name: "sync.unchanged.time_per_record.10000_to_1000",
    value: large.msPerRecord / small.msPerRecord,
    unit: "ratio",
    goal: { atMost: 1.1 },
  });
  report({
    name: "sync.first.rate_to_raw_writes.10000",
    value: large.rateToRawWrites,
    unit: "ratio",
    goal: { atLeast: 0.4 },
  });
};

async function measure(leads: number) {
  const path = await Deno.makeTempFile({ suffix: ".sqlite3" });
  const rig = await createRig({
    brand: { leads, opportunities: leads / 2, notes: leads },
    path,
  });
  try {
    const first = await time(() => rig.sync());
    const raw = await timeRawWrites(path);
    const unchanged = await unchangedHour(rig, HOUR_MS);
    const newDay = await unchangedHour(rig, 24 * HOUR_MS);
    return {
      leads,
      writes: unchanged.writes,
      writesOfNewDay: newDay.writes,
      msPerRecord: unchanged.ms / (leads * 2.5),
      rateToRawWrites: raw / first,
    };
  } finally {
    rig.dispose();
    await removeDatabase(path);
  }
}

async function unchangedHour(rig: SyncRig, later: number) {
  rig.clock.advance(later);
  rig.operations.length = 0;
  const ms = await time(() => rig.sync());
  return { ms, writes: mutations(rig.operations) };
}

/** Rows of one atomic operation when nothing but writing is measured. */
const RAW_BATCH = 400;

/** The rows that a sync left in a database, written into an empty one and nothing else. */
async function timeRawWrites(from: string): Promise<number> {
  const source = await Deno.openKv(from);
  const rows = await Array.fromAsync(source.list({ prefix: [] }));
  source.close();
  const path = await Deno.makeTempFile({ suffix: ".sqlite3" });
  const kv = await Deno.openKv(path);
  const ms = await time(async () => {
    let atomic = kv.atomic();
    let bytes = 0;
    for (const [n, { key, value }] of rows.entries()) {
      atomic.set(key, value);
      bytes += value instanceof Uint8Array ? value.length : 1_000;
      if (n % RAW_BATCH < RAW_BATCH - 1 && bytes < 600_000) continue;
      await atomic.commit();
      atomic = kv.atomic();
      bytes = 0;
    }
    await atomic.commit();
  });
  kv.close();
  await removeDatabase(path);
  return ms;
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ["", "-shm", "-wal"]) {
    await Deno.remove(path + suffix).catch(() => {});
  }
}
