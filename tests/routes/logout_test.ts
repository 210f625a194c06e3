import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

describe("/logout", () => {
  let app: TestApp;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    const acme = await createTestBrand(app.store, "acme", app.clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });

  afterEach(() => app.close());

  it("ends the session for every copy of its cookie", async () => {
    const token = browser.cookies.get("session") ?? "";
    const answer = await browser.post("/logout");
    await expectRedirect(answer, "/login");
    expect(answer.headers.getSetCookie()).toEqual([
      "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
    ]);
    expect(browser.cookies.size).toBe(0);
    const replay = await app.fetch("/api/sync/status", {
      headers: { cookie: `session=${token}` },
    });
    expect(replay.status).toBe(401);
  });

  it("is content when nobody is signed in", async () => {
    await expectRedirect(await app.browser().post("/logout"), "/login");
  });

  it("does nothing for a GET, nor for another site's form", async () => {
    const got = await browser.get("/logout");
    expect(got.headers.get("allow")).toBe("POST, OPTIONS");
    await expectPage(got, 405);
    const foreign = await browser.fetch("/logout", {
      method: "POST",
      headers: {
        "sec-fetch-site": "cross-site",
        origin: "https://evil.example",
      },
    });
    await expectPage(foreign, 403);
    expect((await browser.get("/api/sync/status")).status).toBe(200);
  });
});
