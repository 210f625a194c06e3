import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ConflictError, NotFoundError } from "../../lib/domain/mod.ts";
import {
  checkDirectory,
  createInvite,
  createTenant,
  createUser,
  findPurge,
  findTenant,
  getTenantStatus,
  listAudit,
  listInvites,
  listMembers,
  listMemberships,
  listTenants,
  markSyncDue,
  openStore,
  purgeTenant,
  setMembership,
  setTenantStatus,
  updateTenant,
} from "../../lib/store/mod.ts";
import { allRows, tenantRows } from "../_dump.ts";
import { crashAt, hookedKv, type KvHooks } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";

const ACTOR = { kind: "user", id: "u-1", name: "ann@example.com" } as const;

/** A synced tenant with a member and an invitation, beside another tenant. */
async function populated(leads = 40): Promise<SyncRig> {
  const rig = await createRig({ brand: { leads } });
  const { store, clock, tenant } = rig;
  await rig.sync();
  const member = await createUser(store, {
    email: "viewer@example.com",
    name: "Viewer",
    passwordHash: null,
  }, clock);
  await setMembership(store, member.id, tenant.id, "tenant_viewer", clock);
  await createInvite(store, "a".repeat(64), {
    purpose: "invite",
    email: "new@example.com",
    scope: tenant.id,
    role: "tenant_viewer",
    createdAt: "2026-03-11T15:00:00.000Z",
    expiresAt: "2026-03-18T15:00:00.000Z",
    createdBy: null,
  }, clock);
  await markSyncDue(store, tenant.id, clock);
  return rig;
}

/** The tenant's id in every row of the database but the audit log, as keys. */
async function traces({ kv, tenant }: SyncRig): Promise<string[]> {
  return (await allRows(kv)).filter(({ key, value }) =>
    key[0] !== "audit" &&
    (key.includes(tenant.id) || JSON.stringify(value)?.includes(tenant.id))
  ).map(({ key }) => key.join("/"));
}

async function expectGone(rig: SyncRig): Promise<void> {
  const { kv, store, tenant, clock } = rig;
  const left = await tenantRows(kv, tenant.id);
  expect(left.map(({ key, value }) => [key[2], value])).toEqual([[
    "state",
    "purged",
  ]]);
  expect(await traces(rig)).toEqual([`t/${tenant.id}/state`]);
  expect(await listMembers(store, tenant.id)).toEqual([]);
  expect(await listInvites(store, clock)).toEqual([]);
  expect((await checkDirectory(store)).differences).toEqual([]);
}

