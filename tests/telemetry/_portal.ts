/**
 * The portal in a process of its own, as production ties it together: syncs one tenant once, then answers on a port
 * until its standard input ends. Says in one line of JSON where it is and who may come in.
 */
import { print } from "../../cli/_io.ts";
import { createBuilder } from "../../dev/build.ts";
import { startSession } from "../../lib/auth/mod.ts";
import {
  createTenant,
  createUser,
  getUser,
  markSyncDue,
  updateTenant,
} from "../../lib/store/mod.ts";
import {
  configureLogging,
  createApp,
  openPortal,
  readConfig,
} from "../../lib/web/mod.ts";

/** What the process says. */
export interface Hello {
  url: string;
  cookie: string;
}

const config = readConfig((name) => Deno.env.get(name));
await configureLogging(config);
const portal = await openPortal(config);
const { store, clock, secrets } = portal;
const tenant = await createTenant(store, {
  name: "Test Brand",
  timezone: "America/New_York",
}, clock);
await updateTenant(store, tenant.id, {
  clienttetherWebKey: await secrets.seal(
    tenant.id,
    "clienttetherWebKey",
    Deno.env.get("TEST_KEY")!,
  ),
}, clock);
const { id } = await createUser(store, {
  email: "viewer@example.com",
  name: "Robin Example",
  passwordHash: null,
  membership: { scope: tenant.id, role: "tenant_viewer" },
}, clock);
await markSyncDue(store, tenant.id, clock);
await portal.worker.wake();
const app = createApp(portal.services);
const applyBuild = await createBuilder().build({ snapshot: "memory" });
applyBuild(app);
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  app.handler(),
);
const token = await startSession(store, await getUser(store, id), clock);
const hello: Hello = {
  url: `http://127.0.0.1:${server.addr.port}`,
  cookie: `session=${token}`,
};
print(JSON.stringify(hello));
for await (const _ of Deno.stdin.readable);
await server.shutdown();
await portal.close();
