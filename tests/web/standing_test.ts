import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { keys } from "../../lib/store/keys.ts";
import { openStorePatiently } from "../../lib/store/mod.ts";
import { publicReason } from "../../lib/web/mod.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { allRows } from "../_dump.ts";
import { expectJson } from "../routes/_assert.ts";

const PAGES = ["/", "/login", "/dashboard", "/leads?w=acme", "/admin/tenants"];
const APIS = ["/api/leads", "/api/sync/status", "/api/openapi.json"];

async function problemOf(answer: Response): Promise<unknown> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  return await answer.json();
}

describe("the portal over a database that it refuses", () => {
  it("answers every page with 503 and a sentence, is red, and comes up by itself", async () => {
    const dir = await Deno.makeTempDir();
    const path = `${dir}/portal.sqlite3`;
    const newer = await Deno.openKv(path);
    await newer.set(keys.schemaVersion(), 99);
    const before = await allRows(newer);
    newer.close();
    const opened = Promise.withResolvers<string>();
    const waiting = Promise.withResolvers<void>();
    const store = await openStorePatiently({
      path,
      clock: { now: Date.now, sleep: () => waiting.promise },
      onOpened: opened.resolve,
    });
    const app = await createTestApp({ store });

    for (const page of PAGES) {
      const answer = await app.fetch(page);
      expect([page, answer.status]).toEqual([page, 503]);
      expect(answer.headers.get("retry-after")).toBe("30");
      expect(answer.headers.get("content-security-policy")).toMatch(
        /nonce|none/,
      );
      expect(await answer.text()).toContain("cannot use its database");
    }
    for (const api of APIS) {
      expect(await problemOf(await app.fetch(api))).toMatchObject({
        status: 503,
        title: "Unavailable",
      });
    }
    expect(await expectJson(await app.fetch("/api/ready"), 503))
      .toMatchObject({ ok: false });
    expect(await expectJson(await app.fetch("/api/health"), 503)).toEqual({
      ok: false,
      version: "0.0.0-test",
      kv: false,
      reason: expect.stringMatching(
        /^Cannot use this database: its schema is version 99/,
      ),
    });

    const kv = await Deno.openKv(path);
    expect(await allRows(kv)).toEqual(before);
    await kv.delete(keys.schemaVersion());
    kv.close();
    waiting.resolve();
    await opened.promise;
    expect((await app.fetch("/login")).status).toBe(200);
    expect(await expectJson(await app.fetch("/api/health")))
      .toEqual({ ok: true, version: "0.0.0-test", kv: true });
    store.close();
    await Deno.remove(dir, { recursive: true });
  });

  it("tells no path of the machine", () => {
    const why = "it did not open within 5 s";
    const error = new Error(
      `Cannot open the database '/srv/x.sqlite3': ${why}`,
    );
    expect(publicReason(error)).toBe(`Cannot open the database: ${why}`);
  });
});

describe("PORTAL_ROLE=worker", () => {
  it("answers how it is, and nothing else", async () => {
    const app: TestApp = await createTestApp({ services: { role: "worker" } });
    expect((await app.fetch("/api/health")).status).toBe(200);
    for (const path of [...PAGES, ...APIS, "/styles.css", "/nothing"]) {
      expect(await problemOf(await app.fetch(path))).toMatchObject({
        status: 404,
        detail: "This process syncs and serves no pages (PORTAL_ROLE=worker).",
      });
    }
    app.close();
  });
});
