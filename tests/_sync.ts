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
import { assertSound } from "./_checker.ts";
import { TestClock } from "./_clock.ts";
import { hookedKv, type KvHooks } from "./_kv.ts";

/** A key for tests alone: 32 bytes of 7. */
export const TEST_SECRET = new Uint8Array(32).fill(7).toBase64();
export const TEST_WEB_KEY = "test-web-key-one";
export const TEST_ACCESS_TOKEN = "test-access-token";

/** A store, a simulator and one tenant that reads from it: what tests of the sync begin with. */
export interface SyncRig extends AsyncDisposable {
  clock: TestClock;
  store: Store;
  /** The database itself, to look at what stands in it. */
  kv: Deno.Kv;
  simulator: Simulator;
  tenant: Tenant;
  deps: SyncDeps;
  /** Every database operation since the last `operations.length = 0`. */
  operations: KvOperation[];
  sync(options?: SyncOptions): Promise<SyncReport>;
  data: () => ReturnType<typeof openTenant>;
  /** A second process on the same database, with hooks of its own. Nothing of it needs closing. */
  another(hooks?: KvHooks): Promise<Pick<SyncRig, "store" | "deps" | "sync">>;
  /** A further tenant, active and with a key. */
  addTenant(name: string, webKey: string): Promise<Tenant>;
  /** Gives the tenant other settings. */
  change(patch: TenantPatch): Promise<void>;
  /** Closes the store; `await using` also proves that every index of the tenant is sound. */
  dispose(): void;
}

export interface RigOptions {
  brand?: Partial<BrandConfig>;
  now?: string;
  tenant?: TenantPatch & { id?: string };
  path?: string;
  /** Seed of the simulator. */
  seed?: number;
  /** Further brands of the simulator, by their web keys. */
  more?: Record<string, Partial<BrandConfig>>;
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
  const kv = await Deno.openKv(options.path ?? ":memory:");
  const store = await openStore({
    kv,
    observe: (operation) => operations.push(operation),
  });
  const simulator = createSimulator({
    seed: options.seed ?? 7,
    clock,
    brands: [
      testBrand(TEST_WEB_KEY, "Test Brand", options.brand),
      ...Object.entries(options.more ?? {}).map(([webKey, brand]) =>
        testBrand(webKey, webKey, brand)
      ),
    ],
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
    kv,
    simulator,
    tenant,
    deps,
    operations,
    sync: (syncOptions) => syncTenant(deps, tenant.id, syncOptions),
    data: () => openTenant(store, tenant.id),
    another: async (hooks = {}) => {
      const store = await openStore({ kv: hookedKv(kv, hooks) });
      const others = { ...deps, store };
      const sync = (options?: SyncOptions) =>
        syncTenant(others, tenant.id, options);
      return { store, deps: others, sync };
    },
    addTenant: async (name, webKey) => {
      const input = { name, timezone: "America/New_York" };
      const made = await createTenant(store, input, clock);
      return await giveKeys(store, made, webKey, clock);
    },
    change: async (patch) => {
      await updateTenant(store, tenant.id, patch, clock);
    },
    dispose,
    [Symbol.asyncDispose]: async () => {
      try {
        await assertSound(kv, tenant.id);
      } finally {
        dispose();
      }
    },
  };
}

function testBrand(
  webKey: string,
  name: string,
  brand: Partial<BrandConfig> = {},
): BrandConfig {
  return {
    name,
    webKey,
    accessToken: TEST_ACCESS_TOKEN,
    timezone: "America/New_York",
    leads: 40,
    ...brand,
  };
}

/** Sets and deletes among the operations. */
export function mutations(operations: readonly KvOperation[]): number {
  return operations.reduce((sum, { mutations }) => sum + mutations, 0);
}
