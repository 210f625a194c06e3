import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ConflictError, NotFoundError } from "../../lib/domain/mod.ts";
import {
  createUser,
  disableUser,
  getUser,
  listMembers,
  openStore,
  type Store,
  updateUser,
  type User,
  withdrawMembership,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { hookedKv } from "../_kv.ts";

describe("the agency's last admin", () => {
  let kv: Deno.Kv;
  let store: Store;
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv, clock });
  });

  afterEach(() => store.close());

  const addAdmin = (name: string, passwordHash: string | null = "hash") =>
    createUser(store, {
      email: `${name}@example.com`,
      name,
      passwordHash,
      membership: { scope: "*", role: "agency_admin" },
    }, clock);
  const withdraw = ({ id }: User) => withdrawMembership(store, id, "*");
  const disable = ({ id }: User) => disableUser(store, id, clock);
  const admins = async () => {
    const members = await listMembers(store, "*");
    const users = await Promise.all(
      members.map(({ userId }) => getUser(store, userId)),
    );
    return users.filter(({ status }) => status === "active");
  };

  it("keeps role and account", async () => {
    const only = await addAdmin("only");
    for (const change of [withdraw, disable]) {
      await expect(change(only)).rejects.toThrow(ConflictError);
    }
    expect(await getUser(store, only.id)).toEqual(only);
    expect(await admins()).toHaveLength(1);
  });

  it("is not counted as kept by others who cannot sign in", async () => {
    const only = await addAdmin("only");
    await addAdmin("without-password", null);
    const gone = await addAdmin("gone");
    await disable(gone);
    for (const change of [withdraw, disable]) {
      await expect(change(only)).rejects.toThrow(/Make another one first/);
    }
  });

  it("may go once there is another", async () => {
    const [first, second] = [await addAdmin("first"), await addAdmin("second")];
    expect(await withdraw(first)).toMatchObject({ role: "agency_admin" });
    await expect(withdraw(second)).rejects.toThrow(ConflictError);
    await expect(withdraw(first)).rejects.toThrow(NotFoundError);
    await disable(first);
    expect(await admins()).toMatchObject([{ id: second.id }]);
  });

  for (const mine of ["withdraw", "disable"] as const) {
    for (const theirs of ["withdraw", "disable"] as const) {
      it(`is still there when two ${mine} and ${theirs} each other at the same moment`, async () => {
        const changes = { withdraw, disable };
        const [one, other] = [await addAdmin("one"), await addAdmin("other")];
        const between = await openStore({
          kv: hookedKv(kv, {
            // All has been read for the first change when the second one is made.
            beforeCommit: (n) => n === 1 ? changes[theirs](other) : undefined,
          }),
          clock,
        });
        await expect(
          mine === "withdraw"
            ? withdrawMembership(between, one.id, "*")
            : disableUser(between, one.id, clock),
        ).rejects.toThrow(ConflictError);
        expect(await admins()).toMatchObject([{ id: one.id }]);
      });
    }
  }

  it("is nobody's concern in a brand, where a role may be asked for", async () => {
    const user = await createUser(store, {
      email: "viewer@example.com",
      name: "Viewer",
      passwordHash: "hash",
      membership: { scope: "brand", role: "tenant_admin" },
    }, clock);
    const viewer = { role: "tenant_viewer" as const };
    await expect(withdrawMembership(store, user.id, "brand", viewer)).rejects
      .toThrow(NotFoundError);
    await withdrawMembership(store, user.id, "brand");
    expect(await listMembers(store, "brand")).toEqual([]);
    const disabled = await disable(user);
    expect(disabled).toMatchObject({ status: "disabled", sessionEpoch: 1 });
    await updateUser(store, user.id, { status: "active" }, clock);
  });
});
