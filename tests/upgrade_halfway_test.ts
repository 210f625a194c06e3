import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { getUserByEmail, listTenants, openStore } from "../lib/store/mod.ts";
import { createTestApp } from "./_app.ts";
import { TestClock } from "./_clock.ts";
import { makeEarlier, migrateUntil, openAsItStands } from "./store/_earlier.ts";
import { keys } from "../lib/store/keys.ts";

/** When the fixtures were written. */
const WRITTEN = "2026-03-04T19:00:00.000Z";
const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];

describe("while a migration runs", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await Deno.makeTempDir();
  });
  afterEach(() => Deno.remove(dir, { recursive: true }));

  /** What every page of every brand answers. */
  async function answers(path: string): Promise<string[]> {
    const clock = new TestClock(WRITTEN);
    const store = await openAsItStands(path);
    const test = await createTestApp({ store, clock });
    const user = await getUserByEmail(store, "agency@example.com");
    const browser = await test.signedIn(user!);
    const statuses: string[] = [];
    for (const { tenant: { slug } } of await listTenants(store)) {
      for (const page of PAGES) {
        const answer = await browser.getIn(slug, `/${page}`);
        statuses.push(`${slug} ${page} ${answer.status}`);
        await answer.body?.cancel();
      }
    }
    store.close();
    return statuses;
  }

  for (const version of [1, 2]) {
    it(`from schema ${version}, every page answers, wherever the process died`, async () => {
      const earlier = `${dir}/earlier.sqlite3`;
      await makeEarlier(version, earlier);
      const whole = `${dir}/whole.sqlite3`;
      await Deno.copyFile(earlier, whole);
      const commits = await migrateUntil(whole);
      const expected = (await answers(whole)).map((line) =>
        line.replace(/\d+$/, "200")
      );
      expect(expected).toHaveLength(2 * PAGES.length);
      const places = [0, 1, commits >> 2, commits >> 1, commits - 1];
      for (const commit of new Set(places)) {
        const path = `${dir}/until_${commit}.sqlite3`;
        await Deno.copyFile(earlier, path);
        expect(await migrateUntil(path, commit)).toBe(commit);
        expect([commit, ...await answers(path)]).toEqual([commit, ...expected]);
        // The next start goes on and ends where an uninterrupted one does.
        (await openStore({ path })).close();
        const kv = await Deno.openKv(path);
        expect((await kv.get(keys.schemaVersion())).value).toBeGreaterThan(2);
        kv.close();
      }
    });
  }
});
