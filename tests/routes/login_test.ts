import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { SIGN_IN_LIMITS } from "../../lib/auth/mod.ts";
import { listAudit, updateUser, type User } from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const FAILED = "Sign-in failed. Check the e-mail address and password.";

describe("/login", () => {
  let app: TestApp;
  let user: User;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    const acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
    browser = app.browser();
  });

  afterEach(() => app.close());

  const signIn = (form: Record<string, string> = {}) =>
    browser.post("/login", {
      email: user.email,
      password: TEST_PASSWORD,
      ...form,
    });

  it("shows a form that works without JavaScript", async () => {
    const html = await expectPage(await browser.get("/login?next=/leads"));
    expect(html).toContain("<h1");
    expect(html).toMatch(/<form method="post" action="\/login"/);
    expect(html).toMatch(/name="email"/);
    expect(html).toMatch(/type="password"/);
    expect(html).toMatch(/name="next" value="\/leads"/);
    expect(html).not.toContain(FAILED);
  });

  it("writes down a sign-in that fails, for an account that there is and one that there is not", async () => {
    const strangers = "nobody@example.com";
    for (const email of [user.email.toUpperCase(), strangers, "no address"]) {
      await expectPage(await signIn({ email, password: "a wrong one" }), 422);
    }
    const { rows } = await listAudit(app.store, { limit: 10 });
    expect(rows.map(({ action, outcome, target, detail, actor }) => ({
      ...{ action, outcome, target, detail, actor: actor.kind },
    }))).toEqual(
      [null, strangers, user.email].map((target) => ({
        action: "session.refused",
        outcome: "failed",
        target,
        detail: { reason: "credentials", address: "127.0.0.1" },
        actor: "nobody",
      })),
    );
    expect(JSON.stringify(rows)).not.toContain("a wrong one");
  });

  it("writes down a few of many sign-ins that fail from one address", async () => {
    const tries = 700;
    for (let n = 0; n < tries; n++) {
      const email = `${n}@example.com`;
      const answer = await signIn({ email, password: "a wrong one" });
      await answer.body?.cancel();
    }
    const { rows } = await listAudit(app.store, { limit: tries });
    expect(rows.length).toBeGreaterThan(299);
    expect(rows.length).toBeLessThan(305);
    expect(rows[0]!.detail).toMatchObject({ reason: "throttled" });
  });

  it("signs in, sets the cookies and goes to the dashboard", async () => {
    const answer = await signIn();
    await expectRedirect(answer, "/dashboard");
    const [cookie, device, ...others] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=86400$/,
    );
    expect(device).toMatch(
      /^device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=15552000$/,
    );
    expect(others).toEqual([]);
    expect((await browser.get("/api/sync/status")).status).toBe(200);
  });

  it("sets a __Host- cookie that is secure on HTTPS", async () => {
    const secure = await createTestApp({
      store: app.store,
      clock: app.clock,
      origin: "https://portal.example.com",
    });
    const answer = await secure.browser().post("/login", {
      email: user.email,
      password: TEST_PASSWORD,
    });
    await expectRedirect(answer, "/dashboard");
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure$/,
    );
  });

  it("goes to the page that was asked for", async () => {
    await expectRedirect(
      await signIn({ next: "/notes?search=fdd&w=acme" }),
      "/notes?search=fdd&w=acme",
    );
  });

  it("never leads to another site", async () => {
    const targets = [
      "//evil.example/",
      "https://evil.example/",
      "/\\evil.example/",
      "/.//evil.example/",
      "javascript:alert(1)",
    ];
    for (const next of targets) {
      await expectRedirect(await signIn({ next }), "/dashboard");
      const query = `/login?next=${encodeURIComponent(next)}`;
      await expectRedirect(await browser.get(query), "/dashboard");
      const html = await expectPage(await app.browser().get(query));
      expect(html).not.toContain("evil.example");
    }
  });

  it("answers unknown addresses and wrong passwords alike and keeps the address", async () => {
    const wrong = await signIn({ password: "a wrong password" });
    const unknown = await signIn({ email: "nobody@example.com" });
    const bodies: string[] = [];
    for (const answer of [wrong, unknown]) {
      const html = await expectPage(answer, 422);
      expect(html).toContain(FAILED);
      expect(answer.headers.getSetCookie()).toEqual([]);
      // Only the nonce differs, as it does from page to page.
      bodies.push(html.replaceAll(/nonce="[^"]+"/g, ""));
    }
    expect(bodies[0]).toContain(`value="${user.email}"`);
    expect(bodies[1]?.replace("nobody@example.com", user.email))
      .toBe(bodies[0]);
    expect(bodies.join()).not.toContain("a wrong password");
  });

  it("answers an empty form like a wrong one", async () => {
    const html = await expectPage(await browser.post("/login"), 422);
    expect(html).toContain(FAILED);
  });

  it("takes a multipart form too", async () => {
    const body = new FormData();
    body.set("email", user.email);
    body.set("password", TEST_PASSWORD);
    const answer = await browser.fetch("/login", {
      method: "POST",
      body,
      headers: { "sec-fetch-site": "same-origin" },
    });
    await expectRedirect(answer, "/dashboard");
  });

  it("refuses what is not a form, and one that is too large", async () => {
    const headers = { "sec-fetch-site": "same-origin" };
    const json = await browser.fetch("/login", {
      method: "POST",
      body: '{"email":"x"}',
      headers: { ...headers, "content-type": "application/json" },
    });
    await expectPage(json, 400);
    const large = await browser.post("/login", { email: "x".repeat(70_000) });
    await expectPage(large, 413);
  });

  it("gives a new token and ends the session that the browser had", async () => {
    await (await signIn()).body?.cancel();
    const before = browser.cookies.get("session") ?? "";
    await (await signIn()).body?.cancel();
    expect(browser.cookies.get("session")).not.toBe(before);
    const old = { cookie: `session=${before}` };
    const replay = await app.fetch("/api/sync/status", { headers: old });
    expect(replay.status).toBe(401);
  });

  it("never adopts a token that somebody planted", async () => {
    const planted = "A".repeat(43);
    browser.cookies.set("session", planted);
    await (await signIn()).body?.cancel();
    expect(browser.cookies.get("session")).not.toBe(planted);
  });

  it("says so when there were too many attempts, whoever asks", async () => {
    for (const email of [user.email, "nobody@example.com"]) {
      for (let n = 0; n < SIGN_IN_LIMITS.account.attempts; n++) {
        await expectPage(await signIn({ email, password: "wrong" }), 422);
      }
      const answer = await signIn({ email });
      expect(answer.headers.get("retry-after")).toBe("30");
      const html = await expectPage(answer, 429);
      expect(html).toContain("Too many sign-ins");
    }
  });

  it("sends whoever is signed in on their way", async () => {
    await (await signIn()).body?.cancel();
    await expectRedirect(await browser.get("/login"), "/dashboard");
    await expectRedirect(await browser.get("/login?next=/leads"), "/leads");
  });

  it("refuses a disabled user", async () => {
    await updateUser(app.store, user.id, { status: "disabled" }, app.clock);
    expect(await expectPage(await signIn(), 422)).toContain(FAILED);
  });

  it("logs successes and failures without a secret", async () => {
    await (await signIn({ password: "a wrong password" })).body?.cancel();
    await (await signIn()).body?.cancel();
    expect(app.log.entries.map(({ level, message }) => [level, message]))
      .toEqual([["warn", "Sign-in failed"], ["info", "Signed in"]]);
    const text = JSON.stringify(app.log.entries);
    expect(text).not.toContain(browser.cookies.get("device"));
    for (const secret of ["a wrong password", TEST_PASSWORD]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain(browser.cookies.get("session"));
  });
});
