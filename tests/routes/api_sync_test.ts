import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Tenant } from "../../lib/store/mod.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { createTestBrand } from "../_data.ts";
import { expectJson, expectProblem } from "./_assert.ts";

describe("GET /api/sync/status", () => {
  let app: TestApp;
  let get: (path: string) => Promise<Response>;

  beforeEach(async () => {
    app = await createTestApp();
    const acme = await createTestBrand(app.store, "acme", app.clock);
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    get = (path) => browser.getIn("acme", path);
  });

  afterEach(() => app.close());

  it("grows stale with the clock alone", async () => {
    const at = "2026-03-11T15:00:00.000Z";
    const status = async () => await expectJson(await get("/api/sync/status"));
    expect(await status()).toMatchObject({
      lastSyncAt: at,
      status: "success",
      isStale: false,
      ageSeconds: 0,
      level: "fresh",
    });
    app.clock.advance(2 * HOUR);
    expect(await status()).toMatchObject({ isStale: false, level: "fresh" });
    app.clock.advance(1000);
    expect(await status()).toMatchObject({
      lastSyncAt: at,
      isStale: true,
      ageSeconds: 7201,
      level: "stale",
    });
  });

  it("tells how every stream fared", async () => {
    const { streams } = await expectJson(await get("/api/sync/status"));
    expect(Object.keys(streams as object)).toEqual([
      "cycles",
      "leads",
      "opportunities",
      "notes",
      "activities",
    ]);
    expect(streams).toMatchObject({
      leads: {
        status: "success",
        fetched: 5,
        written: 5,
        unchanged: 0,
        removed: 0,
        quarantined: 0,
        lastSuccessAt: "2026-03-11T15:00:00.000Z",
        error: null,
      },
    });
  });
});

describe("POST /api/sync/trigger", () => {
  let app: TestApp;
  let acme: Tenant;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    await createTestBrand(app.store, "bravo", app.clock);
  });

  afterEach(() => app.close());

  const PATH = "/api/sync/trigger?w=acme";

  it("accepts the agency's wish for the chosen workspace", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const body = await expectJson(await browser.post(PATH), 202);
    expect(body).toEqual({ status: "accepted", tenant: "acme" });
    expect(app.syncRequests).toEqual([acme.id]);
  });

  it("takes no tenant from the body", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const form = { tenant: "bravo", tenantId: "bravo", w: "bravo" };
    await expectJson(await browser.post(PATH, form), 202);
    expect(app.syncRequests).toEqual([acme.id]);
  });

  it("is forbidden to the brand's own people", async () => {
    for (const role of ["tenant_admin", "tenant_viewer"] as const) {
      const user = await app.createUser(role, acme.id);
      const browser = await app.signedIn(user);
      await expectProblem(await browser.post(PATH), 403);
    }
    expect(app.syncRequests).toEqual([]);
  });

  it("is refused without a session, a workspace, or the right verb", async () => {
    await expectProblem(await app.browser().post(PATH), 401);
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    await expectProblem(await browser.post("/api/sync/trigger"), 409);
    const got = await browser.get(PATH);
    expect(got.headers.get("allow")).toBe("POST, OPTIONS");
    await expectProblem(got, 405);
    expect(app.syncRequests).toEqual([]);
  });

  it("is refused to other sites, whatever they show or leave out", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const foreign: HeadersInit[] = [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://localhost:8001" },
      { origin: "http://localhost:8000", "sec-fetch-site": "cross-site" },
    ];
    for (const headers of foreign) {
      const answer = await browser.fetch(PATH, { method: "POST", headers });
      await expectProblem(answer, 403);
    }
    expect(app.syncRequests).toEqual([]);
    const own = { origin: "http://localhost:8000" };
    const answer = await browser.fetch(PATH, { method: "POST", headers: own });
    await expectJson(answer, 202);
  });

  it("a bearer token passes the check of the origin and takes no cookie with it", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const answer = await browser.fetch(PATH, {
      method: "POST",
      headers: { authorization: "Bearer abc" },
    });
    await expectProblem(answer, 401);
    expect(app.syncRequests).toEqual([]);
  });
});
