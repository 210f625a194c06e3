import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  canAdminister,
  canManagePeople,
  canTrigger,
  isAgencyAdmin,
  roleIn,
} from "../../lib/auth/mod.ts";
import type { Membership, Role } from "../../lib/store/mod.ts";

const membership = (scope: string, role: Role): Membership => ({
  userId: "u1",
  scope,
  role,
  createdAt: "2026-01-01T00:00:00.000Z",
});

describe("roles", () => {
  it("allow what the table of roles says", () => {
    const table = (["agency_admin", "tenant_admin", "tenant_viewer"] as const)
      .map((role) => [
        role,
        canTrigger(role),
        canAdminister(role),
        canManagePeople(role),
      ]);
    expect(table).toEqual([
      ["agency_admin", true, true, true],
      ["tenant_admin", false, false, true],
      ["tenant_viewer", false, false, false],
    ]);
  });

  it("roleIn() knows the tenants of a member and no others", () => {
    const memberships = [membership("acme", "tenant_viewer")];
    expect(roleIn("acme", memberships)).toBe("tenant_viewer");
    expect(roleIn("bravo", memberships)).toBe(null);
    expect(roleIn("*", memberships)).toBe(null);
    expect(roleIn("acme", [])).toBe(null);
  });

  it("roleIn() makes an agency admin one in every tenant", () => {
    const memberships = [
      membership("*", "agency_admin"),
      membership("acme", "tenant_viewer"),
    ];
    expect(isAgencyAdmin(memberships)).toBe(true);
    expect(roleIn("acme", memberships)).toBe("agency_admin");
    expect(roleIn("bravo", memberships)).toBe("agency_admin");
  });
});
