import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  ConflictError,
  NotFoundError,
  UsageError,
} from "../../lib/domain/mod.ts";
import {
  createTenant,
  findTenant,
  getTenant,
  getTenantIdBySlug,
  getTenants,
  getTenantStatus,
  isSlug,
  type KvOperation,
  listTenantNames,
  listTenants,
  openStore,
  setTenantStatus,
  slugify,
  type Store,
  updateTenant,
} from "../../lib/store/mod.ts";
import { MINUTE, TestClock } from "../_clock.ts";

const ACME = { name: "Acme Pizza", timezone: "America/New_York" };

describe("tenants", () => {
  let store: Store;
  let clock: TestClock;
  let operations: KvOperation[];

  beforeEach(async () => {
    clock = new TestClock();
    operations = [];
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => operations.push(operation),
    });
  });

  afterEach(() => store.close());

  it("createTenant() fills in the defaults and takes the slug from the name", async () => {
    const tenant = await createTenant(store, ACME, clock);
    expect(tenant).toMatchObject({
      slug: "acme-pizza",
      name: "Acme Pizza",
      timezone: "America/New_York",
      currency: "USD",
      qualifiedFrom: "QR Returned",
      qualifiedTo: "FA Sent",
      hotFrom: "Deal Structure",
      hotTo: "FA Sent",
      accent: null,
      clienttetherWebKey: null,
      createdAt: "2026-03-11T15:00:00.000Z",
    });
    expect(await getTenant(store, tenant.id)).toEqual(tenant);
    expect(await getTenantStatus(store, tenant.id)).toBe("active");
  });

  it("createTenant() writes tenant, slug and status in one atomic operation", async () => {
    operations.length = 0;
    await createTenant(store, ACME, clock);
    const commits = operations.filter(({ kind }) => kind === "commit");
    expect(commits.map(({ mutations }) => mutations)).toEqual([3]);
  });

  it("createTenant() refuses a slug or an id that is taken and writes nothing", async () => {
    const tenant = await createTenant(store, ACME, clock);
    const again = createTenant(store, { ...ACME, name: "ACME pizza" }, clock);
    await expect(again).rejects.toBeInstanceOf(ConflictError);
    const sameId = { ...ACME, id: tenant.id, slug: "other" };
    await expect(createTenant(store, sameId, clock)).rejects
      .toBeInstanceOf(ConflictError);
    expect(await getTenantIdBySlug(store, "other")).toBe(null);
    expect(await listTenantNames(store)).toHaveLength(1);
  });

  it("createTenant() refuses what is not valid", async () => {
    const bad = [
      { ...ACME, name: "   " },
      { ...ACME, timezone: "Mars/Olympus" },
      { ...ACME, slug: "Not A Slug" },
      { ...ACME, name: "北京" },
      { ...ACME, accent: "green" },
    ];
    for (const input of bad) {
      await expect(createTenant(store, input, clock)).rejects
        .toBeInstanceOf(UsageError);
    }
    expect(await listTenantNames(store)).toEqual([]);
  });

  it("findTenant() takes a slug or an id", async () => {
    const tenant = await createTenant(store, ACME, clock);
    expect(await findTenant(store, "acme-pizza")).toEqual(tenant);
    expect(await findTenant(store, tenant.id)).toEqual(tenant);
    for (const unknown of ["bravo", "", "../acme-pizza", "a".repeat(3000)]) {
      await expect(findTenant(store, unknown)).rejects
        .toBeInstanceOf(NotFoundError);
    }
  });

  it("updateTenant() moves the slug's index with the tenant", async () => {
    const { id } = await createTenant(store, ACME, clock);
    clock.advance(MINUTE);
    const tenant = await updateTenant(store, id, { slug: "acme" }, clock);
    expect(tenant.updatedAt).toBe("2026-03-11T15:01:00.000Z");
    expect(await getTenantIdBySlug(store, "acme")).toBe(id);
    expect(await getTenantIdBySlug(store, "acme-pizza")).toBe(null);
  });

  it("updateTenant() refuses a slug that another tenant has", async () => {
    const { id } = await createTenant(store, ACME, clock);
    await createTenant(store, { ...ACME, slug: "bravo" }, clock);
    const update = updateTenant(store, id, { slug: "bravo" }, clock);
    await expect(update).rejects.toThrow("the slug 'bravo' is taken");
    expect((await getTenant(store, id)).slug).toBe("acme-pizza");
  });

  it("updateTenant() refuses an unknown tenant and what would not be valid", async () => {
    const { id } = await createTenant(store, ACME, clock);
    await expect(updateTenant(store, "nobody", {}, clock)).rejects
      .toBeInstanceOf(NotFoundError);
    await expect(updateTenant(store, id, { timezone: "" }, clock)).rejects
      .toBeInstanceOf(UsageError);
  });

  it("updateTenant() loses no change when several are made at once", async () => {
    const { id } = await createTenant(store, ACME, clock);
    await Promise.all([
      updateTenant(store, id, { name: "Acme" }, clock),
      updateTenant(store, id, { accent: "#0f6b5c" }, clock),
      updateTenant(store, id, { hotFrom: "FDD Sent" }, clock),
    ]);
    expect(await getTenant(store, id)).toMatchObject({
      name: "Acme",
      accent: "#0f6b5c",
      hotFrom: "FDD Sent",
    });
  });

  it("setTenantStatus() changes the status and writes nothing when it is the same", async () => {
    const { id } = await createTenant(store, ACME, clock);
    await setTenantStatus(store, id, "suspended");
    expect(await getTenantStatus(store, id)).toBe("suspended");
    operations.length = 0;
    await setTenantStatus(store, id, "suspended");
    expect(operations.some(({ kind }) => kind === "commit")).toBe(false);
    await expect(setTenantStatus(store, "nobody", "active")).rejects
      .toBeInstanceOf(NotFoundError);
  });

  it("lists tenants by name with their status, in any number", async () => {
    for (let n = 0; n < 13; n++) {
      const name = `Brand ${String.fromCharCode(109 - n)}`;
      await createTenant(store, { ...ACME, name }, clock);
    }
    const id = await getTenantIdBySlug(store, "brand-c") ?? "";
    await setTenantStatus(store, id, "inactive");
    const listed = await listTenants(store);
    expect(listed.map(({ tenant }) => tenant.slug)).toEqual(
      [..."abcdefghijklm"].map((letter) => `brand-${letter}`),
    );
    expect(listed.filter(({ status }) => status === "inactive"))
      .toMatchObject([{ tenant: { slug: "brand-c" }, lastSyncAt: null }]);
    const names = await listTenantNames(store);
    expect(names.map(({ slug }) => slug)).toEqual(
      listed.map(({ tenant }) => tenant.slug),
    );
  });

  it("getTenants() keeps the order of the ids and leaves unknown ones out", async () => {
    const a = await createTenant(store, ACME, clock);
    const b = await createTenant(store, { ...ACME, slug: "bravo" }, clock);
    const found = await getTenants(store, [b.id, "nobody", a.id]);
    expect(found.map(({ tenant }) => tenant.id)).toEqual([b.id, a.id]);
    expect(found.map(({ status }) => status)).toEqual(["active", "active"]);
  });
});

describe("slugify()", () => {
  it("turns names into slugs", () => {
    expect(slugify("Café Olé & Sons")).toBe("cafe-ole-sons");
    expect(slugify("  --Acme--  ")).toBe("acme");
    expect(slugify("北京")).toBe("");
  });

  it("makes a slug or nothing of any text", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const slug = slugify(name);
      expect(slug === "" || isSlug(slug)).toBe(true);
    }));
    expect(isSlug(slugify("a ".repeat(100)))).toBe(true);
  });
});
