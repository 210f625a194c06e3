import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { TransientError } from "../../lib/domain/mod.ts";
import { type AuditEntry, listAudit, type User } from "../../lib/store/mod.ts";
import { formatLogLine } from "../../lib/web/mod.ts";
import {
  createTestApp,
  readWhole,
  TEST_PASSWORD,
  type TestBrowser,
} from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { allRows } from "../_dump.ts";
import { linkIn } from "../_mail.ts";
import { TEST_ACCESS_TOKEN, TEST_WEB_KEY } from "../_sync.ts";
import { DOORS, FORMS, pathIds } from "./_matrix.ts";
import { isInWorkspace } from "./_matrix_cases.ts";
import { readRoutes, type Route } from "./_routes.ts";
import {
  type BrandThings,
  CANARY,
  holds,
  openTwoBrands,
  OWN_CANARY,
  type TwoBrands,
} from "./_two_brands.ts";

/** Requests under way at the same time: more of them would only wait for the database. */
const AT_ONCE = 50;
const NEW_PASSWORD = "an entirely different phrase";
const NEW_KEY = "freshly-typed-web-key-9931";

describe("checks 26 to 39, as wide as the route table", () => {
  let brands: TwoBrands;
  let routes: Route[];
  let viewer: TestBrowser;
  let manager: TestBrowser;
  let agencyUser: User;
  let agency: TestBrowser;
  beforeAll(async () => {
    brands = await openTwoBrands();
    routes = await readRoutes();
    const { app, own } = brands;
    viewer = await app.signedIn(await app.createUser("tenant_viewer", own.id));
    manager = await app.signedIn(await app.createUser("tenant_admin", own.id));
    agencyUser = await app.createUser("agency_admin");
    agency = await app.signedIn(agencyUser);
  });
  afterAll(() => brands[Symbol.dispose]());

  it("check 26: 1,000 requests of two brands at once never mix, in neither direction", async () => {
    const { app, things } = brands;
    const readers = await Promise.all(
      [things.own, things.foreign].map(async (home) => {
        const away = home === things.own ? things.foreign : things.own;
        const user = await app.createUser("tenant_admin", home.tenant.id);
        return { home, away, browser: await app.signedIn(user) };
      }),
    );
    const asked = routes.filter(({ pattern, verbs }) =>
      isInWorkspace(pattern) && verbs.includes("GET") &&
      DOORS[pattern] !== "stream" && !pattern.endsWith("/edit")
    );
    expect(asked.length).toBeGreaterThan(15);
    const ask = async (n: number) => {
      const { home, away, browser } = readers[n % 2]!;
      const { pattern } = asked[(n >> 1) % asked.length]!;
      const answer = await browser.getIn(
        home.tenant.slug,
        pathOf(pattern, home),
      );
      const text = await readWhole(answer);
      return {
        pattern,
        status: answer.status,
        own: holds(text, home.canary),
        mixed: holds(text + JSON.stringify([...answer.headers]), away.canary),
      };
    };
    // What a page shows where nobody else asks at the same time.
    const alone: Awaited<ReturnType<typeof ask>>[] = [];
    for (let n = 0; n < 2 * asked.length; n++) alone.push(await ask(n));
    const together: typeof alone = [];
    for (let from = 0; from < 1_000; from += AT_ONCE) {
      together.push(
        ...await Promise.all(
          Array.from({ length: AT_ONCE }, (_, n) => ask(from + n)),
        ),
      );
    }
    expect(together).toHaveLength(1_000);
    const wrong = together.filter((answer, n) =>
      answer.mixed ||
      JSON.stringify(answer) !== JSON.stringify(alone[n % alone.length])
    );
    expect(wrong).toEqual([]);
    expect(alone.filter(({ own }) => own).length).toBeGreaterThan(20);
  });

  it("check 28: what changes something is not to be had by GET, on any route", async () => {
    const { app, rig, things: { own } } = brands;
    const changing = routes.filter(({ verbs }) => verbs.includes("POST"));
    expect(changing.length).toBeGreaterThan(20);
    const before = await rowsOf();
    for (const { pattern, verbs } of changing) {
      for (const browser of [viewer, manager, agency, app.browser()]) {
        for (const form of FORMS[pattern]!) {
          const query = new URLSearchParams({
            w: own.tenant.slug,
            _method: "POST",
            ...form(own),
          });
          const path = `${pathOf(pattern, own)}?${query}`;
          for (const method of ["GET", "HEAD", "OPTIONS"]) {
            const answer = await browser.fetch(path, {
              method,
              headers: {
                "x-http-method-override": "POST",
                "x-method-override": "POST",
              },
            });
            await answer.body?.cancel();
            expect([pattern, method, answer.status < 500])
              .toEqual([pattern, method, true]);
            if (!verbs.includes("GET") && method === "GET") {
              const refusals = [303, 401, 403, 404, 405];
              expect([pattern, refusals.includes(answer.status)])
                .toEqual([pattern, true]);
            }
          }
        }
      }
    }
    expect(await rowsOf()).toEqual(before);
    expect(app.syncRequests).toEqual([]);
    for (const browser of [viewer, manager, agency]) {
      const { status } = await browser.getIn(own.tenant.slug, "/dashboard");
      expect(status).toBe(200);
    }

    /** All but what looking leaves behind. */
    async function rowsOf() {
      const left = new Set(["throttle", "audit", "challenges"]);
      const rows = await allRows(rig.kv);
      return rows.filter(({ key }) => !left.has(String(key[0])))
        .map(({ key, value }) => [key, value]);
    }
  });

  it("check 30 and 31: every page and every error has a strict policy and its headers", async () => {
    const { things: { own } } = brands;
    const nonces: string[] = [];
    for (const { pattern } of routes) {
      for (const browser of [viewer, agency, brands.app.browser()]) {
        const path = `${pathOf(pattern, own)}?w=${own.tenant.slug}`;
        await expectStrict(path, await browser.get(path), nonces);
      }
    }
    expect(nonces.length).toBeGreaterThan(60);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it("check 30 and 31: so do errors of every status, as pages and as JSON", async () => {
    const { rig, things: { own } } = brands;
    const fail = (error: unknown) => () => {
      throw error;
    };
    const app = await createTestApp({
      store: rig.store,
      clock: rig.clock,
      origin: "https://portal.example.com",
      extend: (inner) => {
        for (const prefix of ["", "/api"]) {
          inner.get(`${prefix}/test-500`, fail(new Error("inner")));
          inner.get(`${prefix}/test-503`, fail(new TransientError("inner")));
        }
      },
    });
    const reader = await app.signedIn(
      await app.createUser("tenant_admin", own.tenant.id),
    );
    const stranger = app.browser();
    const w = `?w=${own.tenant.slug}`;
    const evil = { origin: "https://evil.example.com" };
    const wrong = { email: "nobody@example.com", password: "wrong" };
    const asked: Array<[number, () => Promise<Response>]> = [
      [400, () => reader.get(`/api/dashboard/notes${w}&limit=999`)],
      [400, () => reader.post(`/people${w}`, { do: "nothing" })],
      [401, () => stranger.get("/api/sync/status")],
      [403, () => reader.get("/admin/tenants")],
      [403, () => stranger.post("/login", wrong, evil)],
      [403, () => stranger.post("/api/sync/trigger", {}, evil)],
      [404, () => reader.get("/nowhere")],
      [404, () => reader.get("/api/nowhere")],
      [404, () => reader.get("/assets/nowhere.js")],
      [404, () => reader.get("/leads?w=nowhere")],
      [405, () => reader.get("/logout")],
      [405, () => reader.get(`/api/sync/trigger${w}`)],
      [413, () => stranger.post("/login", { email: "x".repeat(70_000) })],
      [422, () => stranger.post("/login", wrong)],
      [429, () => untilThrottled(() => stranger.post("/login", wrong))],
      [500, () => stranger.get("/test-500")],
      [500, () => stranger.get("/api/test-500")],
      [503, () => stranger.get("/test-503")],
      [503, () => stranger.get("/api/test-503")],
    ];
    for (const [status, ask] of asked) {
      const answer = await ask();
      const name = `${status} of ${ask}`;
      expect([name, answer.status]).toEqual([name, status]);
      const [, age] = /max-age=(\d+)/.exec(
        answer.headers.get("strict-transport-security") ?? "",
      ) ?? [];
      expect(Number(age)).toBeGreaterThanOrEqual(365 * 86_400);
      await expectStrict(name, answer, []);
    }
  });

  it("check 38: logs hold neither secrets nor notes, and every entry is one line", async () => {
    const { app, things: { own, foreign } } = brands;
    const { entries } = app.log;
    entries.length = 0;
    const forged = 'x\r\n{"level":"ERROR","message":"forged"}\u0000\x1b[2J';
    const sent = "secret-of-the-request-55";
    for (const { pattern, verbs } of routes) {
      for (const browser of [viewer, agency, app.browser()]) {
        for (const method of [...verbs, "PATCH"]) {
          await logSomething(browser, pattern, method);
        }
      }
    }
    await (await app.fetch("/reset/" + "t".repeat(43))).body?.cancel();
    await (await app.fetch("/invite/" + "t".repeat(43))).body?.cancel();
    // A refused change is logged with its path.
    for (const path of ["/reset/", "/invite/", "/calendar/birch-bakery/"]) {
      const link = path + "t".repeat(43);
      const { status, body } = await app.fetch(link, { method: "POST" });
      expect(status).toBe(403);
      await body?.cancel();
    }
    await (await app.fetch(`/nowhere${encodeURIComponent(forged)}`)).body
      ?.cancel();
    const failing = await createTestApp({
      store: brands.rig.store,
      clock: brands.rig.clock,
      services: { log: app.log },
      extend: (inner) =>
        inner.get("/test-throws", () => {
          throw new Error(forged);
        }),
    });
    await (await failing.fetch("/test-throws")).body?.cancel();
    expect(entries.length).toBeGreaterThan(30);
    const tokens = [viewer, agency].map(({ cookies }) =>
      cookies.get("session")!
    );
    const secrets = [
      ...tokens,
      sent,
      TEST_PASSWORD,
      TEST_WEB_KEY,
      TEST_ACCESS_TOKEN,
      "t".repeat(43),
      own.sessionHash,
      CANARY,
      OWN_CANARY,
    ];
    for (const { level, message, properties } of entries) {
      expect(message).not.toMatch(/\p{Cc}/u);
      const line = formatLogLine({
        category: ["portal", "web"],
        level: level === "warn" ? "warning" : level,
        message: [message],
        rawMessage: message,
        timestamp: 0,
        properties,
      });
      expect(line.trimEnd()).not.toMatch(/\p{Cc}/u);
      expect(JSON.parse(line)).toHaveProperty("properties");
      const found = secrets.filter((secret) => line.includes(secret));
      expect([message, found]).toEqual([message, []]);
    }

    async function logSomething(
      browser: TestBrowser,
      pattern: string,
      method: string,
    ) {
      const path = pathIds(pattern).reduce(
        (path, { name, of }) =>
          path.replace(
            `:${name}`,
            encodeURIComponent(
              ["token", "file"].includes(name)
                ? "t".repeat(43)
                : method === "PATCH"
                ? forged
                : of(foreign),
            ),
          ),
        pattern,
      );
      const query = new URLSearchParams({
        w: method === "PATCH" ? forged : own.tenant.slug,
        search: sent,
        cursor: forged,
      });
      const init = method === "GET" ? {} : {
        body: new URLSearchParams({
          ...FORMS[pattern]?.[0]?.(own),
          password: sent,
          current: sent,
          webKey: sent,
          accessToken: sent,
          code: sent,
          email: forged,
          name: forged,
        }),
      };
      const answer = await browser.fetch(`${path}?${query}`, {
        method,
        headers: {
          origin: "http://localhost:8000",
          "sec-fetch-site": "same-origin",
          "user-agent": encodeURI(forged),
        },
        ...init,
      });
      await readWhole(answer);
    }
  });

  it("check 39: sign-ins, denials, exports, changes of keys and roles and deletions are in the audit log, in UTC", async () => {
    const { rig, things: { own, foreign } } = brands;
    // What was refused before is of an hour that is over.
    rig.clock.advance(HOUR);
    const app = await createTestApp({
      store: rig.store,
      clock: rig.clock,
      services: {
        upstream: {
          fetch: () => Promise.reject(new Error("refused")),
          baseUrl: "http://127.0.0.1:1",
          accessToken: null,
        },
      },
    });
    const { id: tenantId, slug } = own.tenant;
    const actor = { kind: "user", id: agencyUser.id, name: agencyUser.email };
    const user = await app.createUser("tenant_viewer", tenantId);
    const self = { kind: "user", id: user.id, name: user.email };
    const browser = app.browser();
    const hers = `/admin/users/${user.id}`;
    const secrets: string[] = [NEW_PASSWORD, NEW_KEY, TEST_PASSWORD];
    const admin = await app.signedIn(agencyUser);
    const post = async (
      path: string,
      form: Record<string, string>,
      by = admin,
    ) => {
      const answer = await by.post(path, form);
      expect([path, form.do, answer.status < 400])
        .toEqual([path, form.do, true]);
      return await answer.text();
    };
    const rotated = () => secrets.push(browser.cookies.get("session") ?? "");
    const login = { email: user.email, password: TEST_PASSWORD };
    const tenantForm = async () =>
      fieldsOf(
        await (await admin.get(`/admin/tenants/${slug}`)).text(),
      );
    const steps: Array<[
      action: string,
      expected: Partial<AuditEntry>,
      run: () => Promise<unknown>,
    ]> = [
      ["session.started", { actor: self as AuditEntry["actor"] }, async () => {
        await post("/login", login, browser);
        rotated();
      }],
      ["access.denied", {
        actor: self as AuditEntry["actor"],
        tenantId: foreign.tenant.id,
        outcome: "denied",
      }, () => browser.get(`/leads?w=${foreign.tenant.slug}`)],
      [
        "access.denied",
        { outcome: "denied", target: "GET /admin/tenants" },
        () => browser.get("/admin/tenants"),
      ],
      ["password.changed", { actor: self as AuditEntry["actor"] }, async () => {
        const next = NEW_PASSWORD;
        const form = { current: TEST_PASSWORD, next, again: next };
        await post("/account/password", form, browser);
        rotated();
      }],
      [
        "membership.changed",
        { tenantId, target: user.id },
        () => post(hers, { do: "role", role: "tenant_admin", tenant: slug }),
      ],
      [
        "membership.removed",
        { tenantId, target: user.id },
        () => post(hers, { do: "withdraw", tenant: slug }),
      ],
      [
        "membership.added",
        { tenantId, target: user.id },
        () => post(hers, { do: "role", role: "tenant_viewer", tenant: slug }),
      ],
      ["invitation.made", { tenantId }, async () => {
        const form = { do: "invite", email: "new@example.com" };
        const role = "tenant_viewer";
        const html = await post("/admin/invitations", {
          ...form,
          role,
          tenant: slug,
        });
        secrets.push(linkIn(html).split("/").at(-1)!);
      }],
      [
        "invitation.revoked",
        { tenantId: foreign.tenant.id },
        () =>
          post("/admin/invitations", { do: "revoke", id: foreign.invitation }),
      ],
      ["password.reset_link_made", { target: user.id }, async () => {
        const html = await post(hers, { do: "reset-link" });
        secrets.push(linkIn(html).split("/").at(-1)!);
      }],
      [
        "tenant.key_changed",
        { tenantId },
        async () =>
          post(`/admin/tenants/${slug}`, {
            ...await tenantForm(),
            do: "save",
            webKey: NEW_KEY,
          }),
      ],
      [
        "tenant.changed",
        { tenantId },
        async () =>
          post(`/admin/tenants/${slug}`, {
            ...await tenantForm(),
            do: "save",
            currency: "EUR",
          }),
      ],
      [
        "tenant.connection_tested",
        { tenantId, outcome: "failed" },
        () =>
          admin.post(`/admin/tenants/${slug}`, { do: "test", webKey: NEW_KEY }),
      ],
      [
        "audit.exported",
        {},
        async () => await (await admin.get("/admin/audit.csv")).text(),
      ],
      ...routes.filter(({ pattern }) =>
        isInWorkspace(pattern) && pattern.endsWith(".csv")
      ).map(({ pattern }): typeof steps[number] => [
        "list.exported",
        { tenantId },
        async () =>
          await (await admin.getIn(slug, pathOf(pattern, own))).text(),
      ]),
      [
        "user.sessions_ended",
        { target: user.id },
        () => post(hers, { do: "end-sessions" }),
      ],
      [
        "user.disabled",
        { target: user.id },
        () => post(hers, { do: "disable" }),
      ],
      ["user.enabled", { target: user.id }, () => post(hers, { do: "enable" })],
      [
        "person.erased",
        { tenantId },
        () =>
          post(`/admin/tenants/${slug}/erase`, {
            id: own.lead,
            confirmation: own.lead,
          }),
      ],
      [
        "tenant.status_changed",
        { tenantId },
        () => post(`/admin/tenants/${slug}`, { do: "deactivate" }),
      ],
      [
        "tenant.purged",
        { tenantId: foreign.tenant.id },
        () =>
          post(`/admin/tenants/${foreign.tenant.slug}/delete`, {
            confirmation: foreign.tenant.slug,
          }),
      ],
    ];
    for (const [action, expected, run] of steps) {
      rig.clock.advance(1_000);
      await run();
      const { rows } = await listAudit(rig.store, { limit: 10 });
      const at = new Date(rig.clock.now()).toISOString();
      const whoever = expected.actor ??
        (action === "access.denied" ? self : actor);
      const found = rows.find((row) => row.action === action && row.at === at);
      expect([action, found]).toMatchObject([action, {
        at,
        outcome: "done",
        actor: whoever,
        ...expected,
      }]);
    }
    secrets.push(admin.cookies.get("session")!);
    const { rows } = await listAudit(rig.store, { limit: 1_000 });
    const logged = JSON.stringify(rows);
    expect(secrets.filter((secret) => secret !== "" && logged.includes(secret)))
      .toEqual([]);
    // A brand's name may stand there; what people wrote in the CRM may not.
    const written = logged.replaceAll(
      new RegExp(
        `(?:${CANARY}|${OWN_CANARY}) (?:Foods|Bakery|sheet|laptop|week)`,
        "g",
      ),
      "",
    );
    expect([CANARY, OWN_CANARY].filter((canary) => written.includes(canary)))
      .toEqual([]);
  });
});

/** The path of a pattern, with the ids of a brand. */
function pathOf(pattern: string, things: BrandThings): string {
  return pathIds(pattern).reduce(
    (path, { name, of }) =>
      path.replace(`:${name}`, encodeURIComponent(of(things))),
    pattern,
  );
}

/** What a form would send as it stands: its text fields and the chosen options. */
function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(tag)?.[1];
    const value = / value="([^"]*)"/.exec(tag)?.[1] ?? "";
    if (name && !/type="(?:checkbox|radio)"/.test(tag)) fields[name] = value;
  }
  const selects = html.matchAll(/<select[^>]* name="([^"]*)".*?<\/select>/gs);
  for (const [select, name] of selects) {
    const chosen = /<option[^>]*selected[^>]*>/.exec(select)?.[0] ?? "";
    const value = / value="([^"]*)"/.exec(chosen)?.[1];
    if (value !== undefined) fields[name!] = value;
  }
  return fields;
}

