import {
  Brand,
  type FirstSync,
  msPerRecord,
  type SimulatorChild,
  sizeOf,
  slugOf,
} from "./_brand.ts";
import { startChild } from "./_children.ts";
import type { Bench, Figure } from "./_figures.ts";
import { measureFleet } from "./_fleet.ts";
import type { SyncResult } from "./_sync_child.ts";

/**
 * Leads of the largest brand. The environment can ask for a quicker run with at least 10,000: smaller brands are synced
 * before their process is warm.
 */
const LEADS = Number(Deno.env.get("BENCH_LEADS") ?? 100_000);
const FEW_LEADS = 100;
/** First syncs of the largest brand. */
const FIRST_SYNCS = 2;
/** Times that the brands of different sizes take turns at unchanged syncs, and the records that each reads in a turn. */
const TURNS = 3;
const RECORDS_A_TURN = 300_000;
const MOST_SYNCS_A_TURN = 20;

const MEMORY_MIB = 512;
const QUIET_WRITES = 12;
const WRITES_A_CHANGE = 5;
const TENANTS = 500;
const CONCURRENCY = 4;

type Report = (figure: Figure) => void;

/**
 * What syncs cost: writes, memory, and time as a share of another in this run. The API, each sync and the raw writes
 * that it is compared with are processes of their own.
 */
export const benchSync: Bench = async (report) => {
  const sizes = [...new Set([FEW_LEADS, LEADS / 100, LEADS / 10, LEADS])];
  {
    await using simulator: SimulatorChild = await startChild(
      "./_simulator.ts",
      Object.fromEntries(sizes.map((leads) => [slugOf(leads), sizeOf(leads)])),
    );
    await using stack = new AsyncDisposableStack();
    const brands = sizes.map((leads) => stack.use(new Brand(simulator, leads)));
    await benchBrands(report, brands);
  }
  await benchFleet(report);
};

async function benchBrands(report: Report, brands: Brand[]): Promise<void> {
  const largest = brands.at(-1)!;
  const first: FirstSync[] = [];
  for (const brand of brands) {
    const times = brand === largest ? FIRST_SYNCS : 1;
    for (let n = 0; n < times; n++) first.push(await brand.firstSync());
  }
  const firstOfLargest = first.slice(-FIRST_SYNCS);
  reportRate(report, firstOfLargest);
  reportMemory(report, "first", firstOfLargest);
  const unchanged = await takeTurns(brands);
  reportMemory(report, "unchanged", unchanged.get(largest)!);
  for (const [n, brand] of brands.entries()) {
    if (n > 0) reportGrowth(report, unchanged, brand, brands[n - 1]!);
  }
  for (const brand of [brands[0]!, largest]) {
    await benchWrites(report, brand, unchanged.get(brand)!);
  }
}

/** In turns, so that what else the machine does slows all of them. */
async function takeTurns(brands: Brand[]): Promise<Map<Brand, SyncResult[]>> {
  const results = new Map<Brand, SyncResult[]>(brands.map((one) => [one, []]));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const brand of brands) {
      const times = Math.round(RECORDS_A_TURN / brand.leads);
      results.get(brand)!.push(
        await brand.unchanged(
          Math.max(2, Math.min(MOST_SYNCS_A_TURN, times)),
        ),
      );
    }
  }
  return results;
}

async function benchWrites(
  report: Report,
  brand: Brand,
  unchanged: SyncResult[],
): Promise<void> {
  const { leads } = brand;
  const hours = unchanged.flatMap(({ rounds }) => rounds);
  const newDay = await brand.newDay();
  const quiet = [
    ["unchanged_hour", Math.max(...hours.map(({ writes }) => writes))],
    ["unchanged_new_day", newDay.rounds[0]!.writes],
  ] as const;
  for (const [name, value] of quiet) {
    report({
      name: `sync.${name}.writes.${leads}`,
      value,
      unit: "KV mutations",
      goal: { atMost: QUIET_WRITES },
    });
  }
  const edited = await brand.changed();
  const { writes, updated } = edited.rounds[0]!;
  report({
    name: `sync.changed_hour.writes.${leads}`,
    value: writes,
    unit: `KV mutations for ${updated} changed records`,
    goal: { atMost: QUIET_WRITES + WRITES_A_CHANGE * updated },
  });
  if (leads === LEADS) {
    reportMemory(report, "new_day", [newDay]);
    reportMemory(report, "changed", [edited]);
  }
}

function reportRate(report: Report, first: readonly FirstSync[]): void {
  const syncMs = ({ rounds }: SyncResult) => rounds[0]!.ms;
  const ratios = first.map((one) => one.rawMs.arrival / syncMs(one));
  const sorted = first.map((one) => one.rawMs.key / syncMs(one));
  const rates = first.map((one) => 1 / msPerRecord(one.rounds[0]!));
  const perSecond = Math.round(1000 * mean(rates));
  report({
    name: `sync.first.rate_to_raw_writes.${LEADS}`,
    value: mean(ratios),
    unit: `ratio, ${spread(ratios)}, ${perSecond} records a second; ${
      spread(sorted)
    } where the rows are sorted by key beforehand`,
    goal: { atLeast: 0.4 },
  });
}

function reportMemory(
  report: Report,
  part: string,
  results: readonly SyncResult[],
): void {
  const most = Math.max(...results.map(({ peakMemory }) => peakMemory));
  report({
    name: `sync.${part}.peak_memory.${LEADS}`,
    value: most / 2 ** 20,
    unit: "MiB",
    goal: { atMost: MEMORY_MIB },
  });
}

function reportGrowth(
  report: Report,
  unchanged: ReadonlyMap<Brand, SyncResult[]>,
  large: Brand,
  small: Brand,
): void {
  const [now, then] = [large, small].map((brand) =>
    Math.min(...unchanged.get(brand)!.map(msPerRecordOfTurn))
  );
  report({
    name: `sync.unchanged.time_per_record.${large.leads}_to_${small.leads}`,
    value: now! / then!,
    unit: `ratio, ${Math.round(1000 * now!)} µs to ${
      Math.round(1000 * then!)
    } µs`,
    goal: { atMost: 1.1 },
  });
}

/** Without its first sync. Of a brand's turns the quickest counts: what else the machine does only ever adds. */
function msPerRecordOfTurn({ rounds }: SyncResult): number {
  const warm = rounds.slice(1);
  return mean(warm.map(({ ms }) => ms)) /
    mean(warm.map(({ fetched }) => fetched));
}

async function benchFleet(report: Report): Promise<void> {
  const { together, alone } = await measureFleet(TENANTS, CONCURRENCY);
  const name = `sync.${TENANTS}_tenants`;
  report({
    name: `${name}.failed`,
    value: together.failed + alone.failed,
    unit: "tenants",
    goal: { atMost: 0 },
  });
  report({
    name: `${name}.most_in_flight`,
    value: together.mostInFlight,
    unit: "tenants",
    goal: { atMost: CONCURRENCY },
  });
  report({
    name: `${name}.time_of_a_tenant_to_one_alone`,
    value: msPerRecord(together) / msPerRecord(alone),
    unit: "ratio",
    goal: { atMost: 1 },
  });
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${least.toFixed(2)} to ${most.toFixed(2)} in ${values.length} runs`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
