import type { CliRig } from "./_rig.ts";

const LEASE_MS = 15_000;

/** Another process that holds a tenant's lease. */
export interface Busy {
  /** It renews the lease no more; what is left of it runs out. */
  release(): void;
}

/** Lets another process hold a tenant's lease from now on: it renews it whenever a command waits. */
export async function keepBusy(
  { env, clock }: CliRig,
  tenantId: string,
): Promise<Busy> {
  const renew = async () => {
    const kv = await Deno.openKv(env.get("DENO_KV_PATH"));
    const expiresAt = clock.now() + LEASE_MS;
    const lease = { owner: "another", runId: "another", expiresAt, fence: 9 };
    await kv.set(["t", tenantId, "sync_lease"], lease);
    kv.close();
  };
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (ms, signal) => {
    await sleep(ms, signal);
    await renew();
  };
  await renew();
  return { release: () => clock.sleep = sleep };
}
