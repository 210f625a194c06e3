import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  demoBrands,
  SIMULATED_STREAMS,
  type Simulator,
} from "../../../lib/clienttether/simulator/mod.ts";
import { ask, bodyOf, brandA, emptyBrand, simulatorOf } from "./_fixture.ts";

/** Everything that a brand serves. */
function everything(simulator: Simulator): unknown {
  const brand = simulator.brand("key-a");
  return SIMULATED_STREAMS.map((stream) => brand.rows(stream));
}

/** The first text of each record that differs between two lists of one shape. */
function changed(before: Map<string, string>, after: Map<string, string>) {
  return [...after].filter(([id, text]) =>
    before.has(id) && before.get(id) !== text
  );
}

function byId(
  simulator: Simulator,
  stream: "leads" | "opportunities" | "notes" | "activities",
): Map<string, string> {
  return new Map(
    simulator.brand("key-a").model(stream).map((
      row,
    ) => [row.id, JSON.stringify(row)]),
  );
}

describe("createSimulator()", () => {
  it("makes the same records from the same seed", () => {
    expect(everything(simulatorOf())).toEqual(everything(simulatorOf()));
  });

  it("makes other records from another seed", () => {
    const other = simulatorOf(brandA(), { seed: 8 });
    expect(everything(other)).not.toEqual(everything(simulatorOf()));
  });

  it("makes a brand whatever brands stand beside it", () => {
    const beside = simulatorOf(brandA(), {
      brands: [...demoBrands(), brandA()],
    });
    expect(everything(beside)).toEqual(everything(simulatorOf()));
  });

  it("begins at startAt rather than at the clock's time", () => {
    const startAt = Date.parse("2025-01-08T12:00:00Z");
    const simulator = simulatorOf(brandA(), { startAt });
    expect(simulator.now()).toBe(startAt);
    const created = simulator.brand("key-a").model("leads")
      .map((lead) => lead.createdAt);
    expect(created.every((at) => at < "2025-01-08T12:00:00")).toBe(true);
  });

  it("refuses sizes, zones and stages that cannot be", () => {
    expect(() => simulatorOf(brandA({ leads: -1 }))).toThrow(
      "Cannot create brand 'Brand A'",
    );
    expect(() => simulatorOf(brandA({ timezone: "Mars/Olympus" }))).toThrow(
      RangeError,
    );
    expect(() => simulatorOf(brandA({ stageSet: [] }))).toThrow(
      "its stage set needs",
    );
  });

  it("makes exactly as many records as it is told", () => {
    const counts = simulatorOf(
      brandA({ leads: 10, opportunities: 25, notes: 3, activities: 4 }),
    ).brand("key-a").counts();
    expect(counts).toEqual({
      cycles: 22,
      leads: 10,
      opportunities: 25,
      notes: 3,
      activities: 4,
      sources: 12,
    });
  });
});