describe("purgeTenant()", () => {
  it("leaves nothing of the tenant but the word that it was purged", async () => {
    const rig = await populated();
    const before = await tenantRows(rig.kv, rig.tenant.id);
    rig.clock.advance(60_000);
    const certificate = await purgeTenant(rig.store, rig.tenant.id, rig);
    await expectGone(rig);
    const { rows, total } = certificate;
    expect(total).toBe(before.length - 1 + 2);
    expect(rows).toMatchObject({ leads: 40, memberships: 1, links: 1 });
    expect(certificate).toMatchObject({
      tenantId: rig.tenant.id,
      slug: "test-brand",
      storeId: rig.store.id,
      startedAt: "2026-03-11T15:01:00.000Z",
    });
    await expect(findTenant(rig.store, "test-brand")).rejects
      .toBeInstanceOf(NotFoundError);
    expect(await listTenants(rig.store)).toEqual([]);
    rig.dispose();
  });

  it("touches no other tenant", async () => {
    const rig = await populated();
    const other = await rig.addTenant("Other", "other-key");
    const user = (await listMembers(rig.store, rig.tenant.id))[0]!.userId;
    await setMembership(
      rig.store,
      user,
      other.id,
      "tenant_viewer",
      rig.clock,
    );
    const before = await tenantRows(rig.kv, other.id);
    await purgeTenant(rig.store, rig.tenant.id, rig);
    expect(await tenantRows(rig.kv, other.id)).toEqual(before);
    expect((await listMemberships(rig.store, user)).map(({ scope }) => scope))
      .toEqual([other.id]);
    expect((await listTenants(rig.store)).map(({ tenant }) => tenant.slug))
      .toEqual(["other"]);
    rig.dispose();
  });

  it("puts one certificate into the audit log, which a second run answers again", async () => {
    const rig = await populated();
    const { store, tenant, clock } = rig;
    const options = { clock, actor: ACTOR, requestId: "r-1" };
    const first = await purgeTenant(store, tenant.id, options);
    clock.advance(60_000);
    expect(await purgeTenant(store, tenant.id, options)).toEqual(first);
    expect(await findPurge(store, "test-brand")).toEqual(first);
    const query = { limit: 10, action: "tenant.purged" };
    const { rows } = await listAudit(store, query);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      actor: ACTOR,
      tenantId: tenant.id,
      requestId: "r-1",
      outcome: "done",
    });
    expect(JSON.stringify(rows)).not.toContain("key-one");
    rig.dispose();
  });

  it("goes on where it was cut off, at whichever commit, and counts the same", async () => {
    const whole = await populated(200);
    const { rows, total } = await purgeTenant(
      whole.store,
      whole.tenant.id,
      whole,
    );
    whole.dispose();
    for (const when of ["before", "after"] as const) {
      for (let n = 1;; n++) {
        const rig = await populated(200);
        const { store } = await rig.another(crashAt(n, when));
        const cut = await purgeTenant(store, rig.tenant.id, rig)
          .then(() => false, () => true);
        const again = await purgeTenant(rig.store, rig.tenant.id, rig);
        expect([n, when, again.rows, again.total])
          .toEqual([n, when, rows, total]);
        await expectGone(rig);
        const query = { limit: 9, action: "tenant.purged" };
        expect((await listAudit(rig.store, query)).rows).toHaveLength(1);
        rig.dispose();
        if (cut) continue;
        // Its beginning, two of rows, its end.
        expect(n).toBeGreaterThan(4);
        break;
      }
    }
  });

  it("stops a sync that is under way: nothing that it writes late comes back", async () => {
    for (const at of [2, 5, 9]) {
      // Its first sync, which has much to write.
      const rig = await createRig();
      let purged = false;
      const late = await rig.another({
        beforeCommit: async (n) => {
          if (purged || n < at) return;
          purged = true;
          await purgeTenant(rig.store, rig.tenant.id, rig);
        },
      });
      await expect(late.sync({ full: true })).rejects.toThrow("Cannot go on");
      expect(purged).toBe(true);
      await expectGone(rig);
      rig.dispose();
    }
  });

  it("cannot be undone or got round while it is under way", async () => {
    const rig = await populated();
    const { tenant, clock } = rig;
    const { store } = await rig.another(crashAt(2, "before"));
    await purgeTenant(store, tenant.id, rig).catch(() => {});
    expect(await getTenantStatus(rig.store, tenant.id)).toBe("purged");
    const [listed] = await listTenants(rig.store);
    expect(listed).toMatchObject({
      status: "purged",
      tenant: { clienttetherWebKey: null, webKeyLast4: null },
    });
    await expect(setTenantStatus(rig.store, tenant.id, "active")).rejects
      .toBeInstanceOf(ConflictError);
    const user = (await listMembers(rig.store, tenant.id))[0]!.userId;
    const role = setMembership(
      rig.store,
      user,
      tenant.id,
      "tenant_admin",
      clock,
    );
    await expect(role).rejects.toBeInstanceOf(NotFoundError);
    // A name that is changed on the way is freed all the same.
    await updateTenant(rig.store, tenant.id, { slug: "renamed" }, clock);
    await purgeTenant(rig.store, tenant.id, rig);
    await expectGone(rig);
    await createTenant(rig.store, {
      name: "Renamed",
      timezone: "America/New_York",
    }, clock);
    rig.dispose();
  });

  it("refuses a second purge of the same tenant at the same time", async () => {
    const rig = await populated();
    const hooks: KvHooks = {};
    const store = await openStore({ kv: hookedKv(rig.kv, hooks) });
    let second = false;
    hooks.beforeCommit = async (n) => {
      if (second || n < 2) return;
      second = true;
      await purgeTenant(rig.store, rig.tenant.id, rig);
    };
    await expect(purgeTenant(store, rig.tenant.id, rig)).rejects
      .toBeInstanceOf(ConflictError);
    await expectGone(rig);
    rig.dispose();
  });

  it("says that there is no such tenant", async () => {
    const rig = await createRig();
    await expect(purgeTenant(rig.store, "nobody", rig)).rejects
      .toBeInstanceOf(NotFoundError);
    rig.dispose();
  });
});
