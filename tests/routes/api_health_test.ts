import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTestApp } from "../_app.ts";
import { expectJson } from "./_assert.ts";

describe("GET /api/health", () => {
  it("answers without a session and without data", async () => {
    const app = await createTestApp();
    const body = await expectJson(await app.fetch("/api/health"));
    expect(body).toEqual({ ok: true, version: "0.0.0-test", kv: true });
    app.close();
  });

  it("is 503 when the database does not answer, signed in or not", async () => {
    const app = await createTestApp();
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    app.close();
    for (
      const answer of [
        await app.fetch("/api/health"),
        await browser.get("/api/health"),
      ]
    ) {
      const body = await expectJson(answer, 503);
      expect(body).toEqual({ ok: false, version: "0.0.0-test", kv: false });
    }
  });
});