describe("a brand of 500 leads", () => {
  const simulator = simulatorOf(brandA({ leads: 500 }));
  const brand = simulator.brand("key-a");
  const leads = brand.model("leads");

  it("has a funnel with most people early and several dozens qualified", () => {
    const cycles = brand.rows("cycles");
    const order = new Map(
      cycles.filter((c) => c.contact_type === "1").map((
        c,
      ) => [c.sales_cycle_name, Number(c.sales_cycle_order)]),
    );
    const orders = leads.map((lead) => order.get(lead.stage) ?? 0);
    const early = orders.filter((n) => n >= 1 && n <= 6).length;
    const qualified = orders.filter((n) => n >= 7 && n <= 16).length;
    expect(early).toBeGreaterThan(200);
    expect(qualified).toBeGreaterThan(30);
    expect(qualified).toBeLessThan(120);
  });

  it("has only fictional addresses and numbers", () => {
    for (const lead of leads) {
      expect(lead.email).toMatch(/^[a-z.]+\.\d+@example\.com$/);
      expect(lead.phone).toMatch(/^\(\d{3}\) 555-01\d\d$/);
    }
  });

  it("came over 26 weeks, mostly in working hours", () => {
    const ages = leads.map((l) => simulator.now() - Date.parse(l.createdAt));
    const week = 7 * 86_400_000;
    expect(Math.max(...ages)).toBeLessThanOrEqual(26 * week);
    expect(Math.max(...ages)).toBeGreaterThan(25 * week);
    const hours = brand.rows("leads").map((row) =>
      Number(String(row.created).slice(11, 13))
    );
    const working = hours.filter((h) => h >= 8 && h < 18).length;
    expect(working / hours.length).toBeGreaterThan(0.6);
  });

  it("holds odd but valid values", () => {
    const typed = leads.map((lead) => lead.typed);
    expect(typed.some((t) => t.source === "")).toBe(true);
    expect(typed.some((t) => t.stage === "")).toBe(true);
    expect(typed.some((t) => t.firstName === "No Name Text Added")).toBe(true);
    expect(typed.some((t) => t.assignedUser.startsWith("{"))).toBe(true);
    expect(typed.some((t) => t.contactType === "2")).toBe(true);
    const sizes = brand.model("opportunities").map((o) => o.typed.dealSize);
    expect(sizes.some((size) => /^\$\d+,\d{3}\.\d\d$/.test(size))).toBe(true);
    expect(sizes.some((size) => /^\d+$/.test(size))).toBe(true);
    expect(sizes.some((size) => size === "" || size === "0")).toBe(true);
  });

  it("never dates a change before its record or after now", () => {
    for (const row of [...leads, ...brand.model("opportunities")]) {
      expect(row.updatedAt >= row.createdAt).toBe(true);
      expect(Date.parse(row.updatedAt)).toBeLessThanOrEqual(simulator.now());
    }
  });

  it("links every opportunity, note and activity to a lead", () => {
    const ids = new Set(leads.map((lead) => lead.id));
    expect(brand.model("opportunities").every((o) => ids.has(o.clientId)))
      .toBe(true);
    expect(brand.model("notes").every((n) => ids.has(n.contactId))).toBe(true);
    expect(brand.model("activities").every((a) => ids.has(a.contactId)))
      .toBe(true);
  });

  it("has people with two opportunities", () => {
    const clients = brand.model("opportunities").map((o) => o.clientId);
    expect(new Set(clients).size).toBeLessThan(clients.length);
  });

  it("leaves no slot of a note's text unfilled", () => {
    for (const note of brand.model("notes")) {
      expect(note.content).not.toMatch(/[{}]|undefined/);
    }
  });
});

