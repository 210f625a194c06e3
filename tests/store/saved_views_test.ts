import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ConflictError,
  NotFoundError,
  UsageError,
} from "../../lib/domain/mod.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import {
  createSavedView,
  createTenant,
  createUser,
  deleteSavedView,
  listSavedViews,
  MAX_SAVED_VIEWS,
  openStore,
  purgeTenant,
  removeMembership,
  renameSavedView,
  setMembership,
  type Store,
  type Tenant,
  withdrawMembership,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { hookedKv } from "../_kv.ts";

describe("saved views", () => {
  let kv: Deno.Kv;
  let store: Store;
  let acme: Tenant;
  let bravo: Tenant;
  let ann: string;
  let bob: string;
  const clock = new TestClock();

  beforeEach(async () => {
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv: hookedKv(kv, {}), clock });
    const tenant = (slug: string) =>
      createTenant(store, { slug, name: slug, timezone: "UTC" }, clock);
    [acme, bravo] = [await tenant("acme"), await tenant("bravo")];
    const user = async (name: string) => {
      const { id } = await createUser(store, {
        email: `${name}@example.com`,
        name,
        passwordHash: "hash",
        membership: { scope: acme.id, role: "tenant_viewer" },
      }, clock);
      await setMembership(store, id, bravo.id, "tenant_viewer", clock);
      return id;
    };
    [ann, bob] = [await user("ann"), await user("bob")];
  });
  afterEach(() => kv.close());

  const save = (
    name: string,
    { tenant = acme, user = ann, list = "leads", query = "sort=name" } = {},
  ) => createSavedView(store, tenant.id, user, { list, name, query }, clock);
  const names = async (tenant = acme, user = ann) =>
    (await listSavedViews(store, tenant.id, user)).map(({ name }) => name);
  const rows = async () =>
    (await Array.fromAsync(kv.list({ prefix: ["t"] })))
      .filter(({ key }) => key[2] === "saved_views")
      .map(({ key: [, tenant, , user] }) =>
        `${String(tenant)} ${String(user)}`
      );

  it("are listed by name, and are their user's in that tenant alone", async () => {
    await save("Zed");
    await save("  ada ");
    await save("Bob's", { user: bob });
    await save("There", { tenant: bravo });
    expect(await names()).toEqual(["ada", "Zed"]);
    expect(await names(acme, bob)).toEqual(["Bob's"]);
    expect(await names(bravo)).toEqual(["There"]);
  });

  it("have a name of 1 to 60 characters, once for each list, in any case", async () => {
    await save("Mine");
    await expect(save("MINE")).rejects.toThrow(ConflictError);
    await save("Mine", { list: "hot-list" });
    for (const name of ["", "  ", "x".repeat(61), "a\0b", "\ud800"]) {
      await expect(save(name)).rejects.toThrow(UsageError);
    }
    await expect(save("Long", { query: "x".repeat(4001) }))
      .rejects.toThrow(UsageError);
    expect(await names()).toEqual(["Mine", "Mine"]);
  });

  it("are 50 at most", async () => {
    for (let n = 0; n < MAX_SAVED_VIEWS; n++) await save(`View ${n}`);
    await expect(save("One more")).rejects.toThrow(
      "you have 50 views, which is as many as one can have",
    );
    await save("Another's", { user: bob });
  });

  it("are renamed and deleted by their user alone", async () => {
    const { id } = await save("Mine");
    await save("Other");
    await expect(
      renameSavedView(store, acme.id, ann, { id, name: "other" }, clock),
    ).rejects.toThrow(ConflictError);
    await renameSavedView(store, acme.id, ann, { id, name: "MINE" }, clock);
    expect(await names()).toEqual(["MINE", "Other"]);
    for (const [tenant, user] of [[acme, bob], [bravo, ann]] as const) {
      const there = [store, tenant.id, user] as const;
      await expect(renameSavedView(...there, { id, name: "x" }, clock))
        .rejects.toThrow(NotFoundError);
      await expect(deleteSavedView(...there, id)).rejects.toThrow(
        NotFoundError,
      );
    }
    await deleteSavedView(store, acme.id, ann, id);
    expect(await names()).toEqual(["Other"]);
  });

  it("go with the role in the tenant, and none can be saved after it", async () => {
    await save("Mine");
    await save("There", { tenant: bravo });
    await save("Bob's", { user: bob });
    await removeMembership(store, ann, acme.id);
    expect(await rows()).toEqual(
      [`${acme.id} ${bob}`, `${bravo.id} ${ann}`].sort(),
    );
    await withdrawMembership(store, bob, acme.id);
    expect(await rows()).toEqual([`${bravo.id} ${ann}`]);
    await expect(save("Again")).rejects.toThrow(NotFoundError);
  });

  it("go with the agency's role everywhere but where another role is left", async () => {
    await setMembership(store, ann, "*", "agency_admin", clock);
    await removeMembership(store, ann, bravo.id);
    await save("Mine");
    await save("There", { tenant: bravo });
    await removeMembership(store, ann, "*");
    expect(await rows()).toEqual([`${acme.id} ${ann}`]);
  });

  it("are not saved for somebody whose role goes at the same moment", async () => {
    let first = true;
    const slow = await openStore({
      clock,
      kv: hookedKv(kv, {
        beforeCommit: async () => {
          if (!first) return;
          first = false;
          await createKvPort(kv).commit({
            deletes: [["memberships", ann, acme.id]],
          });
        },
      }),
    });
    first = true;
    const saving = createSavedView(slow, acme.id, ann, {
      list: "leads",
      name: "Mine",
      query: "",
    }, clock);
    await expect(saving).rejects.toThrow(ConflictError);
    expect(await rows()).toEqual([]);
  });

  it("go with the tenant", async () => {
    await save("Mine");
    const { rows: counted } = await purgeTenant(store, acme.id, { clock });
    expect(counted.saved_views).toBe(1);
    expect(await rows()).toEqual([]);
    await expect(save("Again")).rejects.toThrow(NotFoundError);
  });
});
