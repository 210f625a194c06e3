import { TEST_PASSWORD } from "../_app.ts";
import type { BrandThings } from "./_two_brands.ts";

/** What a route needs, and so what a stranger must get. */
export type Door =
  /** No session: sign-in, one-time links, health. */
  | "open"
  /** A session, and nothing of a tenant. */
  | "own"
  /** A page of a workspace. */
  | "page"
  /** A page of a workspace for those who manage it. */
  | "managed"
  /** A page of a workspace for the agency alone. */
  | "agency"
  /** A JSON endpoint of a workspace. */
  | "json"
  /** Events of a workspace, without an end. */
  | "stream"
  /** The agency's pages. */
  | "admin";

/** Every route of the portal. One that is missing fails the matrix. */
export const DOORS: Record<string, Door> = {
  "/": "open",
  "/account": "own",
  "/account/passkeys": "own",
  "/account/passkeys/options": "own",
  "/account/password": "own",
  "/account/second-factor": "own",
  "/account/sessions": "own",
  "/admin": "admin",
  "/admin/audit": "admin",
  "/admin/audit.csv": "admin",
  "/admin/invitations": "admin",
  "/admin/operations": "admin",
  "/admin/runs": "admin",
  "/admin/security": "admin",
  "/admin/tenants": "admin",
  "/admin/tenants/:slug": "admin",
  "/admin/tenants/:slug/delete": "admin",
  "/admin/tenants/:slug/erase": "admin",
  "/admin/tenants/:slug/logo": "admin",
  "/admin/tenants/:slug/quarantine": "admin",
  "/admin/tenants/:slug/quarantine/record": "admin",
  "/admin/tenants/:slug/runs": "admin",
  "/admin/tenants/:slug/runs/:run": "admin",
  "/admin/tenants/:slug/runs/:run/progress": "admin",
  "/admin/tenants/:slug/tokens": "admin",
  "/admin/tenants/new": "admin",
  "/admin/users": "admin",
  "/admin/users/:id": "admin",
  "/api/dashboard/hot-list": "json",
  "/api/dashboard/leads": "json",
  "/api/dashboard/notes": "json",
  "/api/dashboard/notes/:id": "json",
  "/api/dashboard/pipeline": "json",
  "/api/dashboard/schedule": "json",
  "/api/health": "open",
  "/api/openapi.json": "open",
  "/ahead.json": "open",
  "/api/ready": "open",
  "/api/reports": "json",
  "/api/sync/events": "stream",
  "/api/sync/status": "json",
  "/api/sync/trigger": "json",
  "/calendar/:slug/:file": "open",
  "/changes": "page",
  "/dashboard": "page",
  "/forgot": "open",
  "/hot-list": "page",
  "/hot-list.csv": "page",
  "/invite/:token": "open",
  "/leads": "page",
  "/leads.csv": "page",
  "/leads/:id": "page",
  "/leads/:id/raw": "agency",
  "/login": "open",
  "/login/passkey": "open",
  "/login/passkey-options": "open",
  "/login/second-factor": "open",
  "/logo": "page",
  "/logout": "open",
  "/notes": "page",
  "/notes.csv": "page",
  "/notes/:id": "page",
  "/people": "managed",
  "/people/tokens": "managed",
  "/pipeline": "page",
  "/pipeline/entries": "page",
  "/pipeline/moves": "page",
  "/pipeline/opportunities": "page",
  "/pipeline/quiet": "page",
  "/pipeline/stalled": "page",
  "/pipeline/value": "page",
  "/reports": "page",
  "/reports/:week": "page",
  "/reports/:week/edit": "managed",
  "/reports/latest": "page",
  "/reset/:token": "open",
  "/reset/done": "open",
  "/saved-views": "page",
  "/schedule": "page",
  "/select-workspace": "own",
};

/** Who asks: nobody, and the people of one's own brand, of the agency, and of the other brand. */
export const ROLES = [
  "anonymous",
  "tenant_viewer",
  "tenant_admin",
  "agency_admin",
  "other_viewer",
] as const;
export type MatrixRole = typeof ROLES[number];

/** Where the id of a tenant, or of a thing of it, can travel. A path is one place for each of its ids. */
export const PLACES = [
  /** `w`, which names the workspace. */
  "query",
  /** `w` twice, and other names that somebody might read. */
  "query_twice",
  "query_names",
  /** Fields of a form, and what a form does not have. */
  "body",
  "header",
  /** Cookies that name a workspace. */
  "cookie",
  /** A session cookie made of what is stored of somebody's session. */
  "forged_session",
  /** The workspace that the session itself remembers. */
  "session",
  "cursor",
  "path",
] as const;
export type Place = typeof PLACES[number];

/** Ids of a path, by their route. One that is missing fails the matrix. */
export const PATH_IDS: Record<string, (things: BrandThings) => string> = {
  "/admin/tenants/:slug": ({ tenant }) => tenant.slug,
  "/admin/tenants/:slug/runs/:run": ({ run }) => run,
  "/admin/users/:id": ({ member }) => member.id,
  "/api/dashboard/notes/:id": ({ note }) => note,
  "/calendar/:slug": ({ tenant }) => tenant.slug,
  "/calendar/:slug/:file": ({ calendar }) => calendar,
  "/invite/:token": ({ invitation }) => invitation,
  "/leads/:id": ({ lead }) => lead,
  "/notes/:id": ({ note }) => note,
  "/reports/:week": ({ week }) => week,
  "/reset/:token": ({ session }) => session,
};

