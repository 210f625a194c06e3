import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  acceptInvitation,
  createPasswords,
  type InvitationInput,
  invite,
  INVITE_LIMIT,
  INVITE_MS,
  joinByInvitation,
  listInvitations,
  type Passwords,
  readInvitation,
  readSession,
  revokeInvitation,
  startSession,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import {
  ConflictError,
  NotFoundError,
  UsageError,
} from "../../lib/domain/mod.ts";
import {
  createTenant,
  createUser,
  getUserByEmail,
  listMembers,
  listMemberships,
  newId,
  openStore,
  removeMembership,
  type Role,
  setMembership,
  setTenantStatus,
  type Store,
  type Tenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const PASSWORD = "correct horse battery";
const EMAIL = "new@example.com";
const ROBIN = { name: "Robin Example", password: PASSWORD };

describe("invitations", () => {
  let store: Store;
  let clock: TestClock;
  let passwords: Passwords;
  let acme: Tenant;
  let bravo: Tenant;
  let agency: User;
  let admin: User;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    passwords = createPasswords({ cost: { N: 16, r: 8, p: 1 } });
    acme = await createTenant(store, { name: "Acme", timezone: "UTC" }, clock);
    bravo = await createTenant(
      store,
      { name: "Bravo", timezone: "UTC" },
      clock,
    );
    agency = await addUser("agency_admin", "*");
    admin = await addUser("tenant_admin", acme.id);
  });

  afterEach(() => store.close());

  const addUser = async (role: Role, scope: string, email?: string) =>
    await createUser(store, {
      email: email ?? `${newId().toLowerCase()}@example.com`,
      name: "Somebody",
      passwordHash: await passwords.hash(PASSWORD),
      membership: { scope, role },
    }, clock);
  const inviteBy = async (
    maker: User,
    to: Partial<InvitationInput> = {},
  ) =>
    await invite(
      store,
      { user: maker, memberships: await listMemberships(store, maker.id) },
      { email: EMAIL, role: "tenant_viewer", scope: acme.id, ...to },
      clock,
    );
  const accept = (token: string, account = ROBIN) =>
    acceptInvitation(store, token, account, { clock, passwords });
  const signInAs = async (user: User) => {
    const token = await startSession(store, user, clock);
    return { token, signedIn: (await readSession(store, token, clock))! };
  };
  const join = async (token: string, user: User) =>
    await joinByInvitation(
      store,
      token,
      (await signInAs(user)).signedIn,
      clock,
    );

  it("make an account with the role, once", async () => {
    const { token, invitation } = await inviteBy(agency);
    expect(invitation).toMatchObject({ email: EMAIL, createdBy: agency.id });
    expect(await readInvitation(store, token, clock)).toEqual(invitation);
    const result = await accept(token);
    expect(result).toMatchObject({
      accepted: true,
      user: { email: EMAIL, name: "Robin Example", status: "active" },
    });
    const user = (await getUserByEmail(store, EMAIL))!;
    expect(await passwords.verify(PASSWORD, user.passwordHash)).toBe(true);
    expect(await listMemberships(store, user.id)).toMatchObject([
      { scope: acme.id, role: "tenant_viewer" },
    ]);
    expect(await readInvitation(store, token, clock)).toBe(null);
    expect(await accept(token)).toBe(null);
  });

  it("make one account of many who accept at the same moment", async () => {
    const { token } = await inviteBy(agency);
    const names = Array.from({ length: 10 }, (_, n) => `Robin ${n}`);
    const results = await Promise.all(
      names.map((name) => accept(token, { name, password: PASSWORD })),
    );
    const accepted = results.filter((result) => result?.accepted);
    expect(accepted).toHaveLength(1);
    expect(await getUserByEmail(store, EMAIL)).toMatchObject(
      { name: accepted[0]?.accepted && accepted[0].user.name },
    );
    expect(await listMembers(store, acme.id)).toHaveLength(2);
  });

  it("refuse a bad name and a bad password and stay good", async () => {
    const { token } = await inviteBy(agency);
    const wrong = [
      { account: { ...ROBIN, name: "  " }, field: "name" },
      { account: { ...ROBIN, password: "short" }, field: "password" },
      { account: { ...ROBIN, password: `${EMAIL} 1` }, field: "password" },
    ];
    for (const { account, field } of wrong) {
      expect(await accept(token, account)).toMatchObject({
        accepted: false,
        refusal: { field },
      });
    }
    expect(await accept(token)).toMatchObject({ accepted: true });
  });

  it("are good for seven days by the value, not by the row", async () => {
    const { token } = await inviteBy(agency);
    clock.advance(INVITE_MS - 1);
    expect(await readInvitation(store, token, clock)).not.toBe(null);
    clock.advance(1);
    expect(await readInvitation(store, token, clock)).toBe(null);
    expect(await accept(token)).toBe(null);
    expect(await listInvitations(store, clock)).toEqual([]);
  });

  it("give nothing to a token that nobody made", async () => {
    for (const token of ["", "x", "A".repeat(43), "__proto__"]) {
      expect(await readInvitation(store, token, clock)).toBe(null);
      expect(await accept(token)).toBe(null);
    }
  });

  it("end an earlier one of the same address to the same place", async () => {
    const first = await inviteBy(agency);
    const elsewhere = await inviteBy(agency, { scope: bravo.id });
    const second = await inviteBy(agency, { email: " NEW@example.com " });
    expect(await readInvitation(store, first.token, clock)).toBe(null);
    for (const { token } of [second, elsewhere]) {
      expect(await readInvitation(store, token, clock)).not.toBe(null);
    }
  });

  it("give an account that is there a further role and keep its password", async () => {
    const robin = await addUser("tenant_viewer", bravo.id, EMAIL);
    const { token } = await inviteBy(agency);
    expect(await accept(token)).toMatchObject({
      accepted: false,
      refusal: { field: null },
    });
    const joined = await join(token, robin);
    expect(joined?.membership).toMatchObject({
      scope: acme.id,
      role: "tenant_viewer",
    });
    expect(await listMemberships(store, robin.id)).toHaveLength(2);
    expect((await getUserByEmail(store, EMAIL))?.passwordHash)
      .toBe(robin.passwordHash);
    expect(await join(token, robin)).toBe(null);
  });

  it("give the session that joins a new token", async () => {
    const robin = await addUser("tenant_viewer", bravo.id, EMAIL);
    const { token } = await inviteBy(agency);
    const before = await signInAs(robin);
    const joined = await joinByInvitation(store, token, before.signedIn, clock);
    expect(await readSession(store, before.token, clock)).toBe(null);
    expect(await readSession(store, joined!.token!, clock)).toMatchObject({
      user: { id: robin.id },
    });
  });

  it("are for nobody but the address they name", async () => {
    const { token } = await inviteBy(agency);
    expect(await join(token, admin)).toBe(null);
    expect(await readInvitation(store, token, clock)).not.toBe(null);
  });

  it("never take a role away that says more", async () => {
    const robin = await addUser("tenant_viewer", bravo.id, EMAIL);
    const { token } = await inviteBy(agency);
    await setMembership(store, robin.id, acme.id, "tenant_admin", clock);
    expect((await join(token, robin))?.membership.role).toBe("tenant_admin");
    expect(await listMembers(store, acme.id)).toContainEqual(
      expect.objectContaining({ userId: robin.id, role: "tenant_admin" }),
    );
  });

  it("do not open a disabled account", async () => {
    const robin = await addUser("tenant_viewer", bravo.id, EMAIL);
    const { token } = await inviteBy(agency);
    const { signedIn } = await signInAs(robin);
    await updateUser(store, robin.id, { status: "disabled" }, clock);
    expect(await joinByInvitation(store, token, signedIn, clock)).toBe(null);
    expect(await accept(token)).toMatchObject({ accepted: false });
  });

  it("let an admin of a brand invite its viewers and nobody else", async () => {
    expect((await inviteBy(admin)).invitation.role).toBe("tenant_viewer");
    const others: Partial<InvitationInput>[] = [
      { scope: bravo.id },
      { role: "tenant_admin" },
      { role: "agency_admin", scope: "*" },
      { scope: "nowhere" },
    ];
    for (const to of others) {
      await expect(inviteBy(admin, to)).rejects.toThrow(NotFoundError);
    }
    const viewer = await addUser("tenant_viewer", acme.id);
    await expect(inviteBy(viewer)).rejects.toThrow(NotFoundError);
  });

  it("refuse what is no address, what is in already and a role without its place", async () => {
    for (const email of ["", "new", "a,b@example.com", "a b@example.com"]) {
      await expect(inviteBy(agency, { email })).rejects.toThrow(UsageError);
    }
    await expect(inviteBy(agency, { role: "agency_admin" })).rejects
      .toThrow(UsageError);
    await expect(inviteBy(agency, { email: admin.email })).rejects
      .toThrow(ConflictError);
    await expect(inviteBy(agency, { scope: "nowhere" })).rejects
      .toThrow(NotFoundError);
  });

  it("say to an admin nothing of an account elsewhere", async () => {
    await addUser("tenant_viewer", bravo.id, EMAIL);
    const known = await inviteBy(admin);
    const unknown = await inviteBy(admin, { email: "nobody@example.com" });
    const facts = ({ invitation }: typeof known) => ({
      ...invitation,
      id: null,
      email: null,
    });
    expect(facts(known)).toEqual(facts(unknown));
  });

  it("are made by one person only so often", async () => {
    const one = (n: number) =>
      inviteBy(admin, { email: `new${n}@example.com` });
    for (let n = 0; n < INVITE_LIMIT.attempts; n++) await one(n);
    await expect(one(99)).rejects.toThrow(ThrottledError);
    await inviteBy(agency);
  });

  it("end when whoever made them may not make them any more", async () => {
    const byAdmin = await inviteBy(admin);
    const byAgency = await inviteBy(agency, { scope: bravo.id });
    await removeMembership(store, admin.id, acme.id);
    await updateUser(store, agency.id, { status: "disabled" }, clock);
    for (const { token } of [byAdmin, byAgency]) {
      expect(await readInvitation(store, token, clock)).toBe(null);
      expect(await accept(token)).toBe(null);
    }
    expect(await listInvitations(store, clock)).toEqual([]);
  });

  it("do not open a tenant that was purged", async () => {
    const { token } = await inviteBy(agency);
    await setTenantStatus(store, acme.id, "purged");
    expect(await accept(token)).toBe(null);
    await expect(inviteBy(agency)).rejects.toThrow(NotFoundError);
  });

  it("are listed by place and withdrawn by whoever may make them", async () => {
    const here = await inviteBy(admin);
    const there = await inviteBy(agency, { scope: bravo.id });
    const [only, ...more] = await listInvitations(store, clock, {
      scope: acme.id,
    });
    expect(more).toEqual([]);
    expect(only).toEqual(here.invitation);
    expect(await listInvitations(store, clock)).toHaveLength(2);
    const memberships = await listMemberships(store, admin.id);
    const revoke = (id: string) =>
      revokeInvitation(store, { memberships }, id, clock);
    for (const id of [there.invitation.id, "0".repeat(16), ""]) {
      await expect(revoke(id)).rejects.toThrow(NotFoundError);
    }
    expect(await revoke(here.invitation.id)).toEqual(here.invitation);
    expect(await readInvitation(store, here.token, clock)).toBe(null);
  });
});
