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
  "/admin/runs": "admin",
  "/admin/security": "admin",
  "/admin/tenants": "admin",
  "/admin/tenants/:slug": "admin",
  "/admin/tenants/:slug/delete": "admin",
  "/admin/tenants/:slug/erase": "admin",
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
  "/api/reports": "json",
  "/api/sync/events": "stream",
  "/api/sync/status": "json",
  "/api/sync/trigger": "json",
  "/dashboard": "page",
  "/forgot": "open",
  "/hot-list": "page",
  "/invite/:token": "open",
  "/leads": "page",
  "/leads/:id": "page",
  "/login": "open",
  "/login/passkey": "open",
  "/login/passkey-options": "open",
  "/login/second-factor": "open",
  "/logout": "open",
  "/notes": "page",
  "/notes/:id": "page",
  "/people": "managed",
  "/people/tokens": "managed",
  "/pipeline": "page",
  "/pipeline/opportunities": "page",
  "/reports": "page",
  "/reports/:week": "page",
  "/reports/:week/edit": "managed",
  "/reports/latest": "page",
  "/reset/:token": "open",
  "/reset/done": "open",
  "/schedule": "page",
  "/select-workspace": "own",
};

export const ROLES = [
  "anonymous",
  "tenant_viewer",
  "tenant_admin",
  "agency_admin",
] as const;
export type MatrixRole = typeof ROLES[number];

/** Where the id of a tenant, or of a thing of it, can travel. */
export const PLACES = [
  "query",
  "path",
  "body",
  "header",
  "cookie",
  "cursor",
] as const;
export type Place = typeof PLACES[number];