type Form = (things: BrandThings) => Record<string, string>;

const everyAction = (
  actions: readonly string[],
  fields: Form,
): Form[] => actions.map((one) => (things) => ({ do: one, ...fields(things) }));

const TOKEN_FORMS = everyAction(["revoke", "create"], ({ apiToken }) => ({
  id: apiToken,
  name: "Sheet",
  days: "30",
  "scope-leads": "yes",
}));

/** The forms of every route that takes a POST, filled in with ids. One that is missing fails the matrix. */
export const FORMS: Record<string, Form[]> = {
  "/account/passkeys": everyAction(["add", "remove"], ({ passkey }) => ({
    id: passkey,
    name: "Laptop",
    response: JSON.stringify({ id: passkey }),
    password: TEST_PASSWORD,
  })),
  "/account/passkeys/options": [() => ({ password: "wrong" })],
  "/account/password": [
    () => ({ current: "wrong", next: "x".repeat(20), again: "x".repeat(20) }),
  ],
  "/account/second-factor": everyAction(
    ["begin", "confirm", "codes", "off"],
    () => ({ code: "000000", password: "wrong" }),
  ),
  "/account/sessions": [({ session }) => ({ session })],
  "/admin/invitations": [
    ({ invitation }) => ({ do: "revoke", id: invitation }),
    ({ tenant }) => ({
      do: "invite",
      email: `somebody@${tenant.slug}.example.com`,
      role: "tenant_viewer",
      tenant: tenant.slug,
    }),
  ],
  "/admin/security": [() => ({ needed: "no" })],
  "/admin/tenants/:slug": everyAction(["save", "test"], ({ tenant }) => ({
    slug: tenant.slug,
    name: "",
  })),
  "/admin/tenants/:slug/delete": [
    ({ tenant }) => ({ confirmation: `not ${tenant.slug}` }),
  ],
  "/admin/tenants/:slug/erase": [
    ({ lead }) => ({ id: lead, confirmation: `not ${lead}` }),
  ],
  "/admin/tenants/:slug/logo": everyAction(["save"], ({ tenant }) => ({
    logo: tenant.id,
  })),
  "/admin/tenants/:slug/quarantine": everyAction(
    ["accept", "retry"],
    ({ lead }) => ({ stream: "leads", id: lead }),
  ),
  "/admin/tenants/:slug/runs": [() => ({ do: "sync" })],
  "/admin/tenants/:slug/tokens": TOKEN_FORMS,
  "/admin/tenants/new": [
    ({ tenant }) => ({ do: "save", slug: tenant.slug, name: "" }),
  ],
  "/admin/users/:id": [
    ({ tenant }) => ({
      do: "role",
      role: "tenant_viewer",
      tenant: tenant.slug,
    }),
    () => ({ do: "save", name: "", email: "" }),
  ],
  "/api/sync/trigger": [({ tenant }) => ({ tenant: tenant.slug })],
  "/changes": [
    ({ tenant }) => ({ seen: "2026-03-11T15:00:00.000Z", w: tenant.slug }),
  ],
  "/forgot": [({ member }) => ({ email: member.email })],
  "/invite/:token": [() => ({ name: "Robin", password: "wrong" })],
  "/login": [({ member }) => ({ email: member.email, password: "wrong" })],
  "/login/passkey": [
    ({ passkey }) => ({ response: JSON.stringify({ id: passkey }) }),
  ],
  "/login/passkey-options": [() => ({ next: "/leads" })],
  "/login/second-factor": [() => ({ code: "000000" })],
  "/logout": [({ session }) => ({ session })],
  "/people": [
    ...everyAction(["revoke"], ({ invitation }) => ({ id: invitation })),
    ...everyAction(["remove"], ({ member }) => ({ id: member.id })),
    ...everyAction(["invite"], ({ tenant }) => ({
      email: `somebody@${tenant.slug}.example.com`,
    })),
  ],
  "/people/tokens": TOKEN_FORMS,
  "/reports": everyAction(["subscribe", "unsubscribe"], ({ member }) => ({
    user: member.id,
  })),
  "/reports/:week/edit": everyAction(
    ["save", "publish", "unpublish", "correct"],
    ({ week }) => ({ week, stamp: "0", title: "Odd", summary: "Odd" }),
  ),
  "/reset/:token": [() => ({ password: "wrong", again: "wrong" })],
  "/saved-views": everyAction(
    ["save", "rename", "delete"],
    ({ savedView }) => ({ id: savedView, list: "leads", name: "Odd" }),
  ),
  "/schedule": everyAction(["make", "end"], ({ member }) => ({
    user: member.id,
  })),
  "/select-workspace": [
    ({ tenant }) => ({ tenant: tenant.slug, next: "/leads" }),
    ({ tenant }) => ({ tenant: tenant.id, next: `/leads?w=${tenant.slug}` }),
  ],
};

/** The ids in a pattern's path: their names, and what each is in one's own brand or the other. */
export function pathIds(
  pattern: string,
): Array<{ name: string; of: (things: BrandThings) => string }> {
  return [...pattern.matchAll(/:(\w+)/g)].map(({ 1: name, index }) => {
    const upTo = pattern.slice(0, index) + `:${name}`;
    const of = PATH_IDS[upTo];
    if (!of) throw new Error(`PATH_IDS says nothing of ${upTo}`);
    return { name: name!, of };
  });
}
