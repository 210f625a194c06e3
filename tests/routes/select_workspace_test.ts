import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createTenant,
  setTenantStatus,
  type Tenant,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import {
  expectJson,
  expectPage,
  expectProblem,
  expectRedirect,
} from "./_assert.ts";

describe("/select-workspace", () => {
  let app: TestApp;
  let acme: Tenant;
  let bravo: Tenant;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    bravo = await createTestBrand(app.store, "bravo", app.clock);
    await createTestBrand(app.store, "coral", app.clock);
  });

  afterEach(() => app.close());

  const member = async (...tenants: Tenant[]) =>
    await app.signedIn(
      await app.createUser("tenant_viewer", ...tenants.map(({ id }) => id)),
    );

  it("sends strangers to the sign-in and keeps where they were going", async () => {
    const browser = app.browser();
    await expectRedirect(await browser.get("/select-workspace"), "/login");
    await expectRedirect(
      await browser.get("/select-workspace?next=/leads"),
      "/login?next=%2Fleads",
    );
    await expectRedirect(
      await browser.post("/select-workspace", { tenant: "acme" }),
      "/login",
    );
  });

  it("offers the user's own workspaces and no others", async () => {
    const browser = await member(acme, bravo);
    const html = await expectPage(await browser.get("/select-workspace"));
    expect(html).toMatch(/name="tenant" value="acme"/);
    expect(html).toMatch(/name="tenant" value="bravo"/);
    expect(html).not.toContain("coral");
  });

  it("offers every workspace to the agency", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const html = await expectPage(await browser.get("/select-workspace"));
    for (const slug of ["acme", "bravo", "coral"]) {
      expect(html).toContain(`value="${slug}"`);
    }
  });

  it("searches them by name where they are more than one sees at a glance", async () => {
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const few = await expectPage(await browser.get("/select-workspace"));
    expect(few).not.toContain('type="search"');
    const page = await expectPage(await browser.getIn("acme", "/reports"));
    expect(page).toContain('href="/reports?w=coral"');

    for (let n = 1; n <= 30; n++) {
      const input = { name: `Branch ${n}`, timezone: "America/New_York" };
      await createTenant(app.store, input, app.clock);
    }
    const header = await expectPage(await browser.getIn("acme", "/reports"));
    expect(header).not.toContain('href="/reports?w=coral"');
    expect(header).toContain('href="/select-workspace?next=/reports"');

    const path = "/select-workspace?next=/reports";
    const all = await expectPage(await browser.get(path));
    expect(all).toContain("Search 33 workspaces");
    expect(all.match(/name="tenant"/g)).toHaveLength(33);
    const found = await expectPage(await browser.get(`${path}&search=CORAL`));
    expect([...found.matchAll(/name="tenant" value="([^"]*)"/g)])
      .toMatchObject([{ 1: "coral" }]);
    expect(found).toContain('name="next" value="/reports"');
    const none = await expectPage(await browser.get(`${path}&search=zz`));
    expect(none).toContain("No workspace matches 'zz'.");
    expect(none).toContain('href="/select-workspace?next=%2Freports"');
    const wrong = `${path}&search=${"a".repeat(300)}`;
    expect(await expectPage(await browser.get(wrong))).toContain("'search'");
  });

  it("does not ask a user with one workspace", async () => {
    const browser = await member(acme);
    await expectRedirect(
      await browser.get("/select-workspace?next=/leads?source=Web"),
      "/leads?source=Web&w=acme",
    );
  });

  it("says so to a user with none", async () => {
    const browser = await member();
    const html = await expectPage(await browser.get("/select-workspace"));
    expect(html).toContain("No workspace is open to you");
    await setTenantStatus(app.store, acme.id, "inactive");
    const other = await member(acme);
    const again = await expectPage(await other.get("/select-workspace"));
    expect(again).toContain("No workspace is open to you");
    expect(again).not.toContain("acme");
  });

  it("remembers the choice in the session", async () => {
    const browser = await member(acme, bravo);
    await expectProblem(await browser.get("/api/sync/status"), 409);
    await expectRedirect(
      await browser.post("/select-workspace", { tenant: "bravo" }),
      "/dashboard?w=bravo",
    );
    const body = await expectJson(await browser.get("/api/dashboard/hot-list"));
    expect(JSON.stringify(body)).toContain("bravo-o2");
  });

  it("goes on to the page that was asked for", async () => {
    const browser = await member(acme, bravo);
    const choose = (next: string) =>
      browser.post("/select-workspace", { tenant: "bravo", next });
    await expectRedirect(
      await choose("/notes?search=a"),
      "/notes?search=a&w=bravo",
    );
    await expectRedirect(await choose("//evil.example"), "/dashboard?w=bravo");
  });

  it("does not tell a foreign workspace from one that does not exist", async () => {
    const browser = await member(acme, bravo);
    const pages: string[] = [];
    for (
      const tenant of ["coral", "nowhere", "", "*", acme.id, "a".repeat(3000)]
    ) {
      const answer = await browser.post("/select-workspace", { tenant });
      const id = answer.headers.get("x-request-id") ?? "";
      pages.push((await expectPage(answer, 404)).replaceAll(id, ""));
    }
    expect(new Set(pages).size).toBe(1);
    await expectProblem(await browser.get("/api/sync/status"), 409);
  });

  it("refuses another site's form", async () => {
    const browser = await member(acme, bravo);
    const answer = await browser.post(
      "/select-workspace",
      { tenant: "bravo" },
      {
        origin: "https://evil.example",
      },
    );
    await expectPage(answer, 403);
    await expectProblem(await browser.get("/api/sync/status"), 409);
  });
});
