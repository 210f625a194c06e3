import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ask,
  brandA,
  column,
  emptyBrand,
  rowsOf,
  simulatorOf,
} from "./_fixture.ts";

describe("a brand's hooks", () => {
  it("fill an empty brand with literal records, served verbatim", async () => {
    const simulator = simulatorOf(emptyBrand());
    const brand = simulator.brand("key-a");
    const raw = '{"client_id": 9007199254740993, "odd":1.0}';
    brand.putLead(raw);
    brand.putOpportunity({ opportunity_id: "o1", client_id: "1" });
    brand.putNote({ id: "n1", contact_id: "1", content: "é 🏗️" });
    brand.putActivity({ id: "a1" });
    brand.putCycle({ sales_cycle_id: "s1" });
    const text = await (await ask(simulator, "read_client_list")).text();
    expect(text).toBe(`{"data":[${raw}],"TotalRecord":1}`);
    expect(brand.counts()).toEqual({
      cycles: 1,
      leads: 1,
      opportunities: 1,
      notes: 1,
      activities: 1,
      sources: 12,
    });
    expect(await rowsOf(simulator, "read_client_history_notes/1")).toEqual([
      { id: "n1", contact_id: "1", content: "é 🏗️" },
    ]);
  });

  it("replace a record with the same id in its place", async () => {
    const simulator = simulatorOf();
    const brand = simulator.brand("key-a");
    const id = String(brand.rows("leads")[3]?.client_id);
    expect(brand.putLead({ client_id: id, firstName: "Ada" })).toBe(id);
    const rows = await rowsOf(simulator, "read_client_list");
    expect(rows[3]).toEqual({ client_id: id, firstName: "Ada" });
    expect(brand.counts().leads).toBe(250);
    expect(await rowsOf(simulator, `read_client_by_id/${id}`)).toEqual([]);
  });

  it("remove generated and literal records, each once", () => {
    const brand = simulatorOf().brand("key-a");
    const id = String(brand.rows("opportunities")[0]?.opportunity_id);
    expect(brand.removeOpportunity(id)).toBe(true);
    expect(brand.removeOpportunity(id)).toBe(false);
    expect(column(brand.rows("opportunities"), "opportunity_id"))
      .not.toContain(id);
    brand.putNote({ id: "mine" });
    expect(brand.removeNote("mine")).toBe(true);
    expect(brand.removeLead("nobody")).toBe(false);
    expect(brand.removeActivity("nothing")).toBe(false);
    expect(brand.removeCycle("1")).toBe(true);
  });

  it("clear one list and leave the others", () => {
    const brand = simulatorOf().brand("key-a");
    brand.putLead({ client_id: "mine" });
    const { opportunities } = brand.counts();
    brand.clear("leads");
    expect(brand.counts().leads).toBe(0);
    expect(brand.counts().opportunities).toBe(opportunities);
  });

  it("accept literal records in the brand's settings", () => {
    const brand = simulatorOf(brandA({
      leads: 0,
      cycles: [{ sales_cycle_id: "1", sales_cycle_name: "Only" }],
      records: { leads: [{ client_id: "1" }, { nameless: true }] },
    })).brand("key-a");
    expect(column(brand.rows("cycles"), "sales_cycle_name")).toEqual(["Only"]);
    expect(brand.rows("leads")).toEqual([{ client_id: "1" }, {
      nameless: true,
    }]);
  });

  it("know the truth behind odd spellings", () => {
    const leads = simulatorOf().brand("key-a").model("leads");
    for (const lead of leads) {
      if (lead.typed.source.trim() === "") expect(lead.source).toBe(null);
      if (lead.typed.stage === "") expect(lead.stage).toBe("New Lead");
      if (/^\$?0/.test(lead.typed.dealSize)) {
        expect(lead.dealSizeCents).toBe(null);
      }
    }
  });

  it("refuse an unknown web key without repeating it", () => {
    expect(() => simulatorOf().brand("secret")).toThrow(
      "Cannot find a brand: no brand has this web key",
    );
  });

  it("refuse a literal that is not a JSON object", () => {
    const brand = simulatorOf().brand("key-a");
    expect(() => brand.putLead("[1]")).toThrow("is not a JSON object");
  });
});

describe("requests", () => {
  it("are counted by brand, stream and endpoint until a reset", async () => {
    const simulator = simulatorOf();
    await ask(simulator, "read_client_list");
    await ask(simulator, "read_client_list?offset=100");
    await ask(simulator, "read_client_by_id/1");
    await ask(simulator, "notes?since=2026-01-01");
    await ask(simulator, "notes", {});
    const { requests } = simulator;
    expect(requests.total).toBe(5);
    expect(requests.count({ stream: "leads" })).toBe(3);
    expect(requests.count({ endpoint: "read_client_list" })).toBe(2);
    expect(requests.count({ brand: "Brand A", stream: "notes" })).toBe(1);
    requests.reset();
    expect(requests.total).toBe(0);
    expect(requests.log).toEqual([]);
  });

  it("are logged without secrets", async () => {
    const simulator = simulatorOf();
    await ask(simulator, "notes?since=2026-01-01", {
      "x-web-key": "key-a",
      "x-access-token": "token-a",
      accept: "application/json",
    });
    expect(simulator.requests.log).toEqual([{
      brand: "Brand A",
      stream: "notes",
      endpoint: "notes",
      path: "/v2/api/notes",
      query: { since: "2026-01-01" },
      headers: { accept: "application/json" },
    }]);
  });

  it("beyond a thousand push the oldest out of the log, not of the count", async () => {
    const simulator = simulatorOf(emptyBrand());
    for (let i = 0; i < 1005; i++) {
      await ask(simulator, `notes?contact_id=${i}`);
    }
    expect(simulator.requests.total).toBe(1005);
    expect(simulator.requests.log.length).toBe(1000);
    expect(simulator.requests.log[0]?.query).toEqual({ contact_id: "5" });
  });
});
