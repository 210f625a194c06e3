import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { passwords } from "../../lib/auth/mod.ts";
import {
  beginSecondFactor,
  enableSecondFactor,
  findTenant,
  getUserByEmail,
  listAudit,
  listMemberships,
} from "../../lib/store/mod.ts";
import { addAcme, type CliRig, createCliRig } from "./_rig.ts";

const PASSWORD = " correct horse battery ";
let rig: CliRig;
beforeEach(async () => {
  rig = await createCliRig();
  rig.env.set("PORTAL_PASSWORD", PASSWORD);
});
afterEach(async () => await rig[Symbol.asyncDispose]());

function add(role: string, ...rest: string[]) {
  return rig.run(
    ...["user", "add", "--email", "Robin@Example.com", "--name", "Robin"],
    ...["--role", role, ...rest],
  );
}

/** The user and the scopes of its memberships. */
function stored() {
  return rig.inPortal(async ({ store }) => {
    const user = await getUserByEmail(store, "robin@example.com");
    const memberships = user ? await listMemberships(store, user.id) : [];
    return {
      user,
      memberships: memberships.map(({ scope, role }) => ({ scope, role })),
    };
  });
}

describe("portal user add", () => {
  it("adds an agency_admin of every tenant, who signs in with the very password given", async () => {
    const { code, out, err } = await add("agency_admin");
    expect({ code, out, err }).toEqual({
      code: 0,
      out: ["Added 'robin@example.com' as agency_admin."],
      err: [],
    });
    const { user, memberships } = await stored();
    expect(memberships).toEqual([{ scope: "*", role: "agency_admin" }]);
    expect(await passwords.verify(PASSWORD, user!.passwordHash)).toBe(true);
  });

  it("gives somebody who is there a further brand and leaves the password", async () => {
    await addAcme(rig);
    await rig.run("tenant", "add", "--name", "Bravo", "--timezone", "UTC");
    await add("tenant_viewer", "--tenant", "acme");
    const before = await stored();
    rig.env.delete("PORTAL_PASSWORD");
    const { code, out } = await add("tenant_admin", "--tenant", "bravo");
    expect(code).toBe(0);
    expect(out).toEqual([
      "'robin@example.com' was there already and is now tenant_admin here too. The password stays.",
    ]);
    const after = await stored();
    expect(after.user).toEqual(before.user);
    const [acme, bravo] = await rig.inPortal(({ store }) =>
      Promise.all(["acme", "bravo"].map((slug) => findTenant(store, slug)))
    );
    expect(new Set(after.memberships)).toEqual(
      new Set([
        { scope: acme!.id, role: "tenant_viewer" },
        { scope: bravo!.id, role: "tenant_admin" },
      ]),
    );
  });

  it("fails when the person has the role already", async () => {
    await add("agency_admin");
    const { code, err } = await add("agency_admin");
    expect(code).toBe(1);
    expect(err).toEqual([
      "Cannot add 'robin@example.com': the address is taken, with this role already",
    ]);
  });

  const wrong: [title: string, args: [string, ...string[]], message: string][] =
    [
      [
        "an unknown role",
        ["owner"],
        "Cannot do this: --role must be agency_admin, tenant_admin, tenant_viewer",
      ],
      [
        "a tenant's role without a tenant",
        ["tenant_viewer"],
        "Cannot do this: a tenant_viewer belongs to a tenant: name it by --tenant",
      ],
      [
        "an agency_admin of one tenant",
        ["agency_admin", "--tenant", "acme"],
        "Cannot do this: an agency_admin sees every tenant: leave out --tenant",
      ],
      [
        "an unknown tenant",
        ["tenant_admin", "--tenant", "nobody"],
        "Cannot find tenant 'nobody': no tenant has this slug or id",
      ],
    ];
  for (const [title, args, message] of wrong) {
    it(`is wrong usage with ${title}`, async () => {
      const { code, out, err } = await add(...args);
      expect({ code, out, err }).toEqual({ code: 2, out: [], err: [message] });
      expect((await stored()).user).toBeNull();
    });
  }

  it("names the variable of a password that is missing or too weak", async () => {
    rig.env.set("PORTAL_PASSWORD", "short");
    expect(await add("agency_admin")).toMatchObject({
      code: 2,
      err: [
        "Cannot use PORTAL_PASSWORD: The password is too short: use at least 12 characters",
      ],
    });
    rig.env.set("PORTAL_PASSWORD", "  ");
    expect(await add("agency_admin")).toMatchObject({
      code: 2,
      err: [
        "Cannot do this: no password was given. Set PORTAL_PASSWORD, or type it when asked.",
      ],
    });
  });
});

describe("portal user reset-second-factor", () => {
  it("takes away what a locked-out person has lost, and writes it down", async () => {
    await add("agency_admin");
    const before = await stored();
    await rig.inPortal(async ({ store, clock, secrets }) => {
      const { id } = before.user!;
      const totp = await secrets.seal(id, "totp", "GEZDGNBVGY3TQOJQ");
      await beginSecondFactor(store, id, totp, {
        session: "0".repeat(16),
        until: "2100-01-01T00:00:00.000Z",
      });
      const facts = { totp, step: 1, recoveryHashes: ["a"] };
      await enableSecondFactor(store, id, facts, clock);
    });
    const { code, out } = await rig.run(
      ...["user", "reset-second-factor", "robin@example.com"],
    );
    expect(code).toBe(0);
    expect(out[0]).toContain("has no second factor and no passkey any more");
    const { user } = await stored();
    expect(user!.secondFactorAt).toBe(null);
    expect(user!.sessionEpoch).toBeGreaterThan(before.user!.sessionEpoch);
    expect(user!.passwordHash).toBe(before.user!.passwordHash);
    const { rows } = await rig.inPortal(({ store }) =>
      listAudit(store, { limit: 1 })
    );
    expect(rows).toMatchObject([{
      action: "second_factor.disabled",
      actor: { kind: "operator" },
      target: user!.id,
    }]);
  });
});
