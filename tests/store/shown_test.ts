import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createTenant,
  type KvOperation,
  openStore,
  openTenant,
  type Tenant,
  type TenantStore,
} from "../../lib/store/mod.ts";
import { nameOf, type SyncState } from "../../lib/domain/mod.ts";
import { HOUR, TestClock } from "../_clock.ts";
import {
  createTestBrand,
  installRecords,
  smallBrand,
  testLead,
  testNote,
} from "../_data.ts";

/** A store with one brand of five leads, and the reads that its tenants' data costs. */
async function createRig(listCacheBytes?: number) {
  const clock = new TestClock();
  const operations: KvOperation[] = [];
  const store = await openStore({
    path: ":memory:",
    clock,
    observe: (operation) => operations.push(operation),
    ...listCacheBytes === undefined ? {} : { listCacheBytes },
  });
  const tenant = await createTestBrand(store, "acme", clock);
  return {
    clock,
    store,
    tenant,
    open: async (of: Tenant = tenant) => await openTenant(store, of.id),
    /** Reads that `work` makes. */
    readsOf: async (work: () => Promise<unknown>) => {
      operations.length = 0;
      await work();
      return operations.filter(({ kind }) => kind !== "commit").length;
    },
    /** A later sync, after which there are so many leads more; `change` has the last word on its state. */
    sync: async (
      of: Tenant,
      more: number,
      change?: (state: SyncState) => SyncState,
    ) => {
      const records = smallBrand(of.slug);
      const leads = Array.from(
        { length: more },
        (_, n) => testLead(`more-${n}`),
      );
      records.leads.push(...leads);
      records.notes.push(
        ...leads.map(({ id }) => testNote(`n-${id}`, { contactId: id })),
      );
      await installRecords(store, of, records, clock, change);
    },
    [Symbol.dispose]: () => store.close(),
  };
}

const leadsOf = async (data: TenantStore) =>
  (await data.shown()).leads?.totalLeads;

describe("The figures that are shown", () => {
  it("are read once for each state of the tenant, by whomever it is opened", async () => {
    using rig = await createRig();
    const first = await rig.open();
    expect(await rig.readsOf(() => first.shown())).toBe(1);
    const second = await rig.open();
    expect(await rig.readsOf(() => second.shown())).toBe(0);
    expect(await second.shown()).toBe(await first.shown());
  });

  it("are those of the newest day, with what is new", async () => {
    using rig = await createRig();
    const data = await rig.open();
    const { recent, ...views } = await data.shown();
    expect(views).toEqual(await data.views(data.opened.viewDay!));
    expect(recent).toEqual(await data.recent());
  });

  it("are never older than the state that the tenant was opened with", async () => {
    using rig = await createRig();
    const before = await rig.open();
    await before.shown();
    await rig.sync(rig.tenant, 3);
    const after = await rig.open();
    expect(await leadsOf(after)).toBe(8);
    // Whoever was opened before does not put the old ones back.
    await before.shown();
    const later = await rig.open();
    expect(await rig.readsOf(() => later.shown())).toBe(0);
    expect(await leadsOf(later)).toBe(8);
  });

  it("are never another tenant's, though both stand at the same version", async () => {
    using rig = await createRig();
    const other = await createTestBrand(rig.store, "birch", rig.clock);
    await rig.sync(other, 1);
    for (let round = 0; round < 2; round++) {
      const [acme, birch] = [await rig.open(), await rig.open(other)];
      expect(acme.opened.dataVersion).toBe(birch.opened.dataVersion);
      expect(await leadsOf(acme)).toBe(5);
      expect(await leadsOf(birch)).toBe(6);
    }
  });

  it("are nothing before the first sync, which costs no read", async () => {
    using rig = await createRig();
    const tenant = await createTenant(rig.store, {
      slug: "new",
      name: "New",
      timezone: "America/New_York",
    }, rig.clock);
    const data = await rig.open(tenant);
    expect(await rig.readsOf(() => data.shown())).toBe(0);
    expect((await data.shown()).leads).toBeNull();
  });

  it("cannot be changed by one of those who share them", async () => {
    using rig = await createRig();
    const data = await rig.open();
    const { leads } = await data.shown();
    expect(() => leads!.bySource.reverse()).toThrow(TypeError);
    const [kpis] = await data.kpisUntil("2026-12-31", 5);
    expect(() => Object.assign(kpis!, { totalLeads: 1 })).toThrow(TypeError);
  });

  it("are kept within the bound of all tenants: without room they are read anew", async () => {
    using rig = await createRig(100);
    const data = await rig.open();
    expect(await rig.readsOf(() => data.shown())).toBe(1);
    expect(await rig.readsOf(() => data.shown())).toBe(1);
  });

  it("have the days before them beside them, read once for each state too", async () => {
    using rig = await createRig();
    const first = await rig.open();
    expect(await rig.readsOf(() => first.kpisUntil("2026-12-31", 57))).toBe(1);
    const second = await rig.open();
    expect(await rig.readsOf(() => second.kpisUntil("2026-12-31", 57))).toBe(0);
    expect(await rig.readsOf(() => second.kpisUntil("2026-12-31", 9))).toBe(1);
    await rig.sync(rig.tenant, 2);
    const [today] = await (await rig.open()).kpisUntil("2026-12-31", 57);
    expect(today!.totalLeads).toBe(7);
  });
});

