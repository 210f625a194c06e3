import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Store } from "../../../lib/store/mod.ts";
import { createTestApp, type TestBrowser } from "../../_app.ts";
import { HOUR } from "../../_clock.ts";
import { expectJson, expectPage, expectProblem } from "../../routes/_assert.ts";
import { textOf } from "../../routes/_reader.ts";
import { expectRefused } from "./_expect.ts";
import { SMALL, TENANT, Twins } from "./_matrix.ts";
import { openProcess } from "./_processes.ts";

const ENDPOINTS = [
  "/api/dashboard/leads",
  "/api/dashboard/pipeline",
  "/api/dashboard/hot-list",
  "/api/dashboard/notes",
  "/api/dashboard/schedule",
];
const PAGES = [
  "/dashboard",
  "/leads",
  "/pipeline",
  "/hot-list",
  "/notes",
  "/schedule",
];

/** A viewer of the tenant's portal. */
async function openBrowser(
  { faulted: { store, clock } }: Twins,
  served: Store = store,
): Promise<{
  get: (path: string) => Promise<Response>;
  browser: TestBrowser;
}> {
  const app = await createTestApp({ store: served, clock });
  const user = await app.createUser("tenant_viewer", TENANT);
  const browser = await app.signedIn(user);
  return { browser, get: (path) => browser.getIn("test-brand", path) };
}

describe("what the portal shows while ClientTether is down", () => {
  it("row 1: is the last good data on every page and endpoint, its age, and why", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { get } = await openBrowser(twins);
    const all = async () =>
      await Promise.all(
        ENDPOINTS.map(async (path) => await expectJson(await get(path))),
      );
    const before = await all();
    const { lastSyncAt } = await expectJson(await get("/api/sync/status"));
    await twins.under({ kind: "http_status" });
    expect(await all()).toEqual(before);
    twins.faulted.clock.advance(2 * HOUR);
    expect(await expectJson(await get("/api/sync/status"))).toMatchObject({
      lastSyncAt,
      status: "failed",
      isStale: true,
      level: "stale",
      streams: {
        leads: {
          status: "failed",
          error: "ClientTether answered 503 four times",
        },
      },
    });
    for (const path of PAGES) {
      const text = textOf(await expectPage(await get(path)));
      expect(text).toMatch(/Data is \d hours old - sync may be delayed/);
      expect(text).toContain("ClientTether answered 503 four times.");
    }
    await twins.heal();
    const status = await expectJson(await get("/api/sync/status"));
    expect(status).toMatchObject({ status: "success", isStale: false });
  });

  it("row 13: names the refused key, which somebody has to renew", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { get } = await openBrowser(twins);
    const why =
      "ClientTether refused the web key: it answered CT501 (the key is missing).";
    const seen = await twins.under({
      kind: "key_revoked",
      stream: "opportunities",
    });
    expectRefused(seen, why, "opportunities", "notes", "activities");
    expect(textOf(await expectPage(await get("/dashboard")))).toContain(why);
    await twins.heal();
    expect(textOf(await expectPage(await get("/dashboard"))))
      .not.toContain("refused");
  });

  it("row 18: is the list that was known where none came", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { get } = await openBrowser(twins);
    const total = async () =>
      (await expectJson(await get("/api/dashboard/leads"))).data;
    const before = await total();
    await twins.under({ kind: "none", stream: "leads" });
    expect(await total()).toMatchObject({
      totalLeads: (before as { totalLeads: number }).totalLeads,
    });
    expect(textOf(await expectPage(await get("/leads"))))
      .toContain("ClientTether sent an empty list where 24 leads were known");
    await twins.heal();
  });
});

describe("what the portal shows while its database is away", () => {
  it("row 39: is a page that says so, in time, without a stack trace; health is red", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    let away = false;
    const hang = () => away ? new Promise<never>(() => {}) : undefined;
    const { store } = await openProcess(
      twins.faulted,
      { beforeGet: hang, beforeList: hang },
      100,
    );
    const { get, browser } = await openBrowser(twins, store);
    away = true;
    for (const path of ["/dashboard", "/notes"]) {
      const text = textOf(await expectPage(await get(path), 503));
      expect(text).toContain("The portal cannot reach its data at the moment");
      expect(text).not.toMatch(/\bat \w+ \(|0\.1 s/);
    }
    const { detail } = await expectProblem(
      await get("/api/dashboard/leads"),
      503,
    );
    expect(detail).toBe(
      "The portal cannot reach its data at the moment. Try again in a minute.",
    );
    expect(await expectJson(await browser.get("/api/health"), 503))
      .toMatchObject({ ok: false, kv: false });
    away = false;
    await expectPage(await get("/dashboard"));
    expect(await expectJson(await browser.get("/api/health")))
      .toMatchObject({ ok: true, kv: true });
    await twins.heal();
  });

  it("row 42: is nothing where another database stands in its place: health is red", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { browser } = await openBrowser(twins);
    await twins.faulted.kv.set(["store_id"], "01J00000000000000000000000");
    expect(await expectJson(await browser.get("/api/health"), 503))
      .toMatchObject({ ok: false, kv: false });
    await twins.faulted.kv.set(["store_id"], twins.faulted.store.id);
    expect(await expectJson(await browser.get("/api/health")))
      .toMatchObject({ ok: true });
  });
});
