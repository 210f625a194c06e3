import { openStore, type Store } from "../../../lib/store/mod.ts";
import {
  type SyncOptions,
  type SyncReport,
  syncTenant,
} from "../../../lib/sync/mod.ts";
import { hookedKv, type KvHooks } from "../../_kv.ts";
import type { SyncRig } from "../../_sync.ts";

/** A further process on the database of a rig. */
export interface Process {
  store: Store;
  sync(options?: SyncOptions): Promise<SyncReport>;
}

/**
 * Opens the rig's database once more, with faults of its own. Its waits are the test's clock, with the least jitter
 * there is; its deadline is short, since it runs on real time.
 */
export async function openProcess(
  { kv, clock, deps, tenant }: SyncRig,
  hooks: KvHooks,
  deadlineMs = 2_000,
): Promise<Process> {
  const store = await openStore({
    kv: hookedKv(kv, hooks),
    clock,
    random: () => 0,
    deadlineMs,
  });
  return {
    store,
    sync: (options) => syncTenant({ ...deps, store }, tenant.id, options),
  };
}

/** Whether a commit writes or removes a row of this kind of a tenant's. */
export function touches(
  keys: readonly Deno.KvKey[],
  ...kinds: string[]
): boolean {
  return keys.some((key) => key[0] === "t" && kinds.includes(String(key[2])));
}

/** Takes the lease: it alone is written. */
export function takesLease(keys: readonly Deno.KvKey[]): boolean {
  return keys.length === 1 && touches(keys, "sync_lease");
}

/** Step 7 of a sync: figures, state, run and the lease given back. */
export function isLastCommit(keys: readonly Deno.KvKey[]): boolean {
  return touches(keys, "sync_lease") && touches(keys, "sync_state");
}

/** Records of any stream, with their rows and buckets. */
export function writesRecords(keys: readonly Deno.KvKey[]): boolean {
  return touches(keys, "sync_index");
}

/** The first thing that a run writes of itself. */
export function startsRun(keys: readonly Deno.KvKey[]): boolean {
  return touches(keys, "sync_runs") && !touches(keys, "sync_lease");
}
