import type { DemoEmail } from "./_world.ts";

/** One picture's page, and the state that it is in. */
export interface Scene {
  /** Names the file: `leads`, `leads-empty`. */
  name: string;
  path: string;
  /** Nobody is signed in when it is not given. */
  as?: DemoEmail;
  /** Hours that have passed since the last sync. */
  late?: number;
  /** Only what is seen before scrolling. */
  fold?: boolean;
  /** Loaded already, and then without a connection. */
  offline?: boolean;
}

const BRAND = "alder-burgers";
/** A brand that was added a minute ago. */
export const NEW_BRAND = "fern-daycare";
/** A brand whose key ClientTether refuses since today. */
export const REFUSED_BRAND = "harbor-pilates";
const AGENCY = "agency@example.com";
const VIEWER = "dana@example.com";
/** A lead of the brand. */
export const PERSON = "765000100";
/** One who is close to signing. */
export const CANDIDATE = "765000124";
/** A Monday of the history. */
export const EARLIER = "2026-03-09";

/** The seven pages of a workspace. */
export const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
] as const;
const IN_THE_PAST = PAGES.filter((page) => page !== "reports");

function inBrand(page: string, query: Record<string, string> = {}): string {
  return `/${page}?${new URLSearchParams({ w: BRAND, ...query })}`;
}

/** Every page in every state, as far as an address leads there. */
export const SCENES: readonly Scene[] = [
  { name: "login", path: "/login" },
  { name: "forgot", path: "/forgot" },
  {
    name: "select-workspace",
    path: "/select-workspace",
    as: "viewer@example.com",
  },
  ...PAGES.map((page) => ({ name: page, path: inBrand(page), as: VIEWER })),
  ...PAGES.map((page) => ({
    name: `${page}-empty`,
    path: `/${page}?w=${NEW_BRAND}`,
    as: AGENCY,
  })),
  ...PAGES.map((page) => ({
    name: `${page}-stale`,
    path: inBrand(page),
    as: VIEWER,
    late: 3,
  })),
  {
    name: "dashboard-late",
    path: inBrand("dashboard"),
    as: VIEWER,
    late: 30,
  },
  {
    name: "dashboard-critical",
    path: inBrand("dashboard"),
    as: VIEWER,
    late: 80,
  },
  ...PAGES.map((page) => ({
    name: `${page}-refused`,
    path: `/${page}?w=${REFUSED_BRAND}`,
    as: AGENCY,
  })),
  ...IN_THE_PAST.map((page) => ({
    name: `${page}-earlier`,
    path: inBrand(page, { on: EARLIER }),
    as: VIEWER,
  })),
  {
    name: "dashboard-offline",
    path: inBrand("dashboard"),
    as: VIEWER,
    offline: true,
  },
  {
    name: "leads-filtered",
    path: inBrand("leads", { source: "Referral", period: "28days" }),
    as: VIEWER,
  },
  {
    name: "leads-no-match",
    path: inBrand("leads", { search: "nobody is called this" }),
    as: VIEWER,
  },
  {
    name: "leads-wrong-address",
    path: inBrand("leads", { period: "fortnight" }),
    as: VIEWER,
  },
  {
    name: "notes-search",
    path: inBrand("notes", { search: "call" }),
    as: VIEWER,
  },
  {
    name: "schedule-month",
    path: inBrand("schedule", { view: "month" }),
    as: VIEWER,
  },
  { name: "person", path: inBrand(`leads/${CANDIDATE}`), as: VIEWER },
  {
    name: "person-earlier",
    path: inBrand(`leads/${CANDIDATE}`, { on: EARLIER }),
    as: VIEWER,
  },
  {
    name: "person-unknown",
    path: inBrand("leads/1"),
    as: VIEWER,
  },
  { name: "changes", path: inBrand("changes"), as: VIEWER },
  {
    name: "pipeline-opportunities",
    path: inBrand("pipeline/opportunities", { stage: "QR Returned" }),
    as: VIEWER,
  },
  {
    name: "pipeline-value",
    path: inBrand("pipeline/value", { period: "28d" }),
    as: VIEWER,
  },
  {
    name: "pipeline-entries",
    path: inBrand("pipeline/entries", { period: "28d" }),
    as: VIEWER,
  },
  { name: "pipeline-quiet", path: inBrand("pipeline/quiet"), as: VIEWER },
  { name: "report", path: inBrand("reports/latest"), as: VIEWER },
  { name: "people", path: inBrand("people"), as: VIEWER },
  { name: "people-tokens", path: inBrand("people/tokens"), as: VIEWER },
  { name: "account", path: "/account", as: VIEWER },
  { name: "not-found", path: inBrand("nowhere"), as: VIEWER },
  ...[
    "tenants",
    `tenants/${BRAND}`,
    `tenants/${BRAND}/runs`,
    `tenants/${BRAND}/tokens`,
    `tenants/${BRAND}/quarantine`,
    `tenants/${REFUSED_BRAND}/runs`,
    "tenants/new",
    "runs",
    "users",
    "audit",
    "security",
  ].map((page) => ({
    name: `admin-${page.replaceAll("/", "-")}`,
    path: `/admin/${page}`,
    as: AGENCY,
  })),
  {
    name: "admin-erase",
    path: `/admin/tenants/${BRAND}/erase?search=${PERSON}`,
    as: AGENCY,
  },
  {
    name: "admin-erase-person",
    path: `/admin/tenants/${BRAND}/erase?id=${PERSON}`,
    as: AGENCY,
  },
  {
    name: "admin-users-brand",
    path: `/admin/users?tenant=${BRAND}`,
    as: AGENCY,
  },
  { name: "admin-invitations", path: "/admin/invitations", as: AGENCY },
];
