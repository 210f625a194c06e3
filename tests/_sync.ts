import {
  type BrandConfig,
  createSimulator,
  type Simulator,
} from "../lib/clienttether/simulator/mod.ts";
import { createSecrets } from "../lib/auth/mod.ts";
import {
  createTenant,
  type KvOperation,
  openStore,
  openTenant,
  type Store,
  type Tenant,
  type TenantPatch,
  updateTenant,
} from "../lib/store/mod.ts";
import {
  type SyncDeps,
  type SyncOptions,
  type SyncReport,
  syncTenant,
} from "../lib/sync/mod.ts";
import { TestClock } from "./_clock.ts";

/** A key for tests alone: 32 bytes of 7. */
export const TEST_SECRET = new Uint8Array(32).fill(7).toBase64();
export const TEST_WEB_KEY = "test-web-key-one";
export const TEST_ACCESS_TOKEN = "test-access-token";

/** A store, a simulator and one tenant that reads from it: what tests of the sync begin with. */
export interface SyncRig extends AsyncDisposable {
  clock: TestClock;
  store: Store;
  simulator: Simulator;
  tenant: Tenant;
  deps: SyncDeps;
  /** Every database operation since the last `operations.length = 0`. */
  operations: KvOperation[];
  sync(options?: SyncOptions): Promise<SyncReport>;
  data: () => ReturnType<typeof openTenant>;
  dispose(): void;
}

export interface RigOptions {
  brand?: Partial<BrandConfig>;
  now?: string;
  tenant?: TenantPatch;
  path?: string;
  /** Stands between the sync and the simulator. */
  fetch?: (
    through: SyncDeps["fetch"],
  ) => SyncDeps["fetch"];
}

export const secrets = createSecrets(TEST_SECRET);

/** Opens the keys as the portal does. */
export async function openKeys(tenant: Tenant) {
  const { id, clienttetherWebKey, clienttetherAccessToken } = tenant;
  return {
    webKey: await secrets.open(id, "clienttetherWebKey", clienttetherWebKey!),
    accessToken: clienttetherAccessToken &&
      await secrets.open(
        id,
        "clienttetherAccessToken",
        clienttetherAccessToken,
      ),
  };
}

/** Gives a tenant its keys, sealed. */
export async function giveKeys(
  store: Store,
  tenant: Tenant,
  webKey: string,
  clock: TestClock,
): Promise<Tenant> {
  return await updateTenant(store, tenant.id, {
    clienttetherWebKey: await secrets.seal(
      tenant.id,
      "clienttetherWebKey",
      webKey,
    ),
    webKeyLast4: webKey.slice(-4),
    clienttetherAccessToken: await secrets.seal(
      tenant.id,
      "clienttetherAccessToken",
      TEST_ACCESS_TOKEN,
    ),
  }, clock);
}

export async function createRig(options: RigOptions = {}): Promise<SyncRig> {
  const clock = new TestClock(options.now);
  const operations: KvOperation[] = [];
  const store = await openStore({
    path: options.path ?? ":memory:",
    observe: (operation) => operations.push(operation),
  });
  const simulator = createSimulator({
    seed: 7,
    clock,
    brands: [{
      name: "Test Brand",
      webKey: TEST_WEB_KEY,
      accessToken: TEST_ACCESS_TOKEN,
      timezone: "America/New_York",
      leads: 40,
      ...options.brand,
    }],
  });
  const made = await createTenant(store, {
    name: "Test Brand",
    timezone: "America/New_York",
    ...options.tenant,
  }, clock);
  const tenant = await giveKeys(store, made, TEST_WEB_KEY, clock);
  const through: SyncDeps["fetch"] = (url, init) => simulator.fetch(url, init);
  const deps: SyncDeps = {
    store,
    clock,
    fetch: options.fetch?.(through) ?? through,
    openKeys,
    baseUrl: "http://127.0.0.1:1",
    maxRps: 0,
  };
  const dispose = () => store.close();
  return {
    clock,
    store,
    simulator,
    tenant,
    deps,
    operations,
    sync: (syncOptions) => syncTenant(deps, tenant.id, syncOptions),
    data: () => openTenant(store, tenant.id),
    dispose,
    [Symbol.asyncDispose]: () => Promise.resolve(dispose()),
  };
}

/** Sets and deletes among the operations. */
export function mutations(operations: readonly KvOperation[]): number {
  return operations.reduce((sum, { mutations }) => sum + mutations, 0);
}