async function untilThrottled(
  ask: () => Promise<Response>,
): Promise<Response> {
  for (let tries = 0; tries < 50; tries++) {
    const answer = await ask();
    if (answer.status === 429) return answer;
    await answer.body?.cancel();
  }
  throw new Error("Nothing was throttled");
}

/** Looks at policy and headers of an answer; notes the nonce of a page, which its scripts must carry. */
async function expectStrict(
  name: string,
  answer: Response,
  nonces: string[],
): Promise<void> {
  const { headers } = answer;
  const policy = headers.get("content-security-policy") ?? "";
  expect([name, /unsafe|\*|https?:|strict-dynamic/.test(policy)])
    .toEqual([name, false]);
  for (const directive of ["object-src", "base-uri", "frame-ancestors"]) {
    expect([name, policy.includes(`${directive} 'none'`)])
      .toEqual([name, true]);
  }
  expect([name, headers.get("x-content-type-options")])
    .toEqual([name, "nosniff"]);
  expect([name, headers.get("referrer-policy")])
    .toEqual([name, "same-origin"]);
  expect([name, headers.get("x-frame-options")]).toEqual([name, "DENY"]);
  const text = await readWhole(answer);
  const [, nonce] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
  if (!nonce) {
    expect([name, policy.startsWith("default-src 'none'")])
      .toEqual([name, true]);
    expect([name, /<script|<style/.test(text)]).toEqual([name, false]);
    return;
  }
  nonces.push(nonce);
  expect([name, policy]).toEqual([
    name,
    expect.stringMatching(
      /require-trusted-types-for 'script'; trusted-types own-page;/,
    ),
  ]);
  for (const [tag] of text.matchAll(/<(?:script|style)\b[^>]*>/g)) {
    if (/type="application\/json"/.test(tag)) continue;
    expect([name, tag.includes(`nonce="${nonce}"`)]).toEqual([name, true]);
  }
}
