import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { expect } from "@std/expect";
import { HttpError } from "fresh";
import { h } from "preact";
import { ErrorPage } from "../../components/ErrorPage.tsx";
import { TransientError } from "../../lib/domain/mod.ts";
import { giveWay, openStore } from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { createTestApp, type TestApp, type TestAppOptions } from "../_app.ts";
import { expectPage, expectProblem } from "../routes/_assert.ts";

const INNER = "key abc at /srv/portal.sqlite3";

/** An app with routes that fail in every way. */
function createFailingApp(options: TestAppOptions = {}): Promise<TestApp> {
  return createTestApp({
    ...options,
    extend: (app) => {
      for (const base of ["/", "/api/"]) {
        app.get(`${base}broken`, () => {
          throw new Error(INNER);
        });
        app.get(`${base}busy`, () => {
          throw new TransientError(INNER);
        });
        app.get(`${base}forbidden`, () => {
          throw new HttpError(403, "Not for you");
        });
        app.get(`${base}thrown-answer`, () => {
          throw new Response(INNER);
        });
      }
      app.get("/immutable", () => Response.redirect("http://localhost:8000/"));
      app.get("/html", (ctx) => ctx.html("<h1>Hello</h1>"));
    },
  });
}

const ADDRESSES: Array<[path: string, status: number]> = [
  ["/login", 200],
  ["/", 303],
  ["/logout", 405],
  ["/nothing", 404],
  ["/html", 200],
  ["/broken", 500],
  ["/busy", 503],
  ["/forbidden", 403],
  ["/thrown-answer", 500],
  ["/api/health", 200],
  ["/api/reports", 401],
  ["/api/nothing", 404],
  ["/api", 404],
  ["/api/broken", 500],
  ["/api/busy", 503],
  ["/api/forbidden", 403],
  ["/api/thrown-answer", 500],
  ["/favicon.ico", 404],
];

