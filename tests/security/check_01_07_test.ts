import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  hashToken,
  newToken,
  SESSION_ABSOLUTE_MS,
  SESSION_IDLE_MS,
} from "../../lib/auth/mod.ts";
import {
  deleteSessionOfUser,
  endSessionsOfUser,
  getSession,
  listSessionsOfUser,
  openStore,
  removeMembership,
  sessionId,
  setMembership,
  setTenantStatus,
  type Tenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { createTestBrand } from "../_data.ts";
import { signInBy, statusFor, statusOf } from "./_sign_in.ts";

const NEXT = "another horse, no battery";

describe("security checks 1 to 7: sessions", () => {
  let kv: Deno.Kv;
  let app: TestApp;
  let acme: Tenant;
  let user: User;

  beforeEach(async () => {
    kv = await Deno.openKv(":memory:");
    app = await createTestApp({ store: await openStore({ kv }) });
    acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
  });

  afterEach(() => app.store.close());

  it("check 1: cookies are __Host-, Secure, HttpOnly, SameSite, for all paths and no Domain", async () => {
    const secure = await createTestApp({
      store: app.store,
      clock: app.clock,
      origin: "https://portal.example.com",
    });
    const answer = await signInBy(secure.browser(), user);
    expect(answer.status).toBe(303);
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    for (const [at, name] of ["session", "device"].entries()) {
      const [pair, ...attributes] = cookies[at]!.split("; ");
      expect(pair).toMatch(new RegExp(`^__Host-${name}=[\\w-]{43}$`));
      expect(attributes.map((text) => text.replace(/=\d+$/, "")).sort())
        .toEqual(["HttpOnly", "Max-Age", "Path=/", "SameSite=Lax", "Secure"]);
    }
  });

  it("check 2: rows hold hashes of tokens alone, and tokens have 256 random bits", async () => {
    const browser = app.browser();
    await signInBy(browser, user);
    const tokens = ["session", "device"].map((name) =>
      browser.cookies.get(name)!
    );
    const rows: string[] = [];
    for await (const { key, value } of kv.list({ prefix: [] })) {
      rows.push(JSON.stringify([key, value]));
    }
    const text = rows.join("\n");
    for (const token of tokens) {
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(text).not.toContain(token);
      expect(text).toContain(hashToken(token));
    }
    const many = Array.from({ length: 1000 }, () => newToken());
    expect(new Set(many).size).toBe(1000);
    const first = new Set(many.map((token) => token.charAt(0)));
    expect(first.size).toBeGreaterThan(50);
  });

  it("check 3: signing in and a new password give a new token, and the old one is dead", async () => {
    const browser = app.browser();
    browser.cookies.set("session", "A".repeat(43));
    const seen = ["A".repeat(43)];
    const expectNewToken = async () => {
      const token = browser.cookies.get("session")!;
      expect(seen).not.toContain(token);
      expect(await statusFor(app, token)).toBe(200);
      for (const old of seen) expect(await statusFor(app, old)).toBe(401);
      seen.push(token);
    };
    await signInBy(browser, user);
    await expectNewToken();
    await signInBy(browser, user);
    await expectNewToken();
    const form = { current: TEST_PASSWORD, next: NEXT, again: NEXT };
    const changed = await browser.post("/account/password", form);
    expect(changed.status).toBe(303);
    await expectNewToken();
    const ended = await browser.post("/account/sessions", {
      session: "others",
    });
    expect(ended.status).toBe(303);
    await expectNewToken();
  });

  it("check 4: a token is dead after signing out", async () => {
    const browser = app.browser();
    await signInBy(browser, user);
    const token = browser.cookies.get("session")!;
    expect(await statusFor(app, token)).toBe(200);
    await (await browser.post("/logout")).body?.cancel();
    expect(browser.cookies.has("session")).toBe(false);
    expect(await statusFor(app, token)).toBe(401);
  });

  it("check 5: a session past its idle or absolute limit is refused though its row is there", async () => {
    const idle = await app.signedIn(user);
    app.clock.advance(SESSION_IDLE_MS - 1);
    const busy = await app.signedIn(user);
    app.clock.advance(1);
    expect(await statusOf(idle)).toBe(401);
    for (let hour = 1; hour * HOUR < SESSION_ABSOLUTE_MS; hour++) {
      expect(await statusOf(busy)).toBe(200);
      app.clock.advance(HOUR);
    }
    expect(await statusOf(busy)).toBe(200);
    app.clock.advance(HOUR);
    expect(await statusOf(busy)).toBe(401);
    for (const browser of [idle, busy]) {
      const hash = hashToken(browser.cookies.get("session")!);
      expect(await getSession(app.store, hash)).not.toBe(null);
    }
  });

  it("check 6: the next request obeys a change of user, role, password and tenant", async () => {
    const { store, clock } = app;
    const agency = await app.createUser("agency_admin");
    const trigger = async (by = agency) => {
      const browser = await app.signedIn(by);
      return async () => {
        const answer = await browser.post("/api/sync/trigger?w=acme");
        await answer.body?.cancel();
        return answer.status;
      };
    };
    const asAgency = await trigger();
    expect(await asAgency()).toBe(202);
    await removeMembership(store, agency.id, "*");
    expect(await asAgency()).toBe(404);
    await setMembership(store, agency.id, acme.id, "tenant_admin", clock);
    expect(await asAgency()).toBe(403);

    const viewer = await app.signedIn(user);
    await setTenantStatus(store, acme.id, "inactive");
    expect(await statusOf(viewer, "/api/sync/status?w=acme")).toBe(404);
    await setTenantStatus(store, acme.id, "active");
    expect(await statusOf(viewer, "/api/sync/status?w=acme")).toBe(200);
    await updateUser(store, user.id, { passwordHash: "changed" }, clock);
    expect(await statusOf(viewer)).toBe(401);

    const other = await app.createUser("tenant_viewer", acme.id);
    const browser = await app.signedIn(other);
    expect(await statusOf(browser)).toBe(200);
    await updateUser(store, other.id, { status: "disabled" }, clock);
    expect(await statusOf(browser)).toBe(401);
  });

  it("check 7: one session or all of a user can be ended, and die at once", async () => {
    const browsers: TestBrowser[] = [];
    for (let n = 0; n < 3; n++) browsers.push(await app.signedIn(user));
    const hash = hashToken(browsers[0]!.cookies.get("session")!);
    await deleteSessionOfUser(app.store, user.id, sessionId(hash));
    const statuses = async () =>
      await Promise.all(browsers.map((browser) => statusOf(browser)));
    expect(await statuses()).toEqual([401, 200, 200]);
    expect(await listSessionsOfUser(app.store, user.id)).toHaveLength(2);
    await endSessionsOfUser(app.store, user.id);
    expect(await statuses()).toEqual([401, 401, 401]);
  });
});
