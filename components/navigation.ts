/** A page of a workspace. */
export interface NavigationItem {
  name: string;
  path: string;
  /** Whether it can be looked at as of an earlier day; it can unless this says no. */
  travels?: boolean;
}

/** The pages of every workspace, in the order in which the header shows them. */
export const PAGES: readonly NavigationItem[] = [
  { name: "Dashboard", path: "/dashboard" },
  { name: "Reports", path: "/reports", travels: false },
  { name: "Leads", path: "/leads" },
  { name: "Pipeline", path: "/pipeline" },
  { name: "Hot List", path: "/hot-list" },
  { name: "Notes", path: "/notes" },
  { name: "Schedule", path: "/schedule" },
];

/** Whether `pathname` is the page or lies below it. */
export function isPage(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}

/** Where the people of a workspace are managed. */
export const PEOPLE = "/people";

/** Whether somebody with this role finds a link to {@linkcode PEOPLE}. */
export function managesPeople(role: string | null): boolean {
  return role === "agency_admin" || role === "tenant_admin";
}

/** Where the agency manages brands, people and the portal itself. */
export const ADMIN = "/admin/tenants";

/** The pages of the agency; `also` lie beside theirs in the address. */
export const ADMIN_PAGES: ReadonlyArray<
  NavigationItem & { also?: readonly string[] }
> = [
  { name: "Brands", path: ADMIN },
  { name: "People", path: "/admin/users", also: ["/admin/invitations"] },
  { name: "Operations", path: "/admin/operations" },
  { name: "Runs", path: "/admin/runs" },
  { name: "Audit log", path: "/admin/audit" },
  { name: "Security", path: "/admin/security" },
];

/** Whether somebody with this role finds a link to {@linkcode ADMIN}. */
export function administers(role: string | null): boolean {
  return role === "agency_admin";
}
