import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { ApiScope } from "../../lib/domain/mod.ts";
import {
  disableUser,
  type KvOperation,
  listAudit,
  openStore,
  purgeTenant,
  removeMembership,
  revokeApiToken,
  setMembership,
  setTenantStatus,
  type Store,
  type Tenant,
  updateTenant,
  type User,
} from "../../lib/store/mod.ts";
import {
  ALL_SCOPES,
  bearer,
  makeToken,
  type TestTokenOptions,
} from "../_api_token.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { HOUR, MINUTE, SECOND, TestClock } from "../_clock.ts";
import { createTestBrand } from "../_data.ts";
import { expectJson, expectProblem } from "../routes/_assert.ts";
import { DOORS } from "./_matrix.ts";

/** The scope that each endpoint asks for, said here once more: the table of the app could be wrong. */
const ENDPOINTS: Record<string, ApiScope> = {
  "/api/dashboard/leads": "leads",
  "/api/dashboard/pipeline": "pipeline",
  "/api/dashboard/hot-list": "hot-list",
  "/api/dashboard/notes": "notes",
  "/api/dashboard/notes/acme-n1": "notes",
  "/api/dashboard/schedule": "schedule",
  "/api/reports": "reports",
  "/api/sync/status": "status",
};
const PATHS = Object.keys(ENDPOINTS);
const DAY = 24 * HOUR;

