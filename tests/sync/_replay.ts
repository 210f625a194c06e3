import { expect } from "@std/expect";
import {
  type ReplayOptions,
  type ReplayReport,
  replayTenant,
} from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

export function replay(rig: SyncRig, options: ReplayOptions = {}) {
  return replayTenant(rig.deps, rig.tenant.id, options);
}

export function check(rig: SyncRig, options: ReplayOptions = {}) {
  return replay(rig, { check: true, ...options });
}

/** What a check finds where all is well. */
export async function expectSame(
  rig: SyncRig,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const report = await check(rig, options);
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({ status: "same", differenceCount: 0 });
  return report;
}

export const brandOf = ({ simulator }: SyncRig) =>
  simulator.brand(TEST_WEB_KEY);

export async function hour(rig: SyncRig, hours = 1) {
  rig.clock.advance(hours * HOUR);
  rig.simulator.advance(hours);
  return await rig.sync();
}

/** Changes a stored value by hand. */
export async function alter(
  { kv, tenant }: SyncRig,
  key: Deno.KvKey,
  change: Record<string, unknown>,
): Promise<void> {
  const at = ["t", tenant.id, ...key];
  const { value } = await kv.get<object>(at);
  expect(value).not.toBeNull();
  await kv.set(at, { ...value, ...change });
}

export async function dropFirstManifest(rig: SyncRig): Promise<void> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  const first = rows.find(({ key }) => key[2] === "ct_raw_snapshots");
  await rig.kv.delete(first!.key);
}

/** Encoded id of a stored record of a kind; the first, unless told. */
export async function anId(rig: SyncRig, kind: string, n = 0): Promise<string> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  return String(rows.filter(({ key }) => key[2] === kind)[n]!.key[3]);
}

export async function stateOf(rig: SyncRig) {
  return await (await rig.data()).syncState();
}
