import { h } from "preact";
import { makeHistory } from "../../../cli/_demo_history.ts";
import { addBrands, DEMO_USERS } from "../../../cli/_demo_people.ts";
import { ErrorPage } from "../../../components/ErrorPage.tsx";
import { createBuilder } from "../../../dev/build.ts";
import { startSession } from "../../../lib/auth/mod.ts";
import {
  createSimulator,
  demoBrands,
  type Simulator,
} from "../../../lib/clienttether/simulator/mod.ts";
import {
  createTenant,
  getUserByEmail,
  listTenants,
  type Tenant,
} from "../../../lib/store/mod.ts";
import { syncTenant } from "../../../lib/sync/mod.ts";
import {
  createApp,
  openPortal,
  type Portal,
  readConfig,
} from "../../../lib/web/mod.ts";
import { TestClock } from "../../_clock.ts";
import { REFUSED_BRAND } from "./_scenes.ts";

/** A Thursday morning in New York, 24 days after the history begins. */
export const NOW = "2026-03-19T14:20:00.000Z";
const DAY_MS = 86_400_000;
const HISTORY_MS = 24 * DAY_MS;
const SEED = 20;
/** Nobody signs in by it. */
const PASSWORD = "made-up-for-the-pictures";

export type DemoEmail = typeof DEMO_USERS[number]["email"];

/** The portal with the demo's brands, three weeks of history and a clock that stands still. */
export interface World {
  url: string;
  clock: TestClock;
  portal: Portal;
  simulator: Simulator;
  tenants: Record<string, Tenant>;
  /** A new session's token. */
  session(email: string): Promise<string>;
  close(): Promise<void>;
}

/** Outside of any test, for what the bundler keeps open. */
const applyBuild = await createBuilder().build({ snapshot: "memory" });

/** Makes the demo's world at {@linkcode NOW}, with two brands in a bad state. */
export async function createWorld(
  say: (line: string) => void,
): Promise<World> {
  const dir = await Deno.makeTempDir({ prefix: "tetherboard-shots-" });
  const config = readConfig((name) =>
    ({
      DENO_KV_PATH: `${dir}/portal.sqlite3`,
      PORTAL_SECRET: new Uint8Array(32).fill(7).toBase64(),
      CLIENTTETHER_MAX_RPS: "0",
    })[name]
  );
  const until = Date.parse(NOW);
  const clock = new TestClock(until);
  const simulator = createSimulator({
    seed: SEED,
    clock,
    startAt: until - HISTORY_MS,
    brands: demoBrands(),
  });
  await makeHistory({
    config,
    simulator,
    password: PASSWORD,
    startAt: until - HISTORY_MS,
    until,
    progress: { step: say, end() {} },
  });
  const portal = await openPortal(config, {
    clock,
    fetch: (url, init) => simulator.fetch(url, init),
  });
  await addBrands(portal);
  await createTenant(portal.store, {
    name: "Fern Daycare",
    timezone: "America/Denver",
  }, clock);
  const tenants = Object.fromEntries(
    (await listTenants(portal.store)).map((
      { tenant },
    ) => [tenant.slug, tenant]),
  );
  await refuseKey(portal, simulator, tenants[REFUSED_BRAND]!);
  const server = serve(portal);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    clock,
    portal,
    simulator,
    tenants,
    session: async (email) => {
      const user = await getUserByEmail(portal.store, email);
      if (!user) throw new TypeError(`The demo has no user '${email}'`);
      return await startSession(portal.store, user, clock);
    },
    close: async () => {
      await server.shutdown();
      await portal.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

async function refuseKey(
  { sync }: Portal,
  simulator: Simulator,
  { id, name }: Tenant,
): Promise<void> {
  const brand = demoBrands().find((one) => one.name === name)!;
  simulator.faults.add({ kind: "key_revoked", brand: brand.webKey });
  await syncTenant(sync, id);
}

function serve({ services }: Portal) {
  const app = createApp(services, {
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
