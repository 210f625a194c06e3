import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { PASSWORD_CHECK_LIMIT } from "../../lib/auth/mod.ts";
import type { Tenant, User } from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const NEXT = "another horse, no battery";
const CHANGE = { current: TEST_PASSWORD, next: NEXT, again: NEXT };
const FIREFOX = {
  "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0",
};

describe("/account", () => {
  let app: TestApp;
  let acme: Tenant;
  let user: User;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(user);
  });

  afterEach(() => app.close());

  /** A browser in which the user has signed in by the form. */
  async function signIn(
    password = TEST_PASSWORD,
    headers: HeadersInit = {},
  ): Promise<TestBrowser> {
    const other = app.browser();
    const form = { email: user.email, password };
    const answer = await other.post("/login", form, headers);
    await expectRedirect(answer, "/dashboard");
    return other;
  }

  const isSignedIn = async (browser: TestBrowser) => {
    const answer = await browser.get("/api/sync/status");
    await answer.body?.cancel();
    return answer.status === 200;
  };
  const account = async (path = "/account") =>
    await expectPage(await browser.get(path));
  /** Ids of the sessions that the page can end. */
  const idsIn = (html: string) =>
    [...html.matchAll(/name="session" value="([0-9a-f]+)"/g)]
      .map(([, id]) => id!);

  it("asks who it is first", async () => {
    const stranger = app.browser();
    await expectRedirect(
      await stranger.get("/account?w=acme"),
      "/login?next=%2Faccount%3Fw%3Dacme",
    );
    for (const path of ["/account/password", "/account/sessions"]) {
      await expectRedirect(await stranger.post(path, CHANGE), "/login");
    }
  });

  it("shows name, address and the sessions, the own one marked", async () => {
    await signIn(TEST_PASSWORD, FIREFOX);
    const html = await account("/account?w=acme");
    expect(html).toContain(user.name);
    expect(html).toContain(user.email);
    expect(html).toContain("Firefox on Windows");
    expect(html).toContain("Unknown browser");
    expect(html.match(/This one/g)).toHaveLength(1);
    expect(idsIn(html)).toHaveLength(1);
    expect(html).toContain('href="/dashboard?w=acme"');
    expect(html).toContain('href="/account/password?w=acme"');
  });

  it("shows no token, no hash and no network address", async () => {
    const other = await signIn();
    const html = await account();
    for (const each of [browser, other]) {
      expect(html).not.toContain(each.cookies.get("session"));
    }
    expect(html).not.toMatch(/[0-9a-f]{64}|scrypt|127\.0\.0\.1/);
  });

  it("opens for a user without any workspace too", async () => {
    const lonely = await app.signedIn(await app.createUser("tenant_viewer"));
    const html = await expectPage(await lonely.get("/account"));
    expect(html).toContain('href="/select-workspace"');
    expect(html).toContain('href="/account/password"');
  });

  it("is not there in somebody else's workspace, nor in one that nobody has", async () => {
    await createTestBrand(app.store, "rival", app.clock);
    const bodies: string[] = [];
    for (const w of ["rival", "nowhere"]) {
      const answer = await browser.get(`/account?w=${w}`);
      bodies.push(
        (await expectPage(answer, 404)).replaceAll(/\b[0-9A-Z]{26}\b/g, ""),
      );
    }
    expect(bodies[0]).toBe(bodies[1]);
  });

  it("says only notices of its own", async () => {
    expect(await account("/account?done=others")).toContain("everywhere else.");
    for (const done of ["constructor", "<b>hello</b>"]) {
      const html = await account(`/account?done=${encodeURIComponent(done)}`);
      expect(html).not.toContain('role="status"');
    }
  });

  describe("/account/password", () => {
    const change = (form: Partial<typeof CHANGE> = {}) =>
      browser.post("/account/password?w=acme", { ...CHANGE, ...form });

    it("shows a form that posts to its own path", async () => {
      const html = await account("/account/password?w=acme");
      expect(html).toContain(
        '<form method="post" action="/account/password?w=acme"',
      );
      expect(html.match(/type="password"/g)).toHaveLength(3);
      expect(html).toContain("12 to 128");
    });

    it("changes the password: a new token here, no session elsewhere", async () => {
      const other = await signIn();
      const before = browser.cookies.get("session");
      const answer = await change();
      await expectRedirect(answer, "/account?w=acme&done=password");
      expect(browser.cookies.get("session")).not.toBe(before);
      expect(browser.cookies.get("device")).toMatch(/^[\w-]{43}$/);
      expect(await account("/account?w=acme&done=password"))
        .toContain("The password is changed.");
      expect(await isSignedIn(other)).toBe(false);
      await signIn(NEXT);
    });

    it("says what is wrong and shows nothing that was typed", async () => {
      const wrong: [Partial<typeof CHANGE>, string][] = [
        [{ current: "not this one" }, "The current password is not right."],
        [{ next: "short", again: "short" }, "too short"],
        [{ again: "another horse" }, "not typed the same way twice"],
        [{ next: "password1234", again: "password1234" }, "many people use"],
        [{ next: user.email, again: user.email }, "contains the e-mail"],
        [{ next: "", again: "" }, "too short"],
      ];
      for (const [form, sentence] of wrong) {
        const answer = await change(form);
        expect(answer.headers.getSetCookie()).toEqual([]);
        const html = await expectPage(answer, 422);
        expect(html).toContain('role="alert"');
        expect(html).toContain(sentence);
        const typed = [TEST_PASSWORD, NEXT, ...Object.values(form)]
          .filter((text) => text !== "" && text !== user.email);
        for (const text of typed) expect(html).not.toContain(`"${text}"`);
      }
      await signIn();
    });

    it("stops guessing of the current password", async () => {
      for (let n = 0; n < PASSWORD_CHECK_LIMIT.attempts; n++) {
        await expectPage(await change({ current: `guess ${n}` }), 422);
      }
      const answer = await change();
      expect(answer.headers.get("retry-after")).toBe("30");
      expect(await expectPage(answer, 429)).toContain("Too many attempts");
    });

    it("logs the change without a password", async () => {
      await (await change()).body?.cancel();
      const text = JSON.stringify(app.log.entries);
      expect(text).toContain("Password changed");
      for (const secret of [TEST_PASSWORD, NEXT]) {
        expect(text).not.toContain(secret);
      }
    });
  });

  describe("/account/sessions", () => {
    const end = (session: string, by = browser) =>
      by.post("/account/sessions", { session });

    it("ends one session and leaves the others", async () => {
      const other = await signIn();
      const [id] = idsIn(await account());
      const third = await signIn();
      await expectRedirect(await end(id!), "/account?w=acme&done=session");
      expect(await isSignedIn(other)).toBe(false);
      expect(await isSignedIn(third)).toBe(true);
      expect(await isSignedIn(browser)).toBe(true);
    });

    it("ends all others and gives this one a new token", async () => {
      const others = [await signIn(), await signIn()];
      const before = browser.cookies.get("session");
      await expectRedirect(await end("others"), "/account?w=acme&done=others");
      for (const other of others) expect(await isSignedIn(other)).toBe(false);
      expect(await isSignedIn(browser)).toBe(true);
      expect(browser.cookies.get("session")).not.toBe(before);
      expect(idsIn(await account())).toEqual([]);
    });

    it("does not find another user's session, nor one that nobody has", async () => {
      const stranger = await app.signedIn(
        await app.createUser("tenant_viewer", acme.id),
      );
      await signIn();
      const [mine] = idsIn(await account());
      for (const id of [mine!, "0".repeat(16), "", "__proto__"]) {
        await expectPage(await end(id, stranger), 404);
      }
      expect(idsIn(await account())).toEqual([mine]);
    });

    it("changes nothing by GET", async () => {
      const other = await signIn();
      const [id] = idsIn(await account());
      for (const session of [id, "others"]) {
        const answer = await browser.get(
          `/account/sessions?session=${session}`,
        );
        await expectPage(answer, 405);
      }
      expect(await isSignedIn(other)).toBe(true);
    });
  });
});
