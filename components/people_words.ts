/** What people call a role. */
export function roleName(role: string): string {
  return Object.hasOwn(ROLE_NAMES, role) ? ROLE_NAMES[role]! : role;
}

const ROLE_NAMES: Record<string, string> = {
  agency_admin: "Agency admin",
  tenant_admin: "Admin",
  tenant_viewer: "Viewer",
};

/** What a role allows, for the choice of one. */
export const ROLE_OPTIONS = [
  { value: "tenant_viewer", text: "Viewer: sees one brand" },
  { value: "tenant_admin", text: "Admin: sees one brand, invites its viewers" },
  { value: "agency_admin", text: "Agency admin: everything, every brand" },
];
