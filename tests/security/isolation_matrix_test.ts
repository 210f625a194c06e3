import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startSession } from "../../lib/auth/mod.ts";
import type { User } from "../../lib/store/mod.ts";
import { differences, dump } from "../_dump.ts";
import {
  type Door,
  DOORS,
  type MatrixRole,
  type Place,
  PLACES,
  ROLES,
} from "./_matrix.ts";
import { readWhole } from "../_app.ts";
import { routePatterns } from "./_routes.ts";
import { CANARY, openTwoBrands, type TwoBrands } from "./_two_brands.ts";

const IN_WORKSPACE = new Set<Door>(["page", "json", "stream", "managed"]);

interface Case {
  pattern: string;
  door: Door;
  role: MatrixRole;
  tenant: "own" | "foreign";
  place: Place;
  method: "GET" | "POST";
}

describe("check 18 to 21: a brand's things stay its own", () => {
  let brands: TwoBrands;
  const users = new Map<MatrixRole, User>();
  beforeAll(async () => {
    brands = await openTwoBrands();
    const { app, own } = brands;
    users.set("tenant_viewer", await app.createUser("tenant_viewer", own.id));
    users.set("tenant_admin", await app.createUser("tenant_admin", own.id));
    users.set("agency_admin", await app.createUser("agency_admin"));
  });
  afterAll(() => brands[Symbol.dispose]());

  it("every route of the table has its row, and every row its route", async () => {
    expect(await routePatterns()).toEqual(Object.keys(DOORS).sort());
  });

  it("every route, role, tenant and place: what is foreign is not there, and nothing of it comes out", async () => {
    const before = await dump(brands.rig.kv, brands.foreign.id);
    const cases = allCases();
    const findings: string[] = [];
    for (const one of cases) {
      const found = await tryOut(one);
      if (found) findings.push(`${nameOf(one)}: ${found}`);
    }
    const line = `isolation matrix: ${cases.length} cases\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(line));
    expect(findings).toEqual([]);
    expect(differences(await dump(brands.rig.kv, brands.foreign.id), before))
      .toEqual([]);
  });

  it("the other brand's own people do find the canary, so that its absence says something", async () => {
    const { app, foreign } = brands;
    const reader = await app.signedIn(
      await app.createUser("tenant_viewer", foreign.id),
    );
    for (const path of ["/leads", "/notes", "/hot-list", "/schedule"]) {
      const answer = await reader.getIn(foreign.slug, path);
      expect(await answer.text()).toContain(CANARY);
    }
  });

  function allCases(): Case[] {
    return Object.entries(DOORS).flatMap(([pattern, door]) =>
      ROLES.flatMap((role) =>
        (["own", "foreign"] as const).flatMap((tenant) =>
          PLACES.flatMap((place) =>
            (place === "body" ? ["POST"] as const : ["GET"] as const).map((
              method,
            ) => ({ pattern, door, role, tenant, place, method }))
          )
        )
      )
    );
  }

  /** What is wrong with the answer; null where it is as it must be. */
  async function tryOut(one: Case): Promise<string | null> {
    const { app, rig, foreign } = brands;
    const { url, init } = await request(one);
    rig.operations.length = 0;
    const answer = await app.fetch(url, init);
    const touched = rig.operations.some(({ keys }) =>
      keys.some(([first, tenant]) => first === "t" && tenant === foreign.id)
    );
    const text = await readWhole(answer);
    if (answer.status >= 500) return `answered ${answer.status}`;
    const stranger = one.role !== "agency_admin";
    const location = answer.headers.get("location") ?? "";
    if (stranger && (text + location).includes(CANARY)) {
      return "gave away something of the other brand";
    }
    if (stranger && touched) return "read below the other brand's prefix";
    return wrongStatus(one, answer.status, location);
  }

  function wrongStatus(
    { door, role, tenant, place, method }: Case,
    status: number,
    location: string,
  ): string | null {
    const told = `answered ${status}`;
    if (door === "open") return null;
    if (role === "anonymous" && method === "GET") {
      const isApi = door === "json" || door === "stream";
      if (isApi) return status === 401 ? null : told;
      return status === 303 || status === 302 || status === 404
        ? location === "" || location.includes("/login") ? null : location
        : told;
    }
    if (role === "anonymous") return status === 200 ? told : null;
    if (door === "admin" && role !== "agency_admin") {
      return status === 403 || status === 404 || status === 405 ? null : told;
    }
    const inWorkspace = IN_WORKSPACE.has(door);
    if (!inWorkspace || role === "agency_admin") return null;
    if (tenant === "foreign" && place === "query") {
      return status === 404 ? null : told;
    }
    return null;
  }

  async function request(
    { pattern, role, tenant, place, method, door }: Case,
  ): Promise<{ url: string; init: RequestInit }> {
    const { own, foreign, foreignCursor } = brands;
    const meant = tenant === "own" ? own : foreign;
    const at = (where: Place) => place === where ? meant : own;
    const headers = new Headers({
      origin: "http://localhost:8000",
      "sec-fetch-site": "same-origin",
    });
    const cookies = await sessionOf(role);
    if (place === "cookie") {
      cookies.push(`w=${meant.slug}`, `workspace=${meant.id}`);
    }
    if (place === "header") {
      for (const name of ["x-tenant-id", "x-workspace", "x-tenant"]) {
        headers.set(name, meant.id);
      }
      headers.set("referer", `http://localhost:8000/leads?w=${meant.slug}`);
    }
    if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
    const query = new URLSearchParams();
    const inWorkspace = IN_WORKSPACE.has(door);
    if (inWorkspace || place === "query") query.set("w", at("query").slug);
    if (place === "cursor") query.set("cursor", foreignCursor);
    const path = pattern.replaceAll(
      /:(\w+)/g,
      (_, name: string) =>
        encodeURIComponent(idOf(name, pattern, at("path") === foreign)),
    );
    const fields = {
      w: meant.slug,
      tenantId: meant.id,
      scope: meant.id,
      tenant: meant.slug,
      role: "agency_admin",
    };
    return {
      url: `${path}?${query}`,
      init: {
        method,
        headers,
        ...(method === "POST" ? { body: new URLSearchParams(fields) } : {}),
      },
    };
  }

  /** The foreign ones are those of the other brand's records. */
  function idOf(name: string, pattern: string, isForeign: boolean): string {
    const { own, foreign } = brands;
    if (name === "slug") return isForeign ? foreign.slug : own.slug;
    if (name === "id") {
      const id = pattern.startsWith("/leads/") ? "107" : "301";
      return isForeign ? `9${id}` : id;
    }
    if (name === "week") return "2026-03-02";
    return isForeign ? foreign.id : own.id;
  }

  /** A session of its own for each request: some of them end it. */
  async function sessionOf(role: MatrixRole): Promise<string[]> {
    const user = users.get(role);
    if (!user) return [];
    const { store, clock } = brands.app;
    return [`session=${await startSession(store, user, clock)}`];
  }
});

function nameOf({ pattern, role, tenant, place, method }: Case): string {
  return `${method} ${pattern} as ${role}, ${tenant} in the ${place}`;
}
