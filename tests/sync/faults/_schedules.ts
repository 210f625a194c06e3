import { expect } from "@std/expect";
import { listTenants } from "../../../lib/store/mod.ts";
import { assertSound } from "../../_checker.ts";
import { allRows, differences, type Dump, dump } from "../../_dump.ts";
import { TEST_WEB_KEY } from "../../_sync.ts";
import {
  createScheduleRig,
  type ScheduleOptions,
  type ScheduleRig,
} from "../_schedule.ts";

/** Early in the tenants' day, so that a test stays within it. */
const NOW = "2026-03-11T10:00:00.000Z";
const BRAND = { leads: 30, opportunities: 12, notes: 20, activities: 8 };
const OTHERS = ["Brand B", "Brand C"];
/** What honestly remembers how often a tenant was synced, and what it was given each time. */
const REMEMBERED = ["sync_runs", "ct_raw_snapshots", "ct_raw_chunks"];

/**
 * Two portals with three tenants each, which read from equal brands at equal times: one whose schedule meets a
 * fault, and one whose schedule never does.
 */
export async function createSchedules(
  options: ScheduleOptions = {},
): Promise<{ faulted: ScheduleRig; spared: ScheduleRig } & AsyncDisposable> {
  const [faulted, spared] = [await rigOf(options), await rigOf({})];
  return {
    faulted,
    spared,
    [Symbol.asyncDispose]: () => {
      faulted.dispose();
      spared.dispose();
      return Promise.resolve();
    },
  };
}

async function rigOf(options: ScheduleOptions): Promise<ScheduleRig> {
  const rig = await createScheduleRig({
    now: NOW,
    brand: BRAND,
    more: Object.fromEntries(OTHERS.map((name) => [keyOfBrand(name), BRAND])),
    ...options,
  });
  for (const name of OTHERS) await rig.addTenant(name, keyOfBrand(name));
  return rig;
}

/** The web key of a tenant by its name. */
export function keyOfBrand(name: string): string {
  return OTHERS.includes(name)
    ? name.toLowerCase().replace(" ", "-")
    : TEST_WEB_KEY;
}

/** A record of each kind is new upstream, in every brand. */
export function addRecords({ simulator }: ScheduleRig, id: string): void {
  for (const key of [TEST_WEB_KEY, ...OTHERS.map(keyOfBrand)]) {
    const brand = simulator.brand(key);
    const [opportunity] = brand.rows("opportunities");
    brand.putLead({ client_id: id, firstName: "Robin", created: "2026-03-11" });
    brand.putOpportunity({ ...opportunity, opportunity_id: id });
    brand.putNote({ id, date: "2026-03-11 05:00:00", content: "New" });
  }
}

/**
 * The fault is over: after a change upstream and one clean tick, every tenant of both portals has the same rows, key
 * for key and value for value, and every index is sound.
 *
 * @param lostDays YYYY-MM-DD whose figures one of the portals could not have
 */
export async function expectSameEnd(
  { faulted, spared }: { faulted: ScheduleRig; spared: ScheduleRig },
  now: string,
  lostDays: readonly string[] = [],
): Promise<void> {
  for (const rig of [faulted, spared]) {
    rig.clock.set(now);
    addRecords(rig, "last");
    await rig.hourly();
    expect((await rig.ticks())[0]).toMatchObject({ synced: 3, failed: 0 });
  }
  const never = await tenantsOf(spared, lostDays);
  for (const [slug, { id, rows }] of await tenantsOf(faulted, lostDays)) {
    expect(Object.keys(rows).length).toBeGreaterThan(50);
    expect(differences(rows, never.get(slug)!.rows)).toEqual([]);
    await assertSound(faulted.kv, id);
  }
}

/** What stands of each tenant, by slug. */
async function tenantsOf(
  { kv, store }: ScheduleRig,
  lostDays: readonly string[],
): Promise<Map<string, { id: string; rows: Dump }>> {
  const tenants = new Map<string, { id: string; rows: Dump }>();
  for (const { tenant: { id, slug } } of await listTenants(store)) {
    const rows = Object.entries(await dump(kv, id, REMEMBERED)).filter((
      [key],
    ) => !lostDays.some((day) => key.endsWith(day)));
    tenants.set(slug, { id, rows: Object.fromEntries(rows) });
  }
  return tenants;
}

/** Every row of every tenant. */
export async function rowsOfTenants(
  { kv }: ScheduleRig,
): Promise<Deno.KvEntry<unknown>[]> {
  return (await allRows(kv)).filter(({ key }) => key[0] === "t");
}
