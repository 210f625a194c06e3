import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openTenant } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, mutations, TEST_WEB_KEY } from "../_sync.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

async function withPerson(id = "7") {
  const rig = await createRig({ brand: EMPTY });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  brand.putLead({ client_id: id, firstName: "Robin", lastName: "Example" });
  brand.putLead({ client_id: "8", firstName: "Kim" });
  for (const [deal, client] of [["d2", id], ["d1", id], ["d3", "8"]]) {
    brand.putOpportunity({ opportunity_id: deal!, client_id: client! });
  }
  for (let n = 1; n <= 4; n++) {
    brand.putNote({
      id: `n${n}`,
      contact_id: n === 4 ? "8" : id,
      date: `2026-03-0${n} 10:00:00`,
      content: `Note ${n}`,
    });
  }
  const call = (name: string, at: string, contact: string) =>
    brand.putActivity({
      id: name,
      type: "Call",
      scheduled_at: at,
      contact_id: contact,
    });
  call("later", "2026-03-20 10:00:00", id);
  call("soon", "2026-03-12 10:00:00", id);
  call("theirs", "2026-03-12 10:00:00", "8");
  await rig.sync();
  const person = async (wanted = id) =>
    (await openTenant(rig.store, rig.tenant.id)).person(wanted, { notes: 2 });
  return Object.assign(rig, { brand, person });
}

describe("TenantStore.person()", () => {
  it("gives what is stored of one person, and of no other", async () => {
    await using rig = await withPerson();
    const person = await rig.person();
    expect(person).toMatchObject({
      id: "7",
      lead: { firstName: "Robin", lastName: "Example" },
      removedAt: null,
      noteCount: 3,
    });
    expect(person!.opportunities.map(({ id }) => id)).toEqual(["d1", "d2"]);
    expect(person!.opportunities[0]).not.toHaveProperty("hot");
    expect(person!.notes.map(({ id }) => id)).toEqual(["n3", "n2"]);
    expect(person!.activities.map(({ id }) => id)).toEqual(["soon", "later"]);
    expect(person!.cycles.length).toBeGreaterThan(5);
  });

  it("costs at most six reads, however many records there are", async () => {
    await using rig = await withPerson();
    const store = await openTenant(rig.store, rig.tenant.id);
    rig.operations.length = 0;
    await store.person("7", { notes: 10 });
    expect(rig.operations.length).toBeLessThanOrEqual(6);
  });

  it("tells since when somebody is gone, with what is still stored of them", async () => {
    await using rig = await withPerson();
    rig.brand.removeLead("7");
    rig.clock.advance(HOUR);
    await rig.sync();
    expect(await rig.person()).toMatchObject({
      lead: null,
      removedAt: "2026-03-11T16:00:00.000Z",
      noteCount: 3,
    });
  });

  it("is null for somebody of whom nothing was ever stored, and for ids that no key can hold", async () => {
    await using rig = await withPerson();
    for (const id of ["nobody", "", "\0", "\ud800", "x".repeat(3000)]) {
      expect(await rig.person(id)).toBe(null);
    }
  });

  it("finds people by whatever id ClientTether gives them", async () => {
    for (const id of ["a/b?c#d", "~7", "é 😀", "x".repeat(400)]) {
      await using rig = await withPerson(id);
      const person = await rig.person();
      expect(person).toMatchObject({ id, lead: { id }, noteCount: 3 });
      expect(person!.activities.length).toBe(2);
    }
  });
});

describe("the index of activities by contact", () => {
  it("costs a changed activity one row, and one more where it moved", async () => {
    await using rig = await withPerson();
    const cost = async (change: () => void) => {
      change();
      rig.clock.advance(HOUR);
      rig.operations.length = 0;
      await rig.sync();
      return mutations(rig.operations);
    };
    const put = (at: string, description: string) =>
      rig.brand.putActivity({
        id: "soon",
        type: "Call",
        scheduled_at: at,
        contact_id: "7",
        description,
      });
    const quiet = await cost(() => {});
    expect(quiet).toBeLessThanOrEqual(12);
    const said = await cost(() => put("2026-03-12 10:00:00", "Bring the map"));
    expect(said).toBeLessThanOrEqual(12 + 5);
    const moved = await cost(() => put("2026-03-13 10:00:00", "Moved"));
    expect(moved).toBeLessThanOrEqual(12 + 5);
  });
});
