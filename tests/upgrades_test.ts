import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createSecrets } from "../lib/auth/mod.ts";
import { createSimulator } from "../lib/clienttether/simulator/mod.ts";
import {
  getUserByEmail,
  listTenants,
  openStore,
  openTenant,
  type Store,
} from "../lib/store/mod.ts";
import { replayTenant, syncTenant, verifyTenant } from "../lib/sync/mod.ts";
import { createTestApp } from "./_app.ts";
import { HOUR, TestClock } from "./_clock.ts";
import { restore } from "./store/_backup.ts";

const FIXTURES = new URL("./fixtures/", import.meta.url);
/** When the fixtures' CRM begins, and when they were written. */
const BEGINNING = Date.parse("2026-02-23T10:00:00.000Z");
const WRITTEN = "2026-03-04T19:00:00.000Z";
const SECRET = new Uint8Array(32).fill(5).toBase64();
/** Schema versions that a release had and a later one has not. */
const LEFT_BEHIND = [1, 2];
const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];

/** The same CRM as the fixtures', lived up to when they were written. */
function createCrm(clock: TestClock) {
  const simulator = createSimulator({
    seed: 5,
    clock,
    startAt: BEGINNING,
    brands: [
      {
        name: "Alder Burgers",
        webKey: "fixture-key-alder",
        accessToken: "fixture-token",
        timezone: "America/New_York",
        leads: 40,
        franchiseFee: 45_000,
      },
      {
        name: "Harbor Pilates",
        webKey: "fixture-key-harbor",
        accessToken: "fixture-token",
        timezone: "America/Los_Angeles",
        leads: 25,
        franchiseFee: 54_900,
        stageSet: "compact",
        marketField: "territory",
      },
    ],
  });
  simulator.advanceTo(clock.now());
  return simulator;
}

function depsOf(store: Store, clock: TestClock) {
  const secrets = createSecrets(SECRET, []);
  const simulator = createCrm(clock);
  return {
    simulator,
    store,
    clock,
    fetch: simulator.fetch,
    baseUrl: "http://127.0.0.1:9",
    maxRps: 0,
    snapshotRetentionDays: 90,
    openKeys: async (
      { id, clienttetherWebKey, clienttetherAccessToken }: Awaited<
        ReturnType<typeof listTenants>
      >[number]["tenant"],
    ) => ({
      webKey: await secrets.open(id, "clienttetherWebKey", clienttetherWebKey!),
      accessToken: await secrets.open(
        id,
        "clienttetherAccessToken",
        clienttetherAccessToken!,
      ),
    }),
  };
}

describe("a backup that an earlier release wrote", () => {
  let path: string;
  let clock: TestClock;
  let opened: Store | undefined;
  beforeEach(async () => {
    path = await Deno.makeTempDir();
    clock = new TestClock(WRITTEN);
  });
  afterEach(async () => {
    opened?.close();
    opened = undefined;
    await Deno.remove(path, { recursive: true });
  });

  async function restored(version: number): Promise<Store> {
    const file = new URL(`backup_schema_${version}.jsonl.gz`, FIXTURES);
    const options = { path: `${path}/portal.sqlite3`, clock };
    const done = await restore(await Deno.readFile(file), options);
    expect(done.schemaVersion).toBe(version);
    return opened = await openStore(options);
  }

  for (const version of LEFT_BEHIND) {
    it(`of schema ${version} is sound after its restore, and replays to the same`, async () => {
      const store = await restored(version);
      const { simulator: _, ...deps } = depsOf(store, clock);
      const tenants = await listTenants(store);
      expect(tenants.map(({ tenant: { slug } }) => slug).sort())
        .toEqual(["alder-burgers", "harbor-pilates"]);
      for (const { tenant } of tenants) {
        expect((await verifyTenant(deps, tenant.id))?.differences).toEqual([]);
        const replay = await replayTenant(deps, tenant.id, { check: true });
        expect(replay.differences).toEqual([]);
      }
    });

    it(`of schema ${version} serves every page and goes on syncing`, async () => {
      const store = await restored(version);
      const test = await createTestApp({ store, clock });
      const user = await getUserByEmail(store, "agency@example.com");
      const deps = depsOf(store, clock);
      for (const hours of [0, 1, 24]) {
        clock.advance(hours * HOUR);
        deps.simulator.advance(hours);
        const browser = await test.signedIn(user!);
        for (const { tenant } of await listTenants(store)) {
          for (const page of PAGES) {
            const answer = await browser.getIn(tenant.slug, `/${page}`);
            expect(`${page} ${answer.status}`).toBe(`${page} 200`);
            await answer.body?.cancel();
          }
          const { status, errorMessage } = await syncTenant(deps, tenant.id);
          expect({ status, errorMessage })
            .toEqual({ status: "success", errorMessage: null });
          const { lastSyncAt } = await (await openTenant(store, tenant.id))
            .syncState();
          expect(lastSyncAt).toBe(new Date(clock.now()).toISOString());
          expect((await verifyTenant(deps, tenant.id))?.differences)
            .toEqual([]);
        }
      }
      test.close();
    });
  }
});