describe("advance()", () => {
  it("gives the same in one step as in many", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }),
        (steps) => {
          const quarterHours = simulatorOf(brandA({ leads: 60 }));
          for (const step of steps) quarterHours.advance(step / 4);
          const once = simulatorOf(brandA({ leads: 60 }));
          once.advance(steps.reduce((sum, step) => sum + step, 0) / 4);
          expect(quarterHours.now()).toBe(once.now());
          expect(everything(quarterHours)).toEqual(everything(once));
        },
      ),
      { numRuns: 12 },
    );
  });

  it("does not depend on what was read in between", async () => {
    const read = simulatorOf();
    for (let hour = 0; hour < 24; hour++) {
      read.advance(1);
      await ask(read, "read_client_list");
    }
    const unread = simulatorOf();
    unread.advance(24);
    expect(everything(read)).toEqual(everything(unread));
  });

  it("lives: people come, move and go, notes are edited, calls are cancelled", () => {
    const simulator = simulatorOf(brandA({ leads: 1_000 }));
    const before = {
      leads: byId(simulator, "leads"),
      notes: byId(simulator, "notes"),
      activities: byId(simulator, "activities"),
    };
    simulator.advance(24 * 28);
    const after = {
      leads: byId(simulator, "leads"),
      notes: byId(simulator, "notes"),
      activities: byId(simulator, "activities"),
    };
    for (const stream of ["leads", "notes", "activities"] as const) {
      const ids = [...after[stream].keys()];
      expect(ids.some((id) => !before[stream].has(id))).toBe(true);
      expect(changed(before[stream], after[stream]).length).toBeGreaterThan(0);
    }
    expect([...before.leads.keys()].some((id) => !after.leads.has(id)))
      .toBe(true);
    const cancelled = simulator.brand("key-a").model("activities")
      .filter((a) => /^Cancell?ed$/.test(a.status));
    expect(cancelled.length).toBeGreaterThan(0);
  });

  it("changes last_modified_date with every change of a lead", () => {
    const simulator = simulatorOf();
    const before = new Map(
      simulator.brand("key-a").model("leads").map((l) => [l.id, l]),
    );
    simulator.advance(24 * 14);
    let moves = 0;
    for (const lead of simulator.brand("key-a").model("leads")) {
      const old = before.get(lead.id);
      if (old === undefined || old.stage === lead.stage) continue;
      moves++;
      expect(lead.updatedAt > old.updatedAt).toBe(true);
      expect(Date.parse(lead.updatedAt)).toBeLessThan(simulator.now());
    }
    expect(moves).toBeGreaterThan(10);
  });

  it("deletes a person together with deals, notes and activities", () => {
    const simulator = simulatorOf(brandA({ leads: 120 }));
    simulator.advance(24 * 90);
    const brand = simulator.brand("key-a");
    const ids = new Set(brand.model("leads").map((lead) => lead.id));
    expect(brand.model("notes").every((n) => ids.has(n.contactId))).toBe(true);
    expect(brand.model("opportunities").every((o) => ids.has(o.clientId)))
      .toBe(true);
    expect(brand.model("activities").every((a) => ids.has(a.contactId)))
      .toBe(true);
  });

  it("leaves literal records as they are", () => {
    const lead = { client_id: "1", firstName: "Ada" };
    const simulator = simulatorOf(emptyBrand({ records: { leads: [lead] } }));
    simulator.advance(24 * 30);
    expect(simulator.brand("key-a").rows("leads")).toEqual([lead]);
  });

  it("refuses a time that is none, and never goes back", () => {
    const simulator = simulatorOf(emptyBrand());
    expect(() => simulator.advance(-1)).toThrow("Cannot advance by -1 hours");
    expect(() => simulator.advance(NaN)).toThrow(RangeError);
    simulator.advance(5);
    const now = simulator.now();
    simulator.advanceTo(now - 3_600_000);
    expect(simulator.now()).toBe(now);
  });
});

describe("a brand of 100,000 leads", () => {
  it("is made and paged without holding its text", async () => {
    const before = Deno.memoryUsage();
    const simulator = simulatorOf(
      brandA({ leads: 100_000, opportunities: 50_000, notes: 100_000 }),
    );
    const body = await bodyOf(
      await ask(simulator, "read_client_list?offset=99950"),
    );
    expect(body.TotalRecord).toBe(100_000);
    expect(Array.isArray(body.data) && body.data.length).toBe(50);
    const { external } = Deno.memoryUsage();
    expect(external - before.external).toBeLessThan(60e6);
    expect(simulator.brand("key-a").counts().opportunities).toBe(50_000);
  });
});

describe("demoBrands()", () => {
  it("are three brands of different sizes and zones", () => {
    const brands = demoBrands();
    expect(brands.map((b) => [b.name, b.leads])).toEqual([
      ["Alder Burgers", 520],
      ["Harbor Pilates", 180],
      ["Copperleaf Senior Care", 1_400],
    ]);
    expect(new Set(brands.map((b) => b.timezone)).size).toBe(3);
    expect(new Set(brands.map((b) => b.webKey)).size).toBe(3);
  });
});