describe("createApp()", () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await createFailingApp();
  });

  afterEach(() => app.close());

  it("sets the security headers on every answer, pages and errors alike", async () => {
    for (const [path, status] of ADDRESSES) {
      const answer = await app.fetch(path);
      await answer.body?.cancel();
      expect([path, answer.status]).toEqual([path, status]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "cross-origin-opener-policy": "same-origin",
        "x-request-id": expect.stringMatching(/^[0-9A-Z]{26}$/),
      });
      expect(answer.headers.has("strict-transport-security")).toBe(false);
    }
  });

  it("sends a strict policy on every answer", async () => {
    for (const [path] of ADDRESSES) {
      const answer = await app.fetch(path);
      await answer.body?.cancel();
      const policy = answer.headers.get("content-security-policy") ?? "";
      for (
        const closed of [
          "object-src 'none'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
        ]
      ) expect(policy).toContain(closed);
      expect(policy).not.toContain("unsafe");
      expect(policy).not.toContain("upgrade-insecure-requests");
    }
  });

  it("allows a rendered page its own code by a nonce that is new each time", async () => {
    const nonceOf = async () => {
      const answer = await app.fetch("/login");
      const html = await answer.text();
      const policy = answer.headers.get("content-security-policy") ?? "";
      const [, script] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      const [, style] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(script).toBe(style);
      for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) {
        expect(tag).toContain(`nonce="${script}"`);
      }
      return script;
    };
    const first = await nonceOf();
    expect(first).toBeTruthy();
    expect(await nonceOf()).not.toBe(first);
  });

  it("asks for HTTPS, and only there, to be kept to", async () => {
    const secure = await createFailingApp({
      store: app.store,
      origin: "https://portal.example.com",
    });
    for (const path of ["/login", "/nothing", "/api/health", "/broken"]) {
      const { headers, body } = await secure.fetch(path);
      await body?.cancel();
      expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
      expect(headers.get("content-security-policy")).toContain(
        "upgrade-insecure-requests",
      );
    }
  });

  it("believes X-Forwarded-Proto only where a proxy is said to stand", async () => {
    const headers = { "x-forwarded-proto": "https" };
    for (const trustProxy of [false, true]) {
      const proxied = await createTestApp({
        store: app.store,
        services: { trustProxy },
      });
      const answer = await proxied.fetch("/api/health", { headers });
      await answer.body?.cancel();
      const isSecure = answer.headers.has("strict-transport-security");
      expect(isSecure).toBe(trustProxy);
    }
  });

  it("takes the public address for the origin of its own pages", async () => {
    const hidden = await createTestApp({
      store: app.store,
      services: { publicUrl: "https://portal.example.com/" },
    });
    const post = (origin: string) =>
      hidden.fetch("/logout", { method: "POST", headers: { origin } });
    const own = await post("https://portal.example.com");
    expect(own.status).toBe(303);
    expect(own.headers.getSetCookie()[0]).toContain("__Host-session=");
    expect((await post("http://localhost:8000")).status).toBe(403);
  });

  it("forbids every cache to keep pages and errors", async () => {
    for (
      const path of ["/login", "/html", "/nothing", "/broken", "/api/reports"]
    ) {
      const answer = await app.fetch(path);
      await answer.body?.cancel();
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
    }
  });

  it("answers errors below /api as problems without inner detail", async () => {
    for (const name of ["broken", "busy", "thrown-answer", "nothing"]) {
      const answer = await app.fetch(`/api/${name}`);
      const status = answer.status;
      expect(JSON.stringify(await expectProblem(answer, status)))
        .not.toContain("abc");
    }
    const busy = await app.fetch("/api/busy");
    expect(busy.headers.get("retry-after")).toBe("30");
    const forbidden = await expectProblem(
      await app.fetch("/api/forbidden"),
      403,
    );
    expect(forbidden.detail).toBe("Not for you");
  });

  it("answers errors elsewhere as pages that name the request", async () => {
    for (const name of ["broken", "busy", "thrown-answer", "nothing"]) {
      const answer = await app.fetch(`/${name}`);
      const html = await expectPage(answer, answer.status);
      expect(html).toContain(answer.headers.get("x-request-id"));
      expect(html).not.toContain("abc");
    }
  });

  it("logs what went wrong under the request's id, and not what is not there", async () => {
    const answer = await app.fetch("/broken?secret=1");
    await answer.body?.cancel();
    await (await app.fetch("/nothing")).body?.cancel();
    const [entry, ...others] = app.log.entries;
    expect(entry).toMatchObject({
      level: "error",
      properties: {
        requestId: answer.headers.get("x-request-id"),
        method: "GET",
        path: "/broken",
        status: 500,
        user: null,
        tenant: null,
      },
    });
    expect(entry?.properties.error).toBeInstanceOf(Error);
    expect(JSON.stringify(entry)).not.toContain("secret");
    expect(others).toEqual([]);
  });

  it("renders error pages by the function it is given, keeping their nonce", async () => {
    const rendering = await createFailingApp({
      store: app.store,
      renderError: (ctx, view) =>
        ctx.render(h(ErrorPage, view), { status: view.status }),
    });
    for (const [path, status] of [["/nothing", 404], ["/busy", 503]] as const) {
      const answer = await rendering.fetch(path);
      const html = await expectPage(answer, status);
      expect(html).toContain(`Error ${status}`);
      expect(html).toContain(answer.headers.get("x-request-id"));
      expect(answer.headers.get("content-security-policy")).toContain(
        "style-src 'self' 'nonce-",
      );
      expect(answer.headers.get("retry-after")).toBe(
        status === 503 ? "30" : null,
      );
    }
  });

  it("has a page of last resort for when the error page fails too", async () => {
    const failing = await createFailingApp({
      store: app.store,
      renderError: () => {
        throw new Error(INNER);
      },
    });
    const html = await expectPage(await failing.fetch("/forbidden"), 403);
    expect(html).toContain("Not for you");
    expect(html).not.toContain("abc");
  });

  it("refuses other sites before anything is read for them", async () => {
    const answer = await app.fetch("/nothing", {
      method: "POST",
      headers: { origin: "https://evil.example" },
    });
    await expectPage(answer, 403);
    expect(app.log.entries).toMatchObject([{
      level: "warn",
      properties: { status: 403, method: "POST", path: "/nothing" },
    }]);
  });
});

describe("createApp() on a database that hangs", () => {
  it("answers 503 within the deadline, and health says so", async () => {
    const clock = new TestClock();
    const kv = await Deno.openKv(":memory:");
    let hangs = false;
    const never = new Promise<never>(() => {});
    const hanging = new Proxy(kv, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) =>
          hangs && name === "get" ? never : value.apply(target, args);
      },
    });
    const store = await openStore({ kv: hanging, clock, deadlineMs: 20 });
    const app = await createTestApp({ store, clock });
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    hangs = true;
    const problem = await expectProblem(await browser.get("/api/reports"), 503);
    expect(problem.detail).toContain("Try again in a minute");
    await expectPage(await browser.get("/login"), 503);
    const health = await browser.get("/api/health");
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ ok: false, kv: false });
    expect((await app.fetch("/login")).status).toBe(200);
    // The store itself would wait for what never ends.
    kv.close();
  });
});

describe("createApp() beside long work", () => {
  it("has the work wait until its answer is made", async () => {
    // The work would go on by itself after 25 ms.
    using _ = new FakeTime();
    const gate = Promise.withResolvers<Response>();
    const order: string[] = [];
    const app = await createTestApp({
      extend: (app) =>
        app.get("/held", async () => {
          const answer = await gate.promise;
          order.push("page");
          return answer;
        }),
    });
    const page = app.fetch("/held");
    const rest = giveWay().then(() => order.push("work"));
    // As long as the work would rest without it.
    for (let n = 0; n < 3; n++) {
      await crypto.subtle.digest("SHA-256", new Uint8Array(100_000));
    }
    expect(order).toEqual([]);
    gate.resolve(new Response());
    await Promise.all([page, rest]);
    expect(order).toEqual(["page", "work"]);
    app.close();
  });
});
