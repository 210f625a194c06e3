/**
 * `deno task drill`: what an operator fears, done to a portal of its own on 127.0.0.1 with a simulated ClientTether.
 * Prints what it did and found; exit 1 when something was lost or did not come back.
 */
import { startSession } from "../lib/auth/mod.ts";
import { createSimulator } from "../lib/clienttether/simulator/mod.ts";
import { systemClock } from "../lib/domain/mod.ts";
import { createUser, EVERY_TENANT, openStore } from "../lib/store/mod.ts";
import {
  createDisk,
  fill,
  moveDatabase,
  removeDatabase,
} from "./_drill_disk.ts";
import { Drill, SLUG, WEB_KEY } from "./_drill.ts";
import { print } from "./_io.ts";
import { FailedError, runCommand } from "./_run.ts";

const TOKEN = "drill-access-token";
const LEADS = 300;
/** The portal looks for its database every ten seconds. */
const COMES_BACK_MS = 30_000;

async function setUp(drill: Drill): Promise<void> {
  const { env } = drill;
  await drill.command(
    ...["tenant", "add", "--name", "Drill", "--slug", SLUG],
    ...["--timezone", "America/New_York"],
  );
  drill.found(await drill.sync(), "first sync");
  const store = await openStore({ path: drill.database });
  env.PORTAL_STORE_ID = store.id;
  const user = await createUser(store, {
    email: "drill@example.com",
    name: "Drill",
    passwordHash: "",
    membership: { scope: EVERY_TENANT, role: "agency_admin" },
  }, systemClock);
  drill.session = await startSession(store, user, systemClock);
  store.close();
}

async function underLoad(drill: Drill): Promise<void> {
  print("Start and load");
  await drill.start();
  drill.found(await drill.load(5) === 0, "every page answers under load");
  drill.found(
    /rows, SHA-256/.test(await drill.command("backup", drill.backup)),
    "a backup while the portal runs",
  );
}

async function killed(drill: Drill): Promise<void> {
  print("kill -9 in the middle of a sync, under load");
  const before = await drill.leads();
  drill.crmGoesOn();
  const load = drill.load(3);
  await drill.portal.ask(`/api/sync/trigger?w=${SLUG}`, "POST");
  await drill.portal.end("SIGKILL");
  await load;
  await drill.start();
  drill.found(await drill.load(1) === 0, "every page answers after the start");
  drill.found(await drill.sync(), "the next sync ends");
  await drill.whole(before);
}

async function fullDisk(drill: Drill): Promise<void> {
  print("A full disk");
  if (!drill.disk.isSmall) {
    print("  skipped: a small disk can be mounted by root on Linux alone");
    return;
  }
  const before = await drill.leads();
  const filler = `${drill.disk.dir}/filler`;
  const bytes = await fill(filler);
  drill.crmGoesOn();
  const synced = await drill.sync();
  print(`  ${bytes} bytes written; a sync ${synced ? "ended" : "failed"}`);
  if (await drill.portal.isAlive()) {
    drill.found(await drill.load(1) === 0, "pages are served meanwhile");
  } else print("  the process ended, as a supervisor would notice");
  await Deno.remove(filler);
  await drill.portal.end("SIGKILL");
  await drill.start();
  drill.found(await drill.sync(), "with room again, the next sync ends");
  await drill.whole(before);
}

async function withoutDatabase(drill: Drill): Promise<void> {
  print("The database is taken away, and brought back");
  const before = await drill.leads();
  await drill.portal.end("SIGTERM");
  const away = `${drill.database}.away`;
  await moveDatabase(drill.database, away);
  await drill.start();
  const health = await drill.portal.ask("/api/health");
  drill.found(
    health.code === 503 && health.text.includes("PORTAL_STORE_ID"),
    "health is red and says that it is not the database that is meant",
  );
  const { code } = await drill.portal.ask("/login");
  drill.found(code === 503, `nothing is shown: pages answer ${code}`);
  await moveDatabase(away, drill.database);
  const until = Date.now() + COMES_BACK_MS;
  let isBack = false;
  while (!isBack && Date.now() < until) {
    await systemClock.sleep(500);
    isBack = (await drill.portal.ask("/api/health")).code === 200;
  }
  drill.found(isBack, "once it is back, the portal goes on by itself");
  await drill.whole(before);
}

async function destroyed(drill: Drill): Promise<void> {
  print("The database is destroyed, and restored from the last backup");
  const before = await drill.leads();
  const backedUp = [...drill.added];
  await drill.command("backup", drill.backup, "--force");
  drill.crmGoesOn();
  await drill.sync();
  const later = await drill.leads();
  await drill.portal.end("SIGKILL");
  await removeDatabase(drill.database);
  await drill.command("restore", drill.backup);
  const store = await openStore({ path: drill.database });
  drill.found(store.id === drill.env.PORTAL_STORE_ID, "it is the same store");
  store.close();
  await drill.start();
  const { code } = await drill.portal.ask(`/dashboard?w=${SLUG}`);
  drill.found(code === 303, "sessions are no part of a backup: sign in again");
  await signInAgain(drill);
  drill.found(
    later > before && await drill.leads() === before &&
      await drill.missing(backedUp) === 0,
    "every lead of the backup is there",
  );
  drill.found(await drill.sync(), "the next sync brings what came after it");
  await drill.whole(later);
}

async function signInAgain(drill: Drill): Promise<void> {
  await drill.portal.end("SIGTERM");
  const store = await openStore({ path: drill.database });
  const user = await createUser(store, {
    email: "after@example.com",
    name: "After",
    passwordHash: "",
    membership: { scope: EVERY_TENANT, role: "agency_admin" },
  }, systemClock);
  drill.session = await startSession(store, user, systemClock);
  store.close();
  await drill.start();
}

async function main(): Promise<void> {
  const began = Date.now();
  await using disk = await createDisk();
  const simulator = createSimulator({
    seed: 31,
    clock: systemClock,
    startAt: began - 86_400_000,
    brands: [{
      name: "Drill",
      webKey: WEB_KEY,
      accessToken: TOKEN,
      timezone: "America/New_York",
      leads: LEADS,
    }],
  });
  const api = simulator.serve();
  const drill = new Drill(disk, {
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "error",
    DENO_KV_PATH: `${disk.dir}/portal.sqlite3`,
    PORTAL_SECRET: crypto.getRandomValues(new Uint8Array(32)).toBase64(),
    PORTAL_WEB_KEY: WEB_KEY,
    PORTAL_ACCESS_TOKEN: TOKEN,
    CLIENTTETHER_API_URL: api.url,
    CLIENTTETHER_MAX_RPS: "0",
  }, simulator);
  try {
    await setUp(drill);
    for (
      const step of [underLoad, killed, fullDisk, withoutDatabase, destroyed]
    ) await step(drill);
  } finally {
    await drill.portal?.end("SIGKILL");
    await api.shutdown();
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  print(
    drill.failures === 0
      ? `Nothing was lost. ${seconds} s.`
      : `${drill.failures} things are wrong. ${seconds} s.`,
  );
  if (drill.failures > 0) throw new FailedError();
}

if (import.meta.main) {
  await runCommand(main);
  Deno.exit();
}