describe("API tokens", () => {
  let app: TestApp;
  let store: Store;
  let clock: TestClock;
  let acme: Tenant;
  let bravo: Tenant;
  let admin: User;
  const operations: KvOperation[] = [];

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => void operations.push(operation),
    });
    app = await createTestApp({ store, clock });
    acme = await createTestBrand(store, "acme", clock);
    bravo = await createTestBrand(store, "bravo", clock);
    admin = await app.createUser("tenant_admin", acme.id);
  });

  afterEach(() => store.close());

  const make = (options: TestTokenOptions = {}, by = admin, at = acme.id) =>
    makeToken(app, by, at, options);
  const ask = (path: string, token: string, init: RequestInit = {}) =>
    app.fetch(path, {
      ...init,
      headers: {
        ...bearer(token),
        ...Object.fromEntries(new Headers(init.headers)),
      },
    });
  /** The refusals in the audit log: why, and by whom. */
  const refusals = async () =>
    (await listAudit(store, { limit: 100, action: "api_token.refused" })).rows
      .map(({ actor, detail, tenantId }) => [
        detail.reason,
        actor.id,
        tenantId,
      ]);

  async function expectRefused(
    answer: Response,
    status: number,
    error?: string,
  ): Promise<Record<string, unknown>> {
    const told = answer.headers.get("www-authenticate");
    const problem = await expectProblem(answer, status);
    if (error) expect(told).toContain(`error="${error}"`);
    return problem;
  }

  it("opens every endpoint of its own tenant, with the tenant in the address or without", async () => {
    const { token } = await make();
    for (const path of PATHS) {
      for (const query of ["", "?w=acme"]) {
        const text = JSON.stringify(
          await expectJson(await ask(path + query, token)),
        );
        expect(text).not.toContain("bravo");
      }
    }
    const notes = await expectJson(await ask("/api/dashboard/notes", token));
    expect(JSON.stringify(notes)).toContain("acme-n1");
  });

  it("opens no other tenant: what the address names besides is 404", async () => {
    const { token } = await make();
    const others = [
      "w=bravo",
      "w=",
      "w=nowhere",
      `w=${bravo.id}`,
      `w=${acme.id}`,
      "w=acme&w=bravo",
      "w=acme&w=acme",
    ];
    for (const path of PATHS) {
      for (const query of others) {
        await expectRefused(await ask(`${path}?${query}`, token), 404);
      }
      clock.advance(MINUTE);
    }
    const foreign = await ask("/api/dashboard/notes/bravo-n1", token);
    await expectRefused(foreign, 404);
  });

  it("opens no other tenant for an agency admin's token, whose maker could", async () => {
    const agency = await app.createUser("agency_admin");
    const { token } = await make({}, agency);
    await expectJson(await ask("/api/reports", token));
    await expectRefused(await ask("/api/reports?w=bravo", token), 404);
  });

  it("touches nothing below another tenant's prefix, whatever is asked", async () => {
    const { token } = await make();
    operations.length = 0;
    for (const path of PATHS) {
      for (const query of ["", "?w=acme", "?w=bravo", "?cursor=x"]) {
        await (await ask(path + query, token)).body?.cancel();
      }
    }
    const prefixes = operations.flatMap(({ keys }) => keys)
      .filter(([first]) => first === "t").map(([, tenant]) => tenant);
    expect(new Set(prefixes)).toEqual(new Set([acme.id]));
  });

  it("opens the endpoints of its scopes, and no other", async () => {
    for (const scope of ALL_SCOPES) {
      const { token } = await make({ scopes: [scope] });
      for (const [path, wanted] of Object.entries(ENDPOINTS)) {
        const answer = await ask(path, token);
        if (wanted === scope) await expectJson(answer);
        else {
          const told = answer.headers.get("www-authenticate");
          await expectRefused(answer, 403, "insufficient_scope");
          expect(told).toContain(`scope="${wanted}"`);
        }
      }
    }
  });

  it("every JSON endpoint of a workspace is one that a token reads, or none that it opens at all", async () => {
    const { token } = await make();
    const routes = Object.keys(DOORS).filter((route) =>
      DOORS[route] === "json"
    );
    const read = PATHS.map((path) => path.replace("acme-n1", ":id"));
    expect(routes.sort()).toEqual([...read, "/api/sync/trigger"].sort());
    for (const path of ["/api/sync/trigger", "/api/sync/events"]) {
      await expectRefused(await ask(path, token), 403);
    }
  });

  it("changes nothing, whatever the verb and wherever the request comes from", async () => {
    const agency = await app.createUser("agency_admin");
    const { token } = await make({}, agency);
    const paths = [
      "/api/sync/trigger",
      ...PATHS,
      "/people",
      "/people/tokens?w=acme",
      "/logout",
      "/login",
      "/admin/tenants/acme/tokens",
    ];
    for (const path of paths) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const answer = await ask(path, token, {
          method,
          headers: {
            origin: "http://localhost:8000",
            "sec-fetch-site": "same-origin",
          },
        });
        expect([path, method, answer.status]).toEqual([path, method, 403]);
        await answer.body?.cancel();
        clock.advance(SECOND);
      }
    }
    expect(app.syncRequests).toEqual([]);
  });

  it("opens no page, and a cookie beside a token is not looked at", async () => {
    const { token } = await make();
    const browser = await app.signedIn(admin);
    const pages = Object.entries(DOORS)
      .filter(([path, door]) =>
        door !== "open" && !path.startsWith("/api/") && !path.includes(":")
      )
      .map(([path]) => path);
    expect(pages.length).toBeGreaterThan(20);
    for (const path of pages) {
      const answer = await browser.get(`${path}?w=acme`, bearer(token));
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toMatch(/^\/login/);
      await answer.body?.cancel();
    }
  });

  it("with a session's cookie beside it the token alone counts: its tenant, its scopes, its end", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const { token, id } = await make({ scopes: ["reports"] });
    const get = (path: string) => agency.get(path, bearer(token));
    await expectJson(await get("/api/reports"));
    await expectRefused(await get("/api/reports?w=bravo"), 404);
    await expectRefused(await get("/api/dashboard/notes"), 403);
    await revokeApiToken(store, acme.id, id, clock);
    await expectRefused(await get("/api/reports"), 401);
    for (const nothing of ["Bearer", "Bearer ", "bearer\tx", "BEARER x"]) {
      const answer = await agency.get("/api/reports?w=acme", {
        authorization: nothing,
      });
      await expectRefused(answer, 401, "invalid_token");
    }
    const basic = { authorization: "Basic eDp5" };
    await expectJson(await agency.get("/api/reports?w=acme", basic));
  });

  it("a session is no token, and a token no session", async () => {
    const browser = await app.signedIn(admin);
    const session = browser.cookies.get("session")!;
    await expectRefused(await ask("/api/reports", session), 401);
    const { token } = await make();
    for (const cookie of [token, token.slice(3)]) {
      const answer = await app.fetch("/api/reports?w=acme", {
        headers: { cookie: `session=${cookie}` },
      });
      await expectRefused(answer, 401);
    }
    const inAddress = [`?token=${token}`, `?access_token=${token}`];
    for (const query of inAddress) {
      await expectRefused(await app.fetch(`/api/reports${query}`), 401);
    }
  });

  it("malformed, unknown, expired and revoked ones are 401 and say how to authenticate", async () => {
    const { token, id } = await make();
    const flipped = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
    const wrong = [
      "x",
      "",
      token.slice(0, -1),
      flipped,
      `${token}x`,
      `${token}, ${bearer(token).authorization}`,
      token.toUpperCase(),
    ];
    for (const text of wrong) {
      await expectRefused(
        await ask("/api/reports", text),
        401,
        "invalid_token",
      );
    }
    await revokeApiToken(store, acme.id, id, clock);
    await expectRefused(await ask("/api/reports", token), 401, "invalid_token");
    const other = await make();
    clock.advance(30 * DAY);
    await expectRefused(
      await ask("/api/reports", other.token),
      401,
      "invalid_token",
    );
    const none = await app.fetch("/api/reports");
    expect(none.headers.get("www-authenticate")).toBe(
      'Bearer realm="Tetherboard"',
    );
    await expectProblem(none, 401);
  });

  it("an expired token is refused though its row is still there", async () => {
    const { token } = await make({ days: 30 });
    clock.advance(30 * DAY - 1);
    await expectJson(await ask("/api/reports", token));
    clock.advance(1);
    const { detail } = await expectRefused(
      await ask("/api/reports", token),
      401,
    );
    expect(detail).toContain("expired");
  });

  it("the next request obeys a change of the tenant's state, and of its slug", async () => {
    const agency = await app.createUser("agency_admin");
    const { token } = await make({}, agency);
    for (const status of ["inactive", "suspended"] as const) {
      await expectJson(await ask("/api/reports", token));
      await setTenantStatus(store, acme.id, status);
      await expectRefused(await ask("/api/reports", token), 403);
      await setTenantStatus(store, acme.id, "active");
    }
    await updateTenant(store, acme.id, { slug: "acme-foods" }, clock);
    await expectRefused(await ask("/api/reports?w=acme", token), 404);
    await expectJson(await ask("/api/reports?w=acme-foods", token));
    await setTenantStatus(store, acme.id, "purged");
    await expectRefused(await ask("/api/reports", token), 403);
    await purgeTenant(store, acme.id, { clock });
    await expectRefused(await ask("/api/reports", token), 401);
  });

  it("the next request obeys when its maker leaves: role, account, agency", async () => {
    const { token } = await make();
    await expectJson(await ask("/api/reports", token));
    await setMembership(store, admin.id, acme.id, "tenant_viewer", clock);
    const { detail } = await expectRefused(
      await ask("/api/reports", token),
      401,
    );
    expect(detail).toContain("made it");
    const second = await app.createUser("tenant_admin", acme.id);
    const theirs = await make({}, second);
    await disableUser(store, second.id, clock);
    await expectRefused(await ask("/api/reports", theirs.token), 401);
    const agency = await app.createUser("agency_admin");
    const agencys = await make({}, agency);
    await removeMembership(store, agency.id, "*");
    await expectRefused(await ask("/api/reports", agencys.token), 401);
  });

  it("a token may ask 60 times a minute, from all instances together", async () => {
    const other = await createTestApp({ store, clock });
    const { token } = await make();
    const answers = await Promise.all(
      Array.from(
        { length: 70 },
        (_, n) =>
          (n % 2 ? app : other).fetch("/api/sync/status", {
            headers: bearer(token),
          }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(10);
    for (const answer of refused) {
      expect(answer.headers.get("retry-after")).toBe("60");
      await expectProblem(answer, 429);
    }
    const second = await make();
    await expectJson(await ask("/api/sync/status", second.token));
    clock.advance(MINUTE);
    await expectJson(await ask("/api/sync/status", token));
  });

  it("refused requests count by the rate too", async () => {
    const { token } = await make({ scopes: ["status"] });
    for (let n = 0; n < 60; n++) {
      await expectRefused(await ask("/api/reports", token), 403);
    }
    await expectRefused(await ask("/api/sync/status", token), 429);
  });

  it("wrong tokens are throttled by address, and good ones from there are answered all the same", async () => {
    const { token } = await make();
    const guess = (n: number, address: string) =>
      app.fetch("/api/reports", {
        headers: bearer(`tb_${String(n).padStart(43, "A")}`),
      }, address);
    for (let n = 0; n < 30; n++) {
      await expectRefused(await guess(n, "192.0.2.1"), 401);
    }
    const answer = await guess(30, "192.0.2.1");
    expect(answer.headers.get("retry-after")).toBe("30");
    await expectProblem(answer, 429);
    await expectRefused(await guess(31, "192.0.2.2"), 401);
    const good = await app.fetch(
      "/api/reports",
      { headers: bearer(token) },
      "192.0.2.1",
    );
    await expectJson(good);
  });

  it("refused uses are in the audit log, the first of an hour for each token and reason", async () => {
    const { token, id } = await make({ scopes: ["status"] });
    for (let n = 0; n < 5; n++) {
      await expectRefused(await ask("/api/reports", token), 403);
      await expectRefused(await ask("/api/sync/status?w=bravo", token), 404);
      await expectRefused(
        await ask("/api/sync/trigger", token, { method: "POST" }),
        403,
      );
      await expectRefused(await ask("/api/reports", "tb_nothing"), 401);
    }
    const each = [
      ["unknown", null, null],
      ["method", id, acme.id],
      ["workspace", id, acme.id],
      ["scope", id, acme.id],
    ];
    // The first, the second and the fourth of five: what goes on says how often, and less and less.
    expect(await refusals()).toEqual([...each, ...each, ...each]);
    const counts = (await listAudit(store, { limit: 12 })).rows
      .map(({ detail }) => detail.deniedThisHour);
    expect(new Set(counts)).toEqual(new Set([4, 2, undefined]));
    clock.advance(HOUR);
    await expectRefused(await ask("/api/reports", token), 403);
    expect(await refusals()).toHaveLength(13);
    await revokeApiToken(store, acme.id, id, clock);
    await expectRefused(await ask("/api/reports", token), 401);
    expect((await refusals())[0]).toEqual(["revoked", id, acme.id]);
    const { rows } = await listAudit(store, { limit: 1 });
    expect(rows[0]).toMatchObject({
      actor: { kind: "api_token", id, name: "Sheet" },
      outcome: "denied",
      target: "GET /api/reports",
    });
  });

  it("neither logs nor the audit log nor an answer ever hold a token", async () => {
    const { token, tokenHash } = await make();
    const texts: string[] = [];
    for (
      const path of [
        ...PATHS,
        "/api/sync/trigger",
        "/api/nowhere",
        "/dashboard",
      ]
    ) {
      for (const method of ["GET", "POST"]) {
        const answer = await ask(path, token, { method });
        texts.push(await answer.text(), JSON.stringify([...answer.headers]));
      }
    }
    texts.push(JSON.stringify(app.log.entries));
    texts.push(JSON.stringify(await listAudit(store, { limit: 100 })));
    for (const text of texts) {
      expect(text).not.toContain(token.slice(3));
      expect(text).not.toContain(tokenHash);
    }
  });

  it("costs one read more than a session does that comes first: the counter of its rate", async () => {
    const { token } = await make();
    const browser = await app.signedIn(admin);
    const reads = async (act: () => Promise<Response>) => {
      operations.length = 0;
      await (await act()).body?.cancel();
      return operations.filter(({ kind }) => kind !== "commit").length;
    };
    // The first use is written down.
    await (await ask("/api/reports", token)).body?.cancel();
    const byToken = await reads(() => ask("/api/reports", token));
    const bySession = await reads(() => browser.get("/api/reports?w=acme"));
    expect(byToken - bySession).toBeLessThanOrEqual(1);
  });

  it("HEAD and OPTIONS are answered as to a session, and If-None-Match by 304", async () => {
    const { token } = await make();
    const head = await ask("/api/reports", token, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await ask("/api/reports", token, { method: "OPTIONS" });
    expect(options.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    const again = await ask("/api/reports", token, {
      headers: { "if-none-match": head.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
  });
});
