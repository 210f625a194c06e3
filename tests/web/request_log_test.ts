import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTestApp, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";

describe("the line that a request leaves in the log", () => {
  let app: TestApp;
  let lines: { message: string; properties: Record<string, unknown> }[];

  beforeEach(async () => {
    lines = [];
    const info = (message: string, properties: Record<string, unknown>) => {
      lines.push({ message, properties });
    };
    app = await createTestApp({ services: { requestLog: { info } } });
  });
  afterEach(() => app.close());

  it("is one, with the route as its pattern, the status, the time and the tenant", async () => {
    const tenant = await createTestBrand(app.store, "acme", app.clock);
    const browser = await app.signedIn(
      await app.createUser("tenant_viewer", tenant.id),
    );
    const answer = await browser.get("/leads/acme-l1?w=acme&from=secret");
    await answer.body?.cancel();
    expect(lines).toEqual([{
      message: "{method} {route} answered {status} in {ms} ms",
      properties: {
        requestId: answer.headers.get("x-request-id"),
        method: "GET",
        route: "/leads/:id",
        status: 200,
        ms: expect.any(Number),
        tenant: "acme",
        tenantId: tenant.id,
      },
    }]);
  });

  it("names the address only where no route knows it, without what opens something", async () => {
    for (const path of ["/nowhere?token=secret", "/invite/abc/def", "/login"]) {
      await (await app.fetch(path)).body?.cancel();
    }
    expect(
      lines.map((
        { properties: { route, path, status } },
      ) => [route, path, status]),
    ).toEqual([
      [null, "/nowhere", 404],
      [null, "/invite/[token]", 404],
      ["/login", undefined, 200],
    ]);
  });

  it("is left by what is refused, too", async () => {
    await (await app.fetch("/api/reports")).body?.cancel();
    const patch = {
      method: "PATCH",
      headers: { origin: "http://localhost:8000" },
    };
    await (await app.fetch("/api/health", patch)).body?.cancel();
    await (await app.fetch("/login", {
      method: "POST",
      headers: { origin: "https://evil.example" },
    })).body?.cancel();
    expect(
      lines.map((
        { properties: { method, route, status } },
      ) => [method, route, status]),
    ).toEqual([
      ["GET", "/api/reports", 401],
      ["PATCH", "/api/health", 405],
      ["POST", "/login", 403],
    ]);
  });
});
