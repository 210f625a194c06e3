import { startSession } from "../../lib/auth/mod.ts";
import { updateSession, type User } from "../../lib/store/mod.ts";
import { hashToken } from "../../lib/auth/mod.ts";
import type { TestApp } from "../_app.ts";
import {
  DOORS,
  FORMS,
  type MatrixRole,
  pathIds,
  type Place,
  PLACES,
} from "./_matrix.ts";
import type { Route } from "./_routes.ts";
import type { BrandThings } from "./_two_brands.ts";

/** One request of the matrix. */
export interface Case {
  pattern: string;
  role: MatrixRole;
  tenant: "own" | "foreign";
  place: Place;
  /** Which id of the path, which form, or which cursor. */
  at: number;
  method: "GET" | "POST";
}

/** Every case of one role. */
export function allCases(routes: readonly Route[], role: MatrixRole): Case[] {
  return routes.flatMap(({ pattern, verbs }) =>
    verbs.flatMap((method) =>
      PLACES.flatMap((place) =>
        (["own", "foreign"] as const).flatMap((tenant) =>
          Array.from({ length: variants(pattern, place, method) }, (_, at) => ({
            pattern,
            role,
            tenant,
            place,
            at,
            method,
          }))
        )
      )
    )
  );
}

function variants(pattern: string, place: Place, method: string): number {
  switch (place) {
    case "path":
      return pathIds(pattern).length;
    case "body":
      return method === "POST" ? FORMS[pattern]?.length ?? 0 : 0;
    case "cursor":
      return method === "GET" ? 1 : 0;
    default:
      return 1;
  }
}

/** How a case is called where it has failed. */
export function nameOf(
  { pattern, role, tenant, place, at, method }: Case,
): string {
  return `${method} ${pattern} as ${role}, ${tenant} in the ${place} ${at}`;
}

/** Whether the route is one of a workspace, which `w` names. */
export function isInWorkspace(pattern: string): boolean {
  return ["page", "json", "stream", "managed", "agency"]
    .includes(DOORS[pattern]!);
}

/** Who asks, from which brand, and what the other brand has. */
export interface Asker {
  app: TestApp;
  user: User | null;
  home: BrandThings;
  away: BrandThings;
}

/** The request of a case. */
export async function requestOf(
  { pattern, tenant, place, at, method }: Case,
  { app, user, home, away }: Asker,
): Promise<{ url: string; init: RequestInit }> {
  const meant = tenant === "own" ? home : away;
  const headers = new Headers({
    origin: "http://localhost:8000",
    "sec-fetch-site": "same-origin",
  });
  const chosen = place === "session" ? meant.tenant.id : null;
  const cookies = place === "forged_session"
    ? [`session=${at % 2 ? meant.session : meant.sessionHash}`]
    : user
    ? [`session=${await sessionOf(app, user, chosen, method)}`]
    : [];
  if (place === "cookie") {
    const { id, slug } = meant.tenant;
    cookies.push(
      `w=${slug}`,
      `workspace=${id}`,
      `tenant=${id}`,
      `slug=${slug}`,
    );
  }
  if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
  if (place === "header") setHeaders(headers, meant);
  const path = pathIds(pattern).reduce(
    (path, { name, of }, n) =>
      path.replace(
        `:${name}`,
        encodeURIComponent(of(place === "path" && n === at ? meant : home)),
      ),
    pattern,
  );
  const body = method === "POST"
    ? bodyOf(pattern, place, at, home, meant)
    : null;
  return {
    url: `${path}?${queryOf(pattern, place, at, home, meant)}`,
    init: { method, headers, ...body ? { body } : {} },
  };
}

function setHeaders(headers: Headers, { tenant: { id, slug } }: BrandThings) {
  for (const name of ["x-tenant-id", "x-workspace", "x-tenant", "x-w"]) {
    headers.set(name, id);
  }
  headers.set("x-original-url", `/leads?w=${slug}`);
  headers.set("x-rewrite-url", `/leads?w=${slug}`);
  headers.set("x-http-method-override", "GET");
  headers.set("x-forwarded-prefix", `/${slug}`);
  headers.set("referer", `http://localhost:8000/leads?w=${slug}`);
}

function queryOf(
  pattern: string,
  place: Place,
  at: number,
  home: BrandThings,
  meant: BrandThings,
): URLSearchParams {
  const query = new URLSearchParams();
  const { id, slug } = meant.tenant;
  if (place === "query") query.set("w", slug);
  else if (place === "query_twice") {
    query.append("w", home.tenant.slug);
    query.append("w", slug);
  } else if (isInWorkspace(pattern) && place !== "session") {
    query.set("w", home.tenant.slug);
  }
  if (place === "query_names") {
    for (const name of ["tenant", "tenantId", "scope", "workspace", "slug"]) {
      query.set(name, name === "slug" ? slug : id);
    }
    query.set("W", slug);
    query.set("user", meant.member.id);
    query.set("lead", meant.lead);
    query.set("id", meant.note);
    query.set("run", meant.run);
    query.set("week", meant.week);
  }
  if (place === "cursor") query.set("cursor", meant.cursors[at]!);
  return query;
}

/** A form of the route; with what it does not have, too, where the ids travel in the body. */
function bodyOf(
  pattern: string,
  place: Place,
  at: number,
  home: BrandThings,
  meant: BrandThings,
): URLSearchParams {
  const forms = FORMS[pattern] ?? [];
  if (place !== "body") return new URLSearchParams(forms[0]?.(home) ?? {});
  return new URLSearchParams({
    w: meant.tenant.slug,
    tenantId: meant.tenant.id,
    scope: meant.tenant.id,
    tenant: meant.tenant.slug,
    role: "agency_admin",
    user: meant.member.id,
    userId: meant.member.id,
    run: meant.run,
    week: meant.week,
    lead: meant.lead,
    link: meant.invitation,
    session: meant.session,
    ...forms[at]!(meant),
  });
}

/** Sessions by user and chosen workspace, for requests that end none. */
const reused = new WeakMap<User, Map<string | null, string>>();

async function sessionOf(
  { store, clock }: TestApp,
  user: User,
  tenantId: string | null,
  method: Case["method"],
): Promise<string> {
  const known = reused.get(user) ?? new Map<string | null, string>();
  reused.set(user, known);
  const kept = method === "GET" ? known.get(tenantId) : undefined;
  if (kept) return kept;
  const token = await startSession(store, user, clock);
  if (tenantId !== null) {
    await updateSession(store, hashToken(token), { tenantId }, clock);
  }
  if (method === "GET") known.set(tenantId, token);
  return token;
}
