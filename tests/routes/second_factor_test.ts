import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Secret, TOTP } from "otpauth";
import { PASSKEY_LIMIT, SET_UP_MS } from "../../lib/auth/mod.ts";
import {
  createPasskey,
  findPasskey,
  listAudit,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const PAGE = "/account/second-factor";
const BEGIN = { do: "begin", password: TEST_PASSWORD };

describe("The second factor's pages", () => {
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

  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) })
      .generate({ timestamp: app.clock.now() });
  const secretIn = (html: string) =>
    /data-secret[^>]*>([A-Z2-7 ]+)</.exec(html)![1]!.replaceAll(" ", "");
  const codesIn = (html: string) =>
    [...html.matchAll(/<li[^>]*>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</g)]
      .map(([, code]) => code!);

  /** Turns it on through the pages, as this browser's user. */
  async function turnOn(browser: TestBrowser) {
    const begun = await browser.post(PAGE, BEGIN);
    expect(begun.status).toBe(303);
    await begun.body?.cancel();
    const secret = secretIn(await expectPage(await browser.get(PAGE)));
    const html = await expectPage(
      await browser.post(PAGE, { do: "confirm", code: codeOf(secret) }),
    );
    app.clock.advance(60_000);
    return { secret, codes: codesIn(html) };
  }

  const begin = async (user: User, path = "/login") => {
    const other = app.browser();
    const next = new URLSearchParams(path.split("?")[1]).get("next");
    const form = { email: user.email, password: TEST_PASSWORD };
    await expectRedirect(
      await other.post("/login", { ...form, ...next ? { next } : {} }),
      "/login/second-factor",
    );
    return other;
  };
  const status = async (browser: TestBrowser, path = "/api/sync/status") => {
    const answer = await browser.get(path);
    await answer.body?.cancel();
    return answer.status;
  };
  const actions = async () => {
    const { rows } = await listAudit(app.store, { limit: 50 });
    return rows.map(({ action }) => action);
  };

  it("shows the secret as a code to scan and as text, and ten recovery codes once", async () => {
    await browser.post(PAGE, BEGIN);
    const setup = await expectPage(await browser.get(PAGE));
    expect(setup).toContain("<svg");
    expect(setup).not.toContain("style=");
    const wrong = await browser.post(PAGE, { do: "confirm", code: "000000" });
    await expectPage(wrong, 422);
    const { codes } = await turnOn(browser);
    expect(codes.length).toBe(10);
    const later = await expectPage(await browser.get(PAGE));
    expect(codesIn(later)).toEqual([]);
    expect(later).toContain("10 recovery codes are left");
    expect(later).not.toContain("data-secret");
  });

  it("gives no session for the password alone, and leads on where the sign-in should", async () => {
    const { secret } = await turnOn(browser);
    const other = await begin(user, "/login?next=/leads");
    expect(other.cookies.has("session")).toBe(false);
    expect(await status(other)).toBe(401);
    await expectPage(await other.get("/login/second-factor"));
    const wrong = await other.post("/login/second-factor", { code: "000000" });
    await expectPage(wrong, 422);
    const code = codeOf(secret);
    const right = await other.post("/login/second-factor", { code });
    await expectRedirect(right, "/leads");
    expect(other.cookies.has("sign_in")).toBe(false);
    expect(await status(other)).toBe(200);
    const again = await (await begin(user)).post("/login/second-factor", {
      code,
    });
    await expectPage(again, 422);
    const seen = await actions();
    expect(seen).toContain("second_factor.enabled");
    expect(seen).toContain("second_factor.failed");
    expect(seen).toContain("session.started");
  });

  it("ties the second step to the browser that began it", async () => {
    const { secret } = await turnOn(browser);
    await begin(user);
    const stranger = app.browser();
    const answer = await stranger.post("/login/second-factor", {
      code: codeOf(secret),
    });
    await expectRedirect(answer, "/login?failed=step");
    const html = await expectPage(await stranger.get("/login?failed=step"));
    expect(html).toContain("took too long");
  });

  it("takes a recovery code, and says how many are left", async () => {
    const { codes } = await turnOn(browser);
    const other = await begin(user);
    const answer = await other.post("/login/second-factor", {
      code: codes[0]!,
    });
    await expectRedirect(answer, "/dashboard");
    const account = await expectPage(await other.get("/account"));
    expect(account).toContain("9 recovery codes are left");
    expect(await actions()).toContain("recovery_code.used");
  });

  it("answers 429 after too many codes", async () => {
    await turnOn(browser);
    const other = await begin(user);
    let last = 0;
    for (let at = 0; at < 6; at++) {
      const answer = await other.post("/login/second-factor", { code: "1" });
      last = answer.status;
      await answer.body?.cancel();
    }
    expect(last).toBe(429);
  });

  it("is set up for the password, and not without it", async () => {
    for (const password of ["wrong", ""]) {
      const refused = await browser.post(PAGE, { do: "begin", password });
      const html = await expectPage(refused, 422);
      expect(html).toContain("The password is not right");
      expect(await expectPage(await browser.get(PAGE)))
        .not.toContain("data-secret");
    }
  });

  it("is set up by one session alone, and within half an hour", async () => {
    const other = await app.signedIn(user);
    await (await browser.post(PAGE, BEGIN)).body?.cancel();
    const secret = secretIn(await expectPage(await browser.get(PAGE)));
    const confirm = () => ({ do: "confirm", code: codeOf(secret) });
    const theirs = await expectPage(await other.get(PAGE));
    expect(theirs).not.toContain("data-secret");
    await expectPage(await other.post(PAGE, confirm()), 422);
    app.clock.advance(SET_UP_MS);
    await expectPage(await browser.post(PAGE, confirm()), 422);
    expect(await expectPage(await browser.get(PAGE)))
      .not.toContain("data-secret");
    expect(await actions()).not.toContain("second_factor.enabled");
  });

  it("gives new recovery codes for the password, and not without it", async () => {
    const { codes } = await turnOn(browser);
    const wrong = await browser.post(PAGE, { do: "codes", password: "wrong" });
    expect(codesIn(await expectPage(wrong, 422))).toEqual([]);
    const right = { do: "codes", password: TEST_PASSWORD };
    const fresh = codesIn(await expectPage(await browser.post(PAGE, right)));
    expect(fresh).toHaveLength(10);
    expect(fresh.some((code) => codes.includes(code))).toBe(false);
  });

  it("is turned off for the password, and not without it", async () => {
    await turnOn(browser);
    const wrong = await browser.post(PAGE, { do: "off", password: "wrong" });
    await expectPage(wrong, 422);
    const off = await browser.post(PAGE, {
      do: "off",
      password: TEST_PASSWORD,
    });
    await expectRedirect(off, "/account?w=acme&done=second-factor-off");
    expect(await status(browser)).toBe(200);
    expect(await actions()).toContain("second_factor.disabled");
  });

  describe("demanded of every admin", () => {
    let agency: User;
    let admin: TestBrowser;
    beforeEach(async () => {
      agency = await app.createUser("agency_admin");
      admin = await app.signedIn(agency);
    });
    const demand = (needed = "yes") =>
      admin.post("/admin/security", { needed });

    it("cannot be, by somebody who has none", async () => {
      const html = await expectPage(await demand(), 422);
      expect(html).toContain("turn on your own first");
    });

    it("is for the agency alone to set", async () => {
      const brand = await app.createUser("tenant_admin", acme.id);
      const theirs = await app.signedIn(brand);
      const answer = await theirs.post("/admin/security", { needed: "yes" });
      expect(answer.status).toBe(403);
      await answer.body?.cancel();
    });

    it("leads admins without one to its page and to no other, and leaves viewers alone", async () => {
      await turnOn(admin);
      await expectRedirect(await demand(), "/admin/security?done=save");
      expect(await actions()).toContain("settings.changed");
      for (const role of ["tenant_admin", "agency_admin"] as const) {
        const scopes = role === "agency_admin" ? [] : [acme.id];
        const theirs = await app.signedIn(
          await app.createUser(role, ...scopes),
        );
        for (
          const path of ["/dashboard?w=acme", "/account", "/admin/tenants"]
        ) {
          await expectRedirect(await theirs.get(path), PAGE);
        }
        expect(await status(theirs, "/api/sync/status?w=acme")).toBe(403);
        await expectRedirect(
          await theirs.post("/account/password", { current: TEST_PASSWORD }),
          PAGE,
        );
        expect(await expectPage(await theirs.get(PAGE)))
          .toContain("Every admin must have");
        await turnOn(theirs);
        expect(await status(theirs, "/api/sync/status?w=acme")).toBe(200);
        const off = { do: "off", password: TEST_PASSWORD };
        await expectPage(await theirs.post(PAGE, off), 422);
      }
      expect(await status(browser)).toBe(200);
      await expectRedirect(await demand("no"), "/admin/security?done=save");
    });
  });

  describe("passkeys", () => {
    it("are offered where the portal's address is known, and nowhere else", async () => {
      expect(await expectPage(await app.browser().get("/login")))
        .toContain("Sign in with a passkey");
      const unknown = await createTestApp({
        origin: "http://portal.example.com",
      });
      try {
        const elsewhere = unknown.browser();
        expect(await expectPage(await elsewhere.get("/login")))
          .not.toContain("Sign in with a passkey");
        const answer = await elsewhere.post("/login/passkey-options");
        expect(answer.status).toBe(404);
        await answer.body?.cancel();
      } finally {
        unknown.close();
      }
    });

    it("are made by whoever knows the password", async () => {
      const path = "/account/passkeys/options";
      const wrong = await browser.post(path, { password: "wrong" });
      expect(wrong.status).toBe(422);
      expect(await wrong.json()).toEqual({
        problem: "The password is not right.",
      });
      const right = await browser.post(path, { password: TEST_PASSWORD });
      expect(right.status).toBe(200);
      const { user: named } = await right.json();
      expect(named.name).toBe(user.email);
      const answer = await browser.post("/account/passkeys", {
        do: "add",
        name: "Laptop",
        response: "{}",
      });
      await expectPage(answer, 422);
    });

    it("are removed by whoever knows the password, their own alone", async () => {
      const path = "/account/passkeys";
      const keep = (id: string, userId: string) =>
        createPasskey(app.store, {
          ...{ id, userId, name: `The ${id}`, counter: 0, transports: [] },
          publicKey: new Uint8Array([1]),
          createdAt: "2026-03-04T12:00:00.000Z",
          lastUsedAt: null,
        });
      await keep("mine", user.id);
      await keep("theirs", "another");
      const remove = (id: string, password?: string) =>
        browser.post(path, {
          ...{ do: "remove", id },
          ...password === undefined ? {} : { password },
        });
      for (const password of [undefined, "", "wrong"]) {
        const html = await expectPage(await remove("mine", password), 422);
        expect(html).toContain("The password is not right.");
        expect(html).toMatch(/<details[^>]* open/);
        expect(await findPasskey(app.store, "mine")).not.toBe(null);
      }
      await expectPage(await remove("theirs", TEST_PASSWORD), 404);
      expect(await findPasskey(app.store, "theirs")).not.toBe(null);
      await expectRedirect(
        await remove("mine", TEST_PASSWORD),
        `${path}?w=acme&done=remove`,
      );
      expect(await findPasskey(app.store, "mine")).toBe(null);
      expect(await actions()).toContain("passkey.removed");
    });

    it("are removed by nobody who tries passwords out", async () => {
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) {
        const answer = await browser.post("/account/passkeys", {
          ...{ do: "remove", id: "none", password: "wrong" },
        });
        statuses.push(answer.status);
        if (answer.status === 429) {
          expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
        }
        await answer.body?.cancel();
      }
      expect(statuses[0]).toBe(422);
      expect(statuses.at(-1)).toBe(429);
    });

    it("are asked for so often from one address, and no oftener", async () => {
      for (let at = 0; at < PASSKEY_LIMIT.attempts; at++) {
        const answer = await app.browser().post("/login/passkey-options");
        expect(answer.status).toBe(200);
        await answer.body?.cancel();
      }
      const answer = await app.browser().post("/login/passkey-options");
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(answer.headers.has("set-cookie")).toBe(false);
      await answer.body?.cancel();
    });

    it("sign nobody in by a signature that is none", async () => {
      const other = app.browser();
      await (await other.post("/login/passkey-options")).body?.cancel();
      const answer = await other.post("/login/passkey", { response: "{}" });
      await expectRedirect(answer, "/login?failed=passkey");
      expect(other.cookies.has("session")).toBe(false);
    });
  });
});
