import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  normalize,
  type NormalizeSettings,
} from "../../lib/clienttether/mod.ts";
import { rawRow } from "./_helpers.ts";

const settings: NormalizeSettings = {
  timezone: "America/New_York",
  fieldAliases: {},
};

function leadOf(value: Record<string, unknown>, s = settings) {
  const row = rawRow("leads", { client_id: "1", ...value });
  const result = normalize.lead(row, s);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

describe("normalize.lead()", () => {
  it("makes a lead of the documented fields", () => {
    const lead = leadOf({
      client_id: 41,
      firstName: " Ada ",
      lastName: "Mills",
      compName: "Mills LLC",
      email: "ada@example.com",
      phone: "555-0100",
      city: "Reno",
      state: "NV",
      units: "3",
      clients_lead_source: "Website",
      clients_sales_cycle: " FDD Sent ",
      contact_type: 1,
      assigned_user: '{"first_name":"Sam","last_name":"Ortiz"}',
      deal_size: "$49,500.00",
      created: "2026-06-01 08:00:00",
      last_modified_date: "2026-06-02T10:00:00Z",
    });
    expect(lead).toEqual({
      id: "41",
      firstName: "Ada",
      lastName: "Mills",
      company: "Mills LLC",
      email: "ada@example.com",
      phone: "555-0100",
      city: "Reno",
      state: "NV",
      market: "Reno, NV",
      units: 3,
      source: "Website",
      stage: "FDD Sent",
      contactType: "1",
      assignedTo: "Sam Ortiz",
      dealSizeCents: 4_950_000,
      createdAt: "2026-06-01T12:00:00.000Z",
      updatedAt: "2026-06-02T10:00:00.000Z",
      remarks: [],
    });
  });

  it("gives blank fields their meaning without a remark", () => {
    const lead = leadOf({
      firstName: "",
      clients_sales_cycle: "  ",
      contact_type: null,
      deal_size: "",
      created: "",
      units: "",
    });
    expect(lead).toMatchObject({
      firstName: null,
      stage: "New Lead",
      contactType: "1",
      source: null,
      dealSizeCents: null,
      createdAt: null,
      units: null,
      market: null,
      remarks: [],
    });
  });

  it("reads a placeholder as nothing, in any case", () => {
    const lead = leadOf({
      firstName: "No Name Text Added",
      lastName: "no name text added",
      compName: "Not a placeholder",
    });
    expect(lead).toMatchObject({
      firstName: null,
      lastName: null,
      company: "Not a placeholder",
    });
  });

  it("refuses a row without an id", () => {
    const result = normalize.lead(rawRow("leads", { city: "Reno" }), settings);
    expect(result).toEqual({ ok: false, reason: "id is missing" });
  });

  it("nulls a bad date and an odd amount with a remark each", () => {
    const lead = leadOf({ created: "2024-02-30", deal_size: "1.5M" });
    expect(lead).toMatchObject({ createdAt: null, dealSizeCents: null });
    expect(lead.remarks).toEqual([
      "deal_size: '1.5M' is not an amount",
      "created: '2024-02-30' is not a date",
    ]);
  });

  it("takes 0 as no size without a remark, and keeps a negative amount", () => {
    for (const zero of [0, "0", "$0.00", "0.00"]) {
      expect(leadOf({ deal_size: zero })).toMatchObject({
        dealSizeCents: null,
        remarks: [],
      });
    }
    expect(leadOf({ deal_size: "-500" }).dealSizeCents).toBe(-50_000);
    expect(leadOf({ deal_size: 1234.5 }).dealSizeCents).toBe(123_450);
  });

  it("takes the market from the tenant's aliases, the usual ones, then the place", () => {
    const tenant = { ...settings, fieldAliases: { market: ["custom_7"] } };
    const all = { custom_7: "Boise", territory: "West", city: "Reno" };
    expect(leadOf(all, tenant).market).toBe("Boise");
    expect(leadOf({ ...all, custom_7: " " }, tenant).market).toBe("West");
    expect(leadOf(all).market).toBe("West");
    expect(leadOf({ city: "Reno" }).market).toBe("Reno");
    expect(leadOf({ state: "NV" }).market).toBe("NV");
    expect(leadOf({}).market).toBe(null);
  });

  it("takes the units from the tenant's aliases first", () => {
    const tenant = { ...settings, fieldAliases: { units: ["custom_8"] } };
    expect(leadOf({ custom_8: 5, units: "2" }, tenant).units).toBe(5);
    expect(leadOf({ number_of_units: "2" }, tenant).units).toBe(2);
  });

  it("guesses no units", () => {
    for (const units of ["three", "2-3", "-1"]) {
      const lead = leadOf({ units });
      expect(lead.units).toBe(null);
      expect(lead.remarks.length).toBe(1);
    }
  });

  it("falls back to the usual field where the tenant's holds an object", () => {
    const tenant = { ...settings, fieldAliases: { market: ["custom_7"] } };
    const lead = leadOf({ custom_7: { a: 1 }, market: "West" }, tenant);
    expect(lead.market).toBe("West");
    expect(lead.remarks).toEqual(["market: the tenant's field holds no text"]);
  });

  it("reads the assigned user as a name, as JSON text and as an object", () => {
    const assigned = (assigned_user: unknown) =>
      leadOf({ assigned_user }).assignedTo;
    expect(assigned("Sam Ortiz")).toBe("Sam Ortiz");
    expect(assigned('{"first_name":" Sam ","last_name":""}')).toBe("Sam");
    expect(assigned('[{"first_name":"Sam"}]')).toBe("Sam");
    expect(assigned({ first_name: "Sam", last_name: "Ortiz" })).toBe(
      "Sam Ortiz",
    );
    expect(assigned("{}")).toBe(null);
  });

  it("remarks on an assigned user that is broken JSON", () => {
    const lead = leadOf({ assigned_user: '{"first_name":' });
    expect(lead.assignedTo).toBe(null);
    expect(lead.remarks).toEqual([
      "assigned_user: '{\"first_name\":' is not a name",
    ]);
  });

  it("nulls an object where text is expected and keeps the lead", () => {
    const lead = leadOf({ email: { work: "a@example.com" }, city: "Reno" });
    expect(lead).toMatchObject({ email: null, city: "Reno" });
    expect(lead.remarks).toEqual(["email: an object instead of text"]);
  });

  it("trims text and changes nothing else in it", () => {
    expect(leadOf({ lastName: " e\u0301  Mc \n" }).lastName).toBe(
      "e\u0301  Mc",
    );
  });
});
