import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { pageGuard } from "../../lib/web/mod.ts";
import {
  createTenant,
  deleteSessionsOfUser,
  purgeTenant,
  removeMembership,
  setMembership,
  setTenantStatus,
  type Tenant,
} from "../../lib/store/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { measureGuardReads } from "../security/_guard_reads.ts";
import { expectPage, expectRedirect } from "../routes/_assert.ts";

describe("pageGuard", () => {
  let app: TestApp;
  let acme: Tenant;
  let bravo: Tenant;

  beforeEach(async () => {
    app = await createTestApp({
      extend: (app) =>
        app.all("/page", pageGuard, (ctx) => {
          const { user, workspace, workspaces } = ctx.state;
          return ctx.json({
            user,
            tenant: workspace?.tenant,
            role: workspace?.role,
            lastSyncAt: workspace?.sync.lastSyncAt,
            workspaces,
          });
        }),
    });
    acme = await createTestBrand(app.store, "acme", app.clock);
    bravo = await createTestBrand(app.store, "bravo", app.clock);
  });

  afterEach(() => app.close());

  it("sends strangers to the sign-in and remembers where they were going", async () => {
    await expectRedirect(
      await app.browser().get("/page?source=Web%20Site&w=acme"),
      "/login?next=%2Fpage%3Fsource%3DWeb%2520Site%26w%3Dacme",
    );
    await expectRedirect(await app.browser().post("/page"), "/login");
  });

  it("adds the only workspace to the address and keeps the rest of it", async () => {
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    await expectRedirect(
      await browser.get("/page?source=Web"),
      "/page?source=Web&w=acme",
    );
  });

  it("shows page and handler who asks and where", async () => {
    const user = await app.createUser("tenant_admin", acme.id);
    const browser = await app.signedIn(user);
    const answer = await browser.getIn("acme", "/page");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      user: {
        id: user.id,
        name: user.name,
        email: user.email,
        role: "tenant_admin",
      },
      tenant: {
        id: acme.id,
        slug: "acme",
        name: "Brand acme",
        timezone: "America/New_York",
        currency: "USD",
        accent: null,
        qualifiedFrom: "QR Returned",
        qualifiedTo: "FA Sent",
        hotFrom: "Deal Structure",
        hotTo: "FA Sent",
        logo: null,
      },
      role: "tenant_admin",
      lastSyncAt: "2026-03-11T15:00:00.000Z",
      workspaces: [{ slug: "acme", name: "Brand acme" }],
    });
  });

  it("lets a user with several workspaces choose first", async () => {
    const user = await app.createUser("tenant_viewer", acme.id, bravo.id);
    const browser = await app.signedIn(user);
    await expectRedirect(
      await browser.get("/page?a=1"),
      "/select-workspace?next=%2Fpage%3Fa%3D1",
    );
    await browser.post("/select-workspace", { tenant: "bravo" });
    await expectRedirect(await browser.get("/page?a=1"), "/page?a=1&w=bravo");
  });

  it("keeps two tabs on two brands, whatever the session says", async () => {
    const user = await app.createUser("tenant_viewer", acme.id, bravo.id);
    const browser = await app.signedIn(user);
    await browser.post("/select-workspace", { tenant: "bravo" });
    for (const slug of ["acme", "bravo", "acme"]) {
      const answer = await browser.getIn(slug, "/page");
      expect(await answer.json()).toMatchObject({
        tenant: { slug },
        workspaces: [{ slug: "acme" }, { slug: "bravo" }],
      });
    }
    await expectRedirect(await browser.get("/page"), "/page?w=bravo");
  });

  it("reads no more brands for a menu than it holds, and then names none", async () => {
    const user = await app.createUser("tenant_viewer", acme.id, bravo.id);
    const rows = Array.from({ length: 30 }, (_, n) => ({
      name: `Branch ${n}`,
      timezone: "America/New_York",
    }));
    for (const row of rows) {
      const { id } = await createTenant(app.store, row, app.clock);
      await setMembership(app.store, user.id, id, "tenant_viewer", app.clock);
    }
    for (const who of [user, await app.createUser("agency_admin")]) {
      const browser = await app.signedIn(who);
      const answer = await browser.getIn("bravo", "/page");
      expect(await answer.json()).toMatchObject({
        tenant: { slug: "bravo" },
        workspaces: null,
      });
    }
    await removeMembership(app.store, user.id, acme.id);
    await removeMembership(app.store, user.id, bravo.id);
    await purgeTenant(app.store, acme.id, { clock: app.clock });
    await purgeTenant(app.store, bravo.id, { clock: app.clock });
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const menuOfAgency = async () =>
      (await (await agency.getIn("branch-0", "/page")).json()).workspaces;
    expect(await menuOfAgency()).toBe(null);
    app.clock.advance(MINUTE);
    expect(await menuOfAgency()).toHaveLength(30);

    const browser = await app.signedIn(user);
    const { workspaces } = await (await browser.getIn("branch-0", "/page"))
      .json();
    expect(workspaces).toHaveLength(30);
  });

  it("answers 404 for a workspace that is not the user's", async () => {
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    for (const slug of ["bravo", "nowhere", "", bravo.id]) {
      await expectPage(await browser.getIn(slug, "/page"), 404);
    }
  });

  it("opens every workspace to the agency", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    for (const slug of ["acme", "bravo"]) {
      const answer = await browser.getIn(slug, "/page");
      expect(await answer.json()).toMatchObject({
        user: { role: "agency_admin" },
        role: "agency_admin",
        tenant: { slug },
      });
    }
  });

  it("forgets a chosen workspace that has been closed", async () => {
    const user = await app.createUser("tenant_viewer", acme.id, bravo.id);
    const browser = await app.signedIn(user);
    await browser.post("/select-workspace", { tenant: "bravo" });
    await setTenantStatus(app.store, bravo.id, "inactive");
    await expectRedirect(await browser.get("/page"), "/page?w=acme");
    await expectPage(await browser.getIn("bravo", "/page"), 404);
  });

  it("obeys a changed role with the next request", async () => {
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    await setMembership(
      app.store,
      user.id,
      acme.id,
      "tenant_admin",
      app.clock,
    );
    const answer = await browser.getIn("acme", "/page");
    expect(await answer.json()).toMatchObject({ role: "tenant_admin" });
  });

  it("costs two reads beyond those of the page, for every role, menu included", async () => {
    for (
      const { role, guard, guarded, believed } of await measureGuardReads()
    ) {
      expect([role, guard, guarded - believed]).toEqual([role, guard, 2]);
    }
  });

  it("costs none beyond them once the session has been here, but for a menu of several brands", async () => {
    for (const { role, guard, again, believed } of await measureGuardReads()) {
      const hasOthers = guard === "page" && role !== "agency_admin";
      expect([role, guard, again - believed])
        .toEqual([role, guard, hasOthers ? 1 : 0]);
    }
  });

  it("sends an idle session back to the sign-in", async () => {
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    app.clock.advance(9 * HOUR);
    await expectRedirect(
      await browser.getIn("acme", "/page"),
      "/login?next=%2Fpage%3Fw%3Dacme",
    );
  });

  it("sends a revoked session back to the sign-in", async () => {
    const user = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(user);
    await deleteSessionsOfUser(app.store, user.id);
    const answer = await browser.getIn("acme", "/page");
    expect(answer.status).toBe(303);
  });
});
