import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Validator } from "@seriousme/openapi-schema-validator";
import { API_TOKEN_DAYS, API_TOKEN_RATE } from "../../lib/auth/mod.ts";
import { API_SCOPES } from "../../lib/domain/mod.ts";
import { createTenant, setMembership, type User } from "../../lib/store/mod.ts";
import { API_ENDPOINTS, apiDescription } from "../../lib/web/mod.ts";
import { bearer, makeToken } from "../_api_token.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { DOORS } from "../security/_matrix.ts";
import { routePatterns } from "../security/_routes.ts";
import {
  expectJson,
  expectPage,
  expectProblem,
  expectRedirect,
} from "./_assert.ts";
import { BRAND } from "./_reader.ts";

const { answers, openApiDocument } = await apiDescription();
const WEEK = "2026-03-09";
const READING = Object.entries(API_ENDPOINTS)
  .filter(([, { access }]) => typeof access === "object");

interface Parameter {
  name: string;
  in: string;
  schema: {
    type: string;
    minimum?: number;
    maximum?: number;
    default?: number;
  };
}

interface Operation {
  parameters: Parameter[];
  security: Record<string, string[]>[];
  responses: Record<string, unknown>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

describe("GET /api/openapi.json", () => {
  let rig: SyncRig;
  let app: TestApp;
  let admin: User;
  let browser: TestBrowser;

  /** A brand with records, failures, a published report; and one that was never synced. */
  beforeAll(async () => {
    rig = await createRig({
      brand: BRAND,
      now: "2026-03-13T16:00:00.000Z",
      tenant: { name: "Birch Bakery", slug: "birch-bakery" },
    });
    await rig.sync();
    rig.clock.set("2026-03-17T12:00:00.000Z");
    await rig.sync();
    app = await createTestApp({ store: rig.store, clock: rig.clock });
    const names = { name: "New", slug: "new-brand", timezone: "UTC" };
    const { id } = await createTenant(rig.store, names, rig.clock);
    admin = await app.createUser("tenant_admin", rig.tenant.id);
    await setMembership(rig.store, admin.id, id, "tenant_admin", rig.clock);
    browser = await app.signedIn(admin);
    await publish();
  });

  afterAll(() => rig.dispose());

  async function publish() {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const edit = `/reports/${WEEK}/edit?w=birch-bakery`;
    const html = await expectPage(await agency.get(edit));
    const stamp = /name="stamp" value="(\w+)"/.exec(html)![1]!;
    const form = { do: "publish", stamp, title: "The week", summary: "" };
    await expectRedirect(
      await agency.post(edit, form),
      `/reports/${WEEK}?w=birch-bakery&done=publish`,
    );
  }

  const document = async (): Promise<Document> => {
    const answer = await app.fetch("/api/openapi.json");
    return await expectJson(answer) as unknown as Document;
  };
  /** An address of the route, of a note that there is. */
  const addressOf = async (route: string): Promise<string> => {
    if (!route.includes(":id")) return route;
    const notes = await browser.getIn("birch-bakery", "/api/dashboard/notes");
    const { data } = await expectJson(notes) as { data: { id: string }[] };
    return route.replace(":id", encodeURIComponent(data[0]!.id));
  };
  const answerOf = async (route: string, slug = "birch-bakery") =>
    await expectJson(await browser.getIn(slug, await addressOf(route)));

  it("is a valid OpenAPI 3.1 document, whose references lead somewhere", async () => {
    const { valid, errors } = await new Validator().validate({
      ...await document(),
    });
    expect(errors).toBe(undefined);
    expect(valid).toBe(true);
    const text = JSON.stringify(await document());
    const doc = JSON.parse(text);
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path!.split("/").reduce((at, part) => at?.[part], doc);
      expect([path, typeof found]).toEqual([path, "object"]);
    }
  });

  it("the validator does find what is wrong with a document", async () => {
    const broken = { ...openApiDocument("1"), paths: { leads: {} } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("describes every route below /api but itself and what only open pages listen to", async () => {
    const routes = (await routePatterns()).filter((route) =>
      route.startsWith("/api/") && route !== "/api/openapi.json" &&
      DOORS[route] !== "stream"
    );
    expect(Object.keys(API_ENDPOINTS).sort()).toEqual(routes);
    const { paths } = await document();
    expect(Object.keys(paths).sort())
      .toEqual(routes.map((route) => route.replace(":id", "{id}")).sort());
  });

  it("needs no session, holds no data, and may be kept and asked about", async () => {
    const answer = await app.fetch("/api/openapi.json");
    const etag = answer.headers.get("etag")!;
    const text = await answer.text();
    expect(text).not.toContain("Birch");
    const again = await app.fetch("/api/openapi.json", {
      headers: { "if-none-match": etag, ...bearer("of-no-meaning-here") },
    });
    expect(again.status).toBe(304);
    const post = await app.fetch("/api/openapi.json", {
      method: "POST",
      headers: { origin: "http://localhost:8000" },
    });
    await expectProblem(post, 405);
  });

  it("docs/api.md names every scope with its endpoint, and the rate", () => {
    const url = new URL("../../docs/api.md", import.meta.url);
    const text = Deno.readTextFileSync(url);
    for (const [route, { access }] of READING) {
      const { scope } = access as { scope: string };
      const row = text.split("\n").find((line) =>
        line.startsWith(`| \`${scope}\` `)
      );
      expect(row).toContain(route.replace(/\/:id$/, ""));
    }
    expect(text).toContain(`${API_TOKEN_RATE.requests} requests in a minute`);
    for (const days of API_TOKEN_DAYS) expect(text).toContain(String(days));
  });

  it("says which endpoints a token may read, and which it may not", async () => {
    const { paths } = await document();
    const { token } = await makeToken(app, admin, rig.tenant.id);
    for (const [path, operations] of Object.entries(paths)) {
      const [[method, { security }]] = Object.entries(operations) as [
        [string, Operation],
      ];
      const answer = await app.fetch(
        await addressOf(path.replace("{id}", ":id")),
        { method: method.toUpperCase(), headers: bearer(token) },
      );
      const open = security.length === 0 ||
        security.some((one) => "token" in one);
      expect([path, answer.status < 300]).toEqual([path, open]);
      await answer.body?.cancel();
    }
    const scopes = READING.map(([, { access }]) =>
      (access as { scope: string }).scope
    );
    expect(new Set(scopes)).toEqual(
      new Set(API_SCOPES.map(({ name }) => name)),
    );
  });

  for (const [route, { answer: name }] of READING) {
    const answer = answers[name];
    it(`${route} answers as its schema says, synced or not`, async () => {
      const body = await answerOf(route);
      expect(answer.parse(body)).toEqual(body);
      if (route.includes(":id")) return;
      const empty = await answerOf(route, "new-brand");
      expect(answer.parse(empty)).toEqual(empty);
    });

    it(`${route}: a field more and a field less are both noticed`, async () => {
      const body = await answerOf(route);
      // Rows that there are not would prove nothing of their schema.
      expect(Array.isArray(body.data) ? body.data.length : 1).toBeGreaterThan(
        0,
      );
      const unnoticed: string[] = [];
      for (const { path, changed } of variants(body)) {
        if (answer.safeParse(changed).success) unnoticed.push(path);
      }
      expect(unnoticed.filter((path) => !/^-streams\.\w+$/.test(path)))
        .toEqual([]);
    });

    it(`${route} takes the parameters that are described, within their bounds`, async () => {
      const { paths } = await document();
      const { parameters } = paths[route.replace(":id", "{id}")]!.get!;
      const address = await addressOf(route);
      const get = (query: string) =>
        browser.getIn("birch-bakery", `${address}?${query}`);
      for (const { name, schema: { type, minimum, maximum } } of parameters) {
        if (type !== "integer") continue;
        await expectJson(await get(`${name}=${minimum}`));
        await expectJson(await get(`${name}=${maximum}`));
        for (const wrong of [minimum! - 1, maximum! + 1, "x", 1.5]) {
          const problem = await expectProblem(
            await get(`${name}=${wrong}`),
            400,
          );
          expect(problem.parameter).toBe(name);
        }
      }
    });
  }

  it("the defaults are those of the answers", async () => {
    const { paths } = await document();
    for (const [route, { query }] of READING) {
      if (!query || !("limit" in query)) continue;
      const { page } = await answerOf(route) as { page: { limit: number } };
      const { parameters } = paths[route]!.get!;
      expect(parameters.find(({ name }) => name === "limit")?.schema.default)
        .toBe(page.limit);
    }
  });

  it("a page by its cursor, a failed stream and the other answers are as their schemas say", async () => {
    const notes = answers[API_ENDPOINTS["/api/dashboard/notes"]!.answer];
    const get = async (query: string) =>
      await expectJson(
        await browser.getIn("birch-bakery", `/api/dashboard/notes?${query}`),
      ) as { page: { cursor: string } };
    const { page: { cursor } } = await get("limit=1");
    notes.parse(await get(`limit=1&cursor=${encodeURIComponent(cursor)}`));
    const health = await expectJson(await app.fetch("/api/health"));
    answers[API_ENDPOINTS["/api/health"]!.answer].parse(health);
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const trigger = await agency.post("/api/sync/trigger?w=birch-bakery");
    answers[API_ENDPOINTS["/api/sync/trigger"]!.answer].parse(
      await expectJson(trigger, 202),
    );
    rig.clock.advance(80 * HOUR);
    const status = await (await app.signedIn(admin)).getIn(
      "birch-bakery",
      "/api/sync/status",
    );
    const body = await expectJson(status);
    expect(body.level).toBe("critical");
    answers[API_ENDPOINTS["/api/sync/status"]!.answer].parse(body);
    browser = await app.signedIn(admin);
  });

  it("every refusal is a problem as its schema says", async () => {
    const { token } = await makeToken(app, admin, rig.tenant.id, {
      scopes: ["leads"],
    });
    const ask = (path: string) => app.fetch(path, { headers: bearer(token) });
    const refused: [number, Response][] = [
      [
        400,
        await browser.getIn("birch-bakery", "/api/dashboard/notes?limit=x"),
      ],
      [401, await app.fetch("/api/reports")],
      [403, await ask("/api/reports")],
      [404, await ask("/api/dashboard/leads?w=new-brand")],
      [409, await browser.get("/api/reports")],
    ];
    for (let n = 0; n < 60; n++) {
      await (await ask("/api/reports")).body?.cancel();
    }
    refused.push([429, await ask("/api/dashboard/leads")]);
    const { paths } = await document();
    const { responses } = paths["/api/dashboard/notes"]!.get!;
    for (const [status, answer] of refused) {
      const problem = await expectProblem(answer, status);
      expect(answers.problemSchema.parse(problem)).toEqual(problem);
      expect(Object.keys(responses)).toContain(String(status));
    }
  });
});

interface Variant {
  /** "+" and where a field was added, "-" and which one was taken away. */
  path: string;
  changed: unknown;
}

/** The value with one field more, or one less, in each of its objects; of a list its first item is looked at. */
function variants(value: unknown, path = ""): Variant[] {
  if (Array.isArray(value)) {
    return variants(value[0], path).map((one) => ({
      ...one,
      changed: [one.changed, ...value.slice(1)],
    }));
  }
  if (typeof value !== "object" || value === null) return [];
  const here = value as Record<string, unknown>;
  const made: Variant[] = [{ path: `+${path}`, changed: { ...here, more: 1 } }];
  for (const [name, inner] of Object.entries(here)) {
    const { [name]: _, ...rest } = here;
    const below = path ? `${path}.${name}` : name;
    made.push({ path: `-${below}`, changed: rest });
    for (const one of variants(inner, below)) {
      made.push({ ...one, changed: { ...here, [name]: one.changed } });
    }
  }
  return made;
}
