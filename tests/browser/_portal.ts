import { h } from "preact";
import { ErrorPage } from "../../components/ErrorPage.tsx";
import { createBuilder } from "../../dev/build.ts";
import { createPasswords, startSession } from "../../lib/auth/mod.ts";
import {
  createSimulator,
  type Simulator,
} from "../../lib/clienttether/simulator/mod.ts";
import {
  createTenant,
  createUser,
  EVERY_TENANT,
  markSyncDue,
  openStore,
  type Role,
  setMembership,
  type Store,
  type Tenant,
  updateTenant,
  type User,
} from "../../lib/store/mod.ts";
import {
  createSyncWorker,
  type SyncDeps,
  syncTenant,
} from "../../lib/sync/mod.ts";
import {
  createApp,
  type Services,
  SyncFeed,
  type WebLog,
} from "../../lib/web/mod.ts";
import { TestClock } from "../_clock.ts";
import { openKeys, secrets } from "../_sync.ts";
import { BIRCH, BIRCH_NOW } from "./_birch.ts";
import { CEDAR } from "./_cedar.ts";

/** A cost at which a hash takes no time. */
const passwords = createPasswords({ cost: { N: 16, r: 8, p: 1 } });
export const PASSWORD = "correct horse battery";

/** Routes, islands and stylesheet as production has them; outside of any test, for what the bundler keeps open. */
const applyBuild = await createBuilder().build({ snapshot: "memory" });

const QUIET: WebLog = { info() {}, warn() {}, error() {} };

export type PortalUser = "viewer" | "both" | "agency";

/** The whole portal on a port of its own, with two brands, a simulated ClientTether behind it, and its own clock. */
export interface TestPortal {
  url: string;
  clock: TestClock;
  store: Store;
  simulator: Simulator;
  birch: Tenant;
  cedar: Tenant;
  /** Of Birch alone (a viewer), of both brands (a viewer), of the agency. */
  users: Record<PortalUser, User>;
  /** Syncs both brands, or those given. */
  sync(...tenants: Tenant[]): Promise<void>;
  /** Looks for syncs that have ended, for the pages that listen: only when a test says so. */
  feed: SyncFeed;
  /** Lets no answer of this endpoint of ClientTether's through until the function that it gives is called. */
  hold(endpoint: string): () => void;
  /** Resolves when every sync that was asked for through the portal has ended. */
  settled(): Promise<void>;
  /** A new session's token. */
  session(user: PortalUser): Promise<string>;
  close(): Promise<void>;
}

/** What a test gives the portal beside its own services. */
export type MoreServices = Pick<Services, "mail">;

/** Starts the portal at the time of {@linkcode BIRCH_NOW}, both brands synced over HTTP. */
export async function startPortal(
  more: MoreServices = {},
): Promise<TestPortal> {
  const clock = new TestClock(BIRCH_NOW);
  const store = await openStore({ path: ":memory:", clock });
  const simulator = createSimulator({ seed: 1, clock, brands: [BIRCH, CEDAR] });
  const upstream = simulator.serve();
  const held = new Map<string, Promise<void>>();
  const deps: SyncDeps = {
    store,
    clock,
    fetch: async (url, init) => {
      await held.get(url.pathname.split("/").at(-1) ?? "");
      return await fetch(url, init);
    },
    openKeys,
    baseUrl: upstream.url,
    maxRps: 0,
  };
  const birch = await addTenant(store, BIRCH, clock);
  const cedar = await addTenant(store, CEDAR, clock);
  const users = await addUsers(store, { birch, cedar }, clock);
  const worker = createSyncWorker(deps);
  const feed = new SyncFeed(() => () => {});
  const requestSync = async (tenantId: string) => {
    await markSyncDue(store, tenantId, clock);
    worker.wake();
  };
  const server = serve(
    { store, clock, syncFeed: feed, requestSync, ...more },
    upstream.url,
  );
  const portal: TestPortal = {
    url: `http://127.0.0.1:${server.addr.port}`,
    clock,
    store,
    simulator,
    birch,
    cedar,
    users,
    sync: async (...tenants) => {
      const chosen = tenants.length > 0 ? tenants : [birch, cedar];
      for (const { id } of chosen) {
        const { status, errorMessage } = await syncTenant(deps, id);
        if (status !== "success") throw new Error(`${status}: ${errorMessage}`);
      }
    },
    feed,
    hold: (endpoint) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(endpoint, promise);
      return resolve;
    },
    settled: () => worker.wake(),
    session: (user) => startSession(store, users[user], clock),
    close: async () => {
      feed.close();
      await server.shutdown();
      await worker.stop();
      await upstream.shutdown();
      store.close();
    },
  };
  await portal.sync();
  return portal;
}

function serve(
  own:
    & Pick<Services, "store" | "clock" | "syncFeed" | "requestSync">
    & MoreServices,
  clienttetherUrl: string,
) {
  const app = createApp({
    ...own,
    version: "0.0.0-test",
    log: QUIET,
    passwords,
    secrets,
    upstream: {
      fetch: (url, init) => fetch(url, init),
      baseUrl: clienttetherUrl,
      accessToken: null,
    },
  }, {
    renderError: (ctx, view) =>
      ctx.render(h(ErrorPage, view), { status: view.status }),
  });
  applyBuild(app);
  return Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    automaticCompression: true,
    onListen() {},
  }, app.handler());
}

async function addTenant(
  store: Store,
  { name, timezone, webKey, accessToken }: typeof BIRCH,
  clock: TestClock,
): Promise<Tenant> {
  const { id } = await createTenant(store, { name, timezone }, clock);
  return await updateTenant(store, id, {
    clienttetherWebKey: await secrets.seal(id, "clienttetherWebKey", webKey),
    webKeyLast4: webKey.slice(-4),
    clienttetherAccessToken: await secrets.seal(
      id,
      "clienttetherAccessToken",
      accessToken,
    ),
  }, clock);
}

async function addUsers(
  store: Store,
  { birch, cedar }: { birch: Tenant; cedar: Tenant },
  clock: TestClock,
): Promise<Record<PortalUser, User>> {
  const passwordHash = await passwords.hash(PASSWORD);
  const add = (email: string, name: string, scope: string, role: Role) =>
    createUser(store, {
      email,
      name,
      passwordHash,
      membership: { scope, role },
    }, clock);
  const viewer = await add(
    "viewer@example.com",
    "Vera Viewer",
    birch.id,
    "tenant_viewer",
  );
  const both = await add(
    "both@example.com",
    "Bela Both",
    birch.id,
    "tenant_viewer",
  );
  await setMembership(store, both.id, cedar.id, "tenant_viewer", clock);
  const agency = await add(
    "agency@example.com",
    "Avery Agency",
    EVERY_TENANT,
    "agency_admin",
  );
  return { viewer, both, agency };
}