describe("What most pages begin with", () => {
  const NOW_ISO = "2026-03-11T15:00:00.001Z";
  const NOW = Date.parse(NOW_ISO);
  const lists: [string, (data: TenantStore) => Promise<unknown>, number][] = [
    ["the first leads", (data) => data.listLeads({ limit: 50 }), 1],
    [
      "the newest notes with the names of their people",
      (data) => data.newestNotes(50),
      2,
    ],
    [
      "the changes up to now",
      (data) => data.listChanges("leads", "2026-03-02T12:00:00.000Z", NOW_ISO),
      1,
    ],
    ["the schedule", (data) => data.listSchedule({ now: NOW, limit: 50 }), 1],
  ];
  for (const [what, read, reads] of lists) {
    it(`is read once for each state of the tenant: ${what}`, async () => {
      using rig = await createRig();
      await rig.sync(rig.tenant, 1);
      const [first, second] = [await rig.open(), await rig.open()];
      expect(await rig.readsOf(() => read(first))).toBe(reads);
      expect(await rig.readsOf(() => read(second))).toBe(0);
      expect(await read(second)).toEqual(await read(first));
      const other = await createTestBrand(rig.store, "birch", rig.clock);
      const birch = await rig.open(other);
      expect(JSON.stringify(await read(birch))).not.toContain("acme");
      await rig.sync(rig.tenant, 2);
      const third = await rig.open();
      expect(await rig.readsOf(() => read(third))).toBe(reads);
    });

    it(`is read each time while a sync changes it record by record: ${what}`, async () => {
      using rig = await createRig();
      await rig.sync(rig.tenant, 1, (state) => ({
        ...state,
        status: "running",
      }));
      for (let n = 0; n < 2; n++) {
        const data = await rig.open();
        expect(await rig.readsOf(() => read(data))).toBe(reads);
      }
    });
  }

  it("is what an unkept reading gives", async () => {
    using rig = await createRig();
    await rig.sync(rig.tenant, 3);
    const data = await rig.open();
    await data.newestNotes(5);
    const { list, people } = await data.newestNotes(5);
    expect(list).toEqual(await data.listNotes({ limit: 5 }));
    const named = list.rows.flatMap(({ contactId }) => contactId ?? []);
    const leads = await data.leadsOf(named);
    expect(leads.size).toBe(3);
    expect(people)
      .toEqual([...leads].map(([id, lead]) => [id, nameOf(lead)]));
    const { rows } = await data.listLeads({ limit: 50 });
    expect(rows).toEqual(await Array.fromAsync(data.eachLead()));
    expect(() => rows.pop()).toThrow(TypeError);
    expect(() => list.rows.pop()).toThrow(TypeError);
  });

  it("holds of the changes those of the very span, to the millisecond", async () => {
    using rig = await createRig();
    rig.clock.advance(2 * HOUR);
    const at = rig.clock.now();
    const records = smallBrand("acme");
    records.leads[0] = testLead("acme-l1", { stage: "Lost" });
    await installRecords(rig.store, rig.tenant, records, rig.clock);
    const data = await rig.open();
    const idsOf = async (from: number, to: number) => {
      const iso = (time: number) => new Date(time).toISOString();
      const changes = await data.listChanges("leads", iso(from), iso(to));
      return changes.map(({ id }) => id);
    };
    expect(await idsOf(at - HOUR, at + HOUR)).toEqual(["acme-l1"]);
    expect(await rig.readsOf(() => idsOf(at, at + HOUR))).toBe(0);
    expect(await idsOf(at, at + 1)).toEqual(["acme-l1"]);
    expect(await idsOf(at + 1, at + HOUR)).toEqual([]);
    expect(await idsOf(at - HOUR, at)).toEqual([]);
  });

  it("leaves out of the schedule what has passed since, to the millisecond", async () => {
    using rig = await createRig();
    const at = Date.parse("2026-03-12T15:00:00.000Z");
    const data = await rig.open();
    const idsAt = async (now: number) => {
      const { rows, total } = await data.listSchedule({ now, limit: 50 });
      expect(total).toBe(rows.length);
      return rows.map(({ id }) => id);
    };
    expect(await idsAt(at - HOUR)).toEqual(["acme-a2", "acme-a1"]);
    expect(await idsAt(at - 1)).toEqual(["acme-a2", "acme-a1"]);
    expect(await idsAt(at)).toEqual(["acme-a1"]);
    expect(await rig.readsOf(() => idsAt(at + 1))).toBe(0);
    expect(await idsAt(at + 1000 * HOUR)).toEqual([]);
    const page = await data.listSchedule({ now: at - 1, limit: 1 });
    expect(page).toMatchObject({ total: 2, hasMore: true });
    expect(page.rows).toHaveLength(1);
  });
});
