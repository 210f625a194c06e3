import type {
  ApiScope,
  Clock,
  KeptDays,
  SyncState,
  VisitMark,
} from "../domain/mod.ts";
import type { Passwords, Secrets, SignedIn } from "../auth/mod.ts";
import type { Role, Store, Tenant, TenantStore } from "../store/mod.ts";
import type { Upstream } from "./connection.ts";
import type { PortalRole } from "./config.ts";
import type { Mailer } from "./mail.ts";
import type { Schedule } from "./readiness.ts";
import type { SyncFeed } from "./sync_feed.ts";

/** What the portal logs through; a LogTape logger is one. */
export interface WebLog {
  info(message: string, properties: Record<string, unknown>): void;
  warn(message: string, properties: Record<string, unknown>): void;
  error(message: string, properties: Record<string, unknown>): void;
}

/** Where each request leaves its line; a test may put its own in place. */
export type RequestLog = Pick<WebLog, "info">;

/** What every request works with: opened once by main.ts or a test, and passed on. */
export interface Services {
  store: Store;
  clock: Clock;
  /** Shown by the health endpoint. */
  version: string;
  /** Marks a tenant as due for a sync; it does not wait for the sync. */
  requestSync(tenantId: string): Promise<void>;
  /** Seals what a tenant entrusts to the portal. */
  secrets: Secrets;
  /** How a connection check reaches ClientTether. */
  upstream: Upstream;
  /** The portal's own logger unless given. */
  log?: WebLog;
  /** Gets one line for each request; the portal's own logger unless given. */
  requestLog?: RequestLog;
  /** How passwords are hashed; the process's own limiter unless given. */
  passwords?: Passwords;
  /** Sends links; without it they are shown to whoever makes them. */
  mail?: Mailer;
  /** Tells open pages of finished syncs; the process's own unless given. */
  syncFeed?: SyncFeed;
  /** Whether a webhook is told of tenants in trouble. */
  isAlerting?: boolean;
  /** Where this process runs the schedule. */
  schedule?: Schedule;
  /** The address that browsers see, where a proxy hides it: `https://portal.example.com`. */
  publicUrl?: string;
  /** Whether X-Forwarded-Proto and X-Forwarded-Host come from a proxy and not from anyone. */
  trustProxy?: boolean;
  /** What this process does; both unless given. */
  role?: PortalRole;
}

/** The user as pages may show them. */
export interface PublicUser {
  id: string;
  name: string;
  email: string;
  /** In the workspace of the request; before one is chosen only an agency admin has a role. */
  role: Role | null;
}

/** A workspace in a menu. */
export interface WorkspaceLink {
  slug: string;
  name: string;
}

/** The tenant as pages may show it: no key, sealed or not. */
export type WorkspaceTenant = Pick<
  Tenant,
  | "id"
  | "slug"
  | "name"
  | "timezone"
  | "currency"
  | "accent"
  | "logo"
  | "qualifiedFrom"
  | "qualifiedTo"
  | "hotFrom"
  | "hotTo"
>;

/** A tenant that the guard has opened for the user of this request. */
export interface Workspace {
  tenant: WorkspaceTenant;
  /** Reads this tenant's data and no other's. */
  store: TenantStore;
  sync: SyncState;
  role: Role;
  /** Where the visits of this user stand; null before the first. */
  visit: VisitMark | null;
}

/** The API token that a request carries. */
export interface TokenHolder {
  id: string;
  tokenHash: string;
  name: string;
  /** The one tenant that it opens. */
  tenantId: string;
  scopes: readonly ApiScope[];
}

/** The earlier day that a request looks at. Its workspace, services included, is as of then. */
export interface Past {
  /** The day that was asked for, YYYY-MM-DD: what links keep. */
  on: string;
  /** The newest day with a sync up to that one: the figures are of this day. */
  day: string;
  /** When its last sync had ended, epoch milliseconds. */
  moment: number;
}

/** Which days a page could be looked at, and which one it is. */
export interface Travel {
  kept: KeptDays;
  /** Null: the page shows the present. */
  past: Past | null;
  /** What is wrong with the day that was asked for. */
  problem: string | null;
  /** The query but for workspace, day and place in a list: what stays when another day is chosen. */
  keep: Record<string, string[]>;
  /** What the time is now, whatever day is looked at. */
  clock: Clock;
}

/** What middleware leaves for the routes of a request. */
export interface State {
  services: Services;
  /** Names the request in the log, in the header `x-request-id` and in error answers. */
  requestId: string;
  signedIn: SignedIn | null;
  user: PublicUser | null;
  /** Never beside `signedIn`. */
  apiToken: TokenHolder | null;
  /** What the user may switch to, for pages behind the guard; null where it is more than a menu holds. */
  workspaces: WorkspaceLink[] | null;
  workspace: Workspace | null;
  /** Null where a page knows no earlier day. */
  travel: Travel | null;
}

/** The state of a JSON endpoint that reads: there is a workspace, and who asks is a user or a token. */
export interface ReadingState extends State {
  workspace: Workspace;
}

/** The state of a route behind the guard: there is a user and a workspace. */
export interface WorkspaceState extends State {
  signedIn: SignedIn;
  user: PublicUser & { role: Role };
  workspace: Workspace;
}
