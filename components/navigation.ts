/** A page of a workspace. */
export interface NavigationItem {
  name: string;
  path: string;
}

/** The pages of every workspace, in the order in which the header shows them. */
export const PAGES: readonly NavigationItem[] = [
  { name: "Dashboard", path: "/dashboard" },
  { name: "Reports", path: "/reports" },
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
