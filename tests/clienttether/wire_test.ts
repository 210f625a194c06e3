import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  CTLeadResponse,
  CTNoteResponse,
  CTSalesCycleResponse,
  fieldAliases,
  readWire,
  rowId,
} from "../../lib/clienttether/mod.ts";
import { STREAMS } from "../../lib/domain/mod.ts";

describe("the wire schemas", () => {
  it("read a field by each of its names alike", () => {
    const documented = CTLeadResponse.parse({
      client_id: "7",
      firstName: "Ada",
      clients_sales_cycle: "FDD Sent",
    });
    const other = CTLeadResponse.parse({
      id: 7,
      first_name: "Ada",
      stage: "FDD Sent",
    });
    expect(other).toEqual(documented);
    expect(documented.client_id).toBe("7");
  });

  it("make absent fields null and ignore unknown ones", () => {
    const note = CTNoteResponse.parse({ id: "1", mood: "good" });
    expect(note).toEqual({
      id: "1",
      contact_id: null,
      date: null,
      author: null,
      content: null,
      last_modified_date: null,
    });
  });

  it("skip a blank alias for one that holds something", () => {
    const note = CTNoteResponse.parse({ id: "1", content: " ", note: "Hi" });
    expect(note.content).toBe("Hi");
  });

  it("refuse an object where text is expected", () => {
    const cycle = { sales_cycle_id: "1", sales_cycle_name: { en: "QR" } };
    expect(CTSalesCycleResponse.safeParse(cycle).success).toBe(false);
  });

  it("list each field's own name first among its aliases", () => {
    for (const stream of STREAMS) {
      for (const [name, aliases] of Object.entries(fieldAliases(stream))) {
        expect(aliases[0]).toBe(name);
        expect(new Set(aliases).size).toBe(aliases.length);
      }
    }
  });
});

describe("readWire()", () => {
  it("nulls a drifted field with a remark and reads the others", () => {
    const { wire, remarks } = readWire("leads", {
      client_id: "1",
      email: { work: "ada@example.com" },
      phone: ["555-0100"],
      city: true,
      firstName: "Ada",
    });
    expect(wire).toMatchObject({
      client_id: "1",
      email: null,
      phone: null,
      city: null,
      firstName: "Ada",
    });
    expect(remarks.toSorted()).toEqual([
      "city: true instead of text",
      "email: an object instead of text",
      "phone: a list instead of text",
    ]);
  });

  it("takes nothing from a prototype", () => {
    const row = JSON.parse('{"__proto__":{"client_id":"9","city":"Reno"}}');
    const { wire } = readWire("leads", row);
    expect(wire.client_id).toBe(null);
    expect(wire.city).toBe(null);
    expect(rowId("leads", Object.create({ client_id: "9" }))).toBe(null);
  });
});

describe("rowId()", () => {
  it("gives the id of every stream as text", () => {
    expect(rowId("leads", { client_id: 12 })).toBe("12");
    expect(rowId("opportunities", { opportunity_id: " 13 " })).toBe("13");
    expect(rowId("cycles", { sales_cycle_id: "14" })).toBe("14");
    expect(rowId("notes", { note_id: "15" })).toBe("15");
    expect(rowId("activities", { activity_id: "16" })).toBe("16");
  });

  it("prefers the stream's own id to a plain one", () => {
    expect(rowId("leads", { id: "1", client_id: "2" })).toBe("2");
  });

  it("is null for what is no id", () => {
    const none = [null, "", "  ", NaN, Infinity, true, {}, [], "null", "NaN"];
    for (const id of none) expect(rowId("leads", { client_id: id })).toBe(null);
    expect(rowId("leads", {})).toBe(null);
  });

  it("keeps NUL and lone surrogates", () => {
    expect(rowId("leads", { client_id: "a\0b" })).toBe("a\0b");
    expect(rowId("leads", { client_id: "\ud800" })).toBe("\ud800");
  });
});
