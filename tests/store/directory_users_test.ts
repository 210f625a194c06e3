import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ConflictError,
  NotFoundError,
  UsageError,
} from "../../lib/domain/mod.ts";
import {
  createTenant,
  createUser,
  findUser,
  getUser,
  getUserByEmail,
  listMembers,
  listMemberships,
  listUsers,
  openStore,
  removeMembership,
  replacePasswordHash,
  setMembership,
  type Store,
  updateUser,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const ADA = {
  email: " Ada@Example.COM ",
  name: "Ada Example",
  passwordHash: "hash",
};

describe("users", () => {
  let store: Store;
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
  });

  afterEach(() => store.close());

  it("createUser() stores the address in its normal form", async () => {
    const user = await createUser(store, ADA, clock);
    expect(user).toMatchObject({ email: "ada@example.com", status: "active" });
    expect(await getUser(store, user.id)).toEqual(user);
    expect(await getUserByEmail(store, "ADA@example.com")).toEqual(user);
  });

  it("createUser() refuses an address that is taken in any spelling", async () => {
    await createUser(store, ADA, clock);
    const again = { ...ADA, email: "ada@EXAMPLE.com" };
    await expect(createUser(store, again, clock)).rejects
      .toBeInstanceOf(ConflictError);
    expect(await listUsers(store)).toHaveLength(1);
  });

  it("createUser() refuses malformed addresses and blank names", async () => {
    for (const email of ["", "ada", "a b@example.com", "@", "a@\nb", "a@\0b"]) {
      await expect(createUser(store, { ...ADA, email }, clock)).rejects
        .toBeInstanceOf(UsageError);
    }
    await expect(createUser(store, { ...ADA, name: " " }, clock)).rejects
      .toBeInstanceOf(UsageError);
    expect(await listUsers(store)).toEqual([]);
  });

  it("createUser() gives the first role in the same operation", async () => {
    const user = await createUser(store, {
      ...ADA,
      membership: { scope: "*", role: "agency_admin" },
    }, clock);
    expect(await listMemberships(store, user.id)).toMatchObject([
      { userId: user.id, scope: "*", role: "agency_admin" },
    ]);
  });

  it("getUserByEmail() finds nobody under unknown and impossible addresses", async () => {
    for (const email of ["nobody@example.com", "", "x".repeat(3000), "a\0@b"]) {
      expect(await getUserByEmail(store, email)).toBe(null);
    }
    await expect(getUser(store, "nobody")).rejects
      .toBeInstanceOf(NotFoundError);
    expect(await findUser(store, "nobody")).toBe(null);
  });

  it("updateUser() moves the address's index with the user", async () => {
    const { id } = await createUser(store, ADA, clock);
    await updateUser(store, id, { email: "ada@new.example.com" }, clock);
    expect((await getUserByEmail(store, "ada@new.example.com"))?.id).toBe(id);
    expect(await getUserByEmail(store, "ada@example.com")).toBe(null);
  });

  it("updateUser() refuses another user's address", async () => {
    const { id } = await createUser(store, ADA, clock);
    await createUser(store, { ...ADA, email: "bob@example.com" }, clock);
    const update = updateUser(store, id, { email: "BOB@example.com" }, clock);
    await expect(update).rejects.toBeInstanceOf(ConflictError);
  });

  it("replacePasswordHash() yields to a password that was changed meanwhile", async () => {
    const { id } = await createUser(store, ADA, clock);
    await replacePasswordHash(store, id, { from: "hash", to: "dearer" });
    expect(await getUser(store, id)).toMatchObject({
      passwordHash: "dearer",
      sessionEpoch: 0,
    });
    await updateUser(store, id, { passwordHash: "changed" }, clock);
    await replacePasswordHash(store, id, { from: "dearer", to: "late" });
    expect((await getUser(store, id)).passwordHash).toBe("changed");
  });
});

describe("memberships", () => {
  let store: Store;
  let clock: TestClock;
  let userId: string;
  let tenantId: string;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    userId = (await createUser(store, ADA, clock)).id;
    tenantId = (await createTenant(store, {
      name: "Acme",
      timezone: "America/New_York",
    }, clock)).id;
  });

  afterEach(() => store.close());

  it("setMembership() is seen from the user and from the tenant, and replaces", async () => {
    await setMembership(store, userId, tenantId, "tenant_viewer", clock);
    await setMembership(store, userId, tenantId, "tenant_admin", clock);
    const [membership, ...others] = await listMemberships(store, userId);
    expect(membership).toMatchObject({ scope: tenantId, role: "tenant_admin" });
    expect(others).toEqual([]);
    expect(await listMembers(store, tenantId)).toEqual([membership]);
  });

  it("removeMembership() takes both rows away and is content when there are none", async () => {
    await setMembership(store, userId, tenantId, "tenant_viewer", clock);
    await removeMembership(store, userId, tenantId);
    await removeMembership(store, userId, tenantId);
    expect(await listMemberships(store, userId)).toEqual([]);
    expect(await listMembers(store, tenantId)).toEqual([]);
  });

  it("setMembership() refuses a role that does not fit its scope", async () => {
    for (
      const [scope, role] of [
        ["*", "tenant_admin"],
        [tenantId, "agency_admin"],
      ] as const
    ) {
      await expect(setMembership(store, userId, scope, role, clock)).rejects
        .toBeInstanceOf(UsageError);
    }
  });

  it("setMembership() refuses users and tenants that do not exist", async () => {
    for (const [user, scope] of [["nobody", tenantId], [userId, "nowhere"]]) {
      const set = setMembership(
        store,
        user ?? "",
        scope ?? "",
        "tenant_viewer",
        clock,
      );
      await expect(set).rejects.toBeInstanceOf(NotFoundError);
    }
  });
});
