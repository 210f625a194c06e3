import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createClient } from "../../lib/clienttether/mod.ts";
import { listMemberships, listUsers, openStore } from "../../lib/store/mod.ts";
import { csvLine } from "../../lib/web/mod.ts";
import { createTestApp, TEST_PASSWORD, type TestBrowser } from "../_app.ts";
import { TestClock } from "../_clock.ts";
import { TEST_ACCESS_TOKEN, TEST_WEB_KEY } from "../_sync.ts";
import { DOORS } from "./_matrix.ts";
import { CANARY, openTwoBrands, type TwoBrands } from "./_two_brands.ts";

const ORIGIN = "http://localhost:8000";
/** Not the logo, a picture whose address changes with it. */
const PAGES = Object.keys(DOORS).filter((path) =>
  DOORS[path] === "page" && !path.includes(":") && path !== "/logo"
);
const JSON_ENDPOINTS = Object.keys(DOORS).filter((path) =>
  DOORS[path] === "json" && !path.includes(":") && path !== "/api/sync/trigger"
);

describe("checks 17 to 40 at the door", () => {
  let brands: TwoBrands;
  let viewer: TestBrowser;
  let admin: TestBrowser;
  beforeAll(async () => {
    brands = await openTwoBrands();
    const { app, own } = brands;
    viewer = await app.signedIn(await app.createUser("tenant_viewer", own.id));
    admin = await app.signedIn(await app.createUser("agency_admin"));
  });
  afterAll(() => brands[Symbol.dispose]());

  it("check 17: a new database has no account", async () => {
    const store = await openStore({ path: ":memory:" });
    expect(await listUsers(store)).toEqual([]);
    store.close();
  });

  it("check 22: odd ids, cursors and workspaces are not there, or not shown", async () => {
    const { own } = brands;
    const odd = ["%00", "%ED%A0%80", "%FF", "x".repeat(3000), "..%2f..", "%0A"];
    for (const id of odd) {
      const asked = [
        `/notes/${id}?w=${own.slug}`,
        `/api/dashboard/notes/${id}?w=${own.slug}`,
        `/reports/${id}?w=${own.slug}`,
        `/leads?w=${id}`,
        `/api/dashboard/leads?w=${id}`,
      ];
      for (const path of asked) {
        const { status } = await viewer.get(path);
        expect([path.slice(0, 60), [400, 404, 414].includes(status)])
          .toEqual([path.slice(0, 60), true]);
      }
      const list = `/api/dashboard/notes?w=${own.slug}&cursor=${id}`;
      expect([200, 400]).toContain((await viewer.get(list)).status);
    }
  });

  it("check 23: a cursor of another brand shows one's own rows or is refused", async () => {
    const { own, foreignCursor } = brands;
    for (const path of ["/leads", "/notes", "/api/dashboard/notes"]) {
      const answer = await viewer.get(
        `${path}?w=${own.slug}&cursor=${encodeURIComponent(foreignCursor)}`,
      );
      expect([200, 400]).toContain(answer.status);
      expect(await answer.text()).not.toContain(CANARY);
    }
  });

  it("check 24: a role or a brand that is posted along is ignored", async () => {
    const { app, own, foreign } = brands;
    const user = await app.createUser("tenant_viewer", own.id);
    const browser = await app.signedIn(user);
    const before = await listMemberships(app.store, user.id);
    const fields = {
      role: "agency_admin",
      scope: "*",
      tenantId: foreign.id,
      email: user.email,
      password: TEST_PASSWORD,
    };
    for (const path of ["/login", "/account/password", "/select-workspace"]) {
      const answer = await browser.post(path, fields);
      expect(answer.status).toBeLessThan(500);
      await answer.body?.cancel();
    }
    expect(await listMemberships(app.store, user.id)).toEqual(before);
    expect((await browser.get("/admin/tenants")).status).not.toBe(200);
  });

  it("check 25: pages are kept by no cache, JSON by none that others share", async () => {
    for (const path of PAGES) {
      const answer = await viewer.getIn(brands.own.slug, path);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      await answer.body?.cancel();
    }
    for (const path of JSON_ENDPOINTS) {
      const answer = await viewer.getIn(brands.own.slug, path);
      expect([path, answer.headers.get("cache-control")])
        .toEqual([path, "private, no-cache"]);
      expect(answer.headers.get("etag")).toBeTruthy();
      await answer.body?.cancel();
    }
  });

  it("check 27: a change is refused that another site asks for, or that does not say where it comes from", async () => {
    const strangers: HeadersInit[] = [
      { "sec-fetch-site": "cross-site", origin: "https://evil.example.com" },
      { origin: "https://evil.example.com" },
      { origin: "null" },
      {},
    ];
    const cookie = [...admin.cookies].map((pair) => pair.join("=")).join("; ");
    for (const pattern of Object.keys(DOORS)) {
      const path = pattern.replaceAll(/:\w+/g, "x");
      for (const headers of strangers) {
        const answer = await brands.app.fetch(`${path}?w=${brands.own.slug}`, {
          method: "POST",
          headers: { cookie, ...headers },
          body: new URLSearchParams({ a: "b" }),
        });
        expect([path, headers, answer.status]).toEqual([path, headers, 403]);
        await answer.body?.cancel();
      }
    }
  });

  it("check 29: script in the CRM's text is text", async () => {
    const { rig, own } = brands;
    const brand = rig.simulator.brand("test-web-key-one");
    const script =
      `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
    brand.putLead({
      client_id: "777",
      firstName: script,
      lastName: "javascript:alert(1)",
      city: script,
      clients_lead_source: script,
      created: "2026-03-11 09:00:00",
    });
    rig.clock.advance(3_600_000);
    await rig.sync();
    for (const path of ["/leads", "/dashboard", "/hot-list"]) {
      const html = await (await viewer.getIn(own.slug, path)).text();
      expect(html).not.toContain("<script>alert");
      expect(html).not.toMatch(/<img src=x/);
      expect(html).not.toMatch(/href="javascript:/);
    }
    const leads = await (await viewer.getIn(own.slug, "/leads")).text();
    expect(leads).toContain("alert(1)");
  });

  it("check 32: a cell that a spreadsheet would compute is text", () => {
    for (const cell of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]) {
      const [written = ""] = csvLine([cell]).split("\r\n");
      expect(written.replace(/^"/, "")).toMatch(/^'/);
    }
    expect(csvLine(["plain"]).trim()).toBe(`"plain"`);
  });

  it("check 33: the way on after a sign-in never leaves the portal", async () => {
    const targets = [
      "//evil.example.com",
      "/\\evil.example.com",
      "/.//evil.example.com",
      "https://evil.example.com",
      "javascript:alert(1)",
      "/%09/evil.example.com",
      "\t//evil.example.com",
    ];
    for (const next of targets) {
      for (const browser of [viewer, brands.app.browser()]) {
        const answer = await browser.get(
          `/login?next=${encodeURIComponent(next)}`,
        );
        const location = answer.headers.get("location");
        const html = await answer.text();
        if (location) {
          expect(new URL(location, ORIGIN).origin).toBe(ORIGIN);
        }
        expect(html).not.toMatch(/(?:href|value)="(?:\/\/|https:)[^"]*evil/);
      }
    }
  });

  it("check 36: a redirect of ClientTether is not followed, and no key goes there", async () => {
    const asked: string[] = [];
    const followed: boolean[] = [];
    const client = createClient({
      webKey: "secret-web-key",
      accessToken: "secret-token",
      fetch: (url, init) => {
        asked.push(url.href);
        followed.push(init.redirect === "follow" || !init.redirect);
        return Promise.resolve(
          new Response(null, {
            status: 302,
            headers: { location: "http://169.254.169.254/latest" },
          }),
        );
      },
      clock: new TestClock(),
      timezone: "UTC",
      maxTries: 1,
    });
    const list = await client.getSalesCycles();
    expect(list.ok).toBe(false);
    expect(followed).toEqual([false]);
    expect(asked.every((url) => url.startsWith("https://api.clienttether.com")))
      .toBe(true);
    expect(JSON.stringify(list)).not.toContain("secret-");
  });

  it("check 37: ClientTether's keys are masked, and never come back", async () => {
    const { own } = brands;
    for (const path of ["", "/runs", "/quarantine", "/delete"]) {
      const answer = await admin.get(`/admin/tenants/${own.slug}${path}`);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text).not.toContain(TEST_WEB_KEY);
      expect(text).not.toContain(TEST_ACCESS_TOKEN);
    }
    const form = await (await admin.get(`/admin/tenants/${own.slug}`)).text();
    expect(form).toContain(TEST_WEB_KEY.slice(-4));
  });

  it("check 40: what goes wrong inside says no more than that, and an id", async () => {
    const app = await createTestApp({
      store: brands.rig.store,
      clock: brands.rig.clock,
      extend: (inner) => {
        inner.get("/test-throws", () => {
          throw new Error("inner detail of /srv/portal.ts");
        });
        inner.get("/api/test-throws", () => {
          throw new Error("inner detail of /srv/portal.ts");
        });
      },
    });
    for (const path of ["/test-throws", "/api/test-throws"]) {
      const answer = await app.fetch(path);
      expect(answer.status).toBe(500);
      const text = await answer.text();
      expect(text).not.toContain("inner detail");
      expect(text).not.toContain("/srv");
      expect(text).not.toMatch(/\bat .*:\d+:\d+/);
      const logged = JSON.stringify(app.log.entries.at(-1)?.properties);
      const [id] = /[0-9A-Z]{26}/.exec(text) ?? [];
      expect(logged).toContain(id);
    }
  });
});
