import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ask,
  bodyOf,
  brandA,
  column,
  readAll,
  rowsOf,
  simulatorOf,
} from "./_fixture.ts";
import { firstRow, LEADS, spoilt, trueRows } from "./_faults_fixture.ts";

describe("records that are damaged", () => {
  it("20: text that became something else", async () => {
    expect(typeof (await firstRow({ kind: "type_drift" })).firstName).toBe(
      "object",
    );
    const drifts = { number: 42, array: ["one", 2], boolean: true, null: null };
    for (const [to, value] of Object.entries(drifts)) {
      const row = await firstRow({
        kind: "type_drift",
        field: "email",
        to: to as keyof typeof drifts,
      });
      expect(row.email).toEqual(value);
    }
  });

  it("21: a stage that nobody has heard of", async () => {
    const row = await firstRow({ kind: "unknown_enum" });
    expect(row.clients_sales_cycle).toBe("Quantum Review");
  });

  it("22: records without an id, by share or by place", async () => {
    const simulator = spoilt({ kind: "missing_id", every: 50 });
    const rows = await readAll(simulator, LEADS);
    expect(rows.filter((row) => !("client_id" in row)).length).toBe(5);
    const one = await rowsOf(spoilt({ kind: "missing_id", record: 7 }), LEADS);
    expect(one.findIndex((row) => !("client_id" in row))).toBe(7);
  });

  it("23: dates that are none", async () => {
    expect((await firstRow({ kind: "bad_date" })).created).toBe(
      "0000-00-00 00:00:00",
    );
    const row = await firstRow({
      kind: "bad_date",
      field: "last_modified_date",
      value: "2024-02-30",
    });
    expect(row.last_modified_date).toBe("2024-02-30");
  });

  it("24: a huge note with emoji", async () => {
    const simulator = simulatorOf();
    simulator.faults.add({ kind: "huge_note", stream: "notes", record: 3 });
    const rows = await rowsOf(simulator, "notes");
    const content = String(rows[3]?.content);
    expect(new TextEncoder().encode(content).length)
      .toBeGreaterThanOrEqual(200 * 1024);
    expect(content).toContain("🏗️");
    expect(String(rows[2]?.content).length).toBeLessThan(1000);
  });

  it("26: bytes that are not UTF-8", async () => {
    const simulator = spoilt({ kind: "invalid_utf8" });
    const bytes = await (await ask(simulator, LEADS)).bytes();
    const strict = new TextDecoder("utf-8", { fatal: true });
    expect(() => strict.decode(bytes)).toThrow(TypeError);
    const lenient = JSON.parse(new TextDecoder().decode(bytes));
    expect(lenient.TotalRecord).toBe(250);
  });

  it("27: ids with lone surrogates or NULs, all different", async () => {
    const surrogates = await rowsOf(spoilt({ kind: "odd_id" }), LEADS);
    expect(column(surrogates.slice(0, 2), "client_id")).toEqual([
      "odd\ud800",
      "odd\ud801",
    ]);
    const nuls = await rowsOf(spoilt({ kind: "odd_id", form: "nul" }), LEADS);
    expect(column(nuls.slice(0, 2), "client_id")).toEqual([
      "odd\0",
      "odd\0\0",
    ]);
  });

  it("28: money that is none, or oddly written", async () => {
    for (const value of ["NaN", "$1,234.50", "-500", "(500)", "1.5M"]) {
      const row = await firstRow({ kind: "odd_money", value });
      expect(row.deal_size).toBe(value);
    }
    const number = await firstRow({ kind: "odd_money", value: 49500.5 });
    expect(number.deal_size).toBe(49500.5);
  });

  it("29: ids beyond 2^53 as JSON numbers that doubles cannot tell apart", async () => {
    const text = await (await ask(spoilt({ kind: "big_id" }), LEADS)).text();
    expect(text).toContain('{"client_id":9007199254740992,');
    expect(text).toContain('{"client_id":9007199254740993,');
    const { data } = JSON.parse(text);
    expect(data[0].client_id).toBe(data[1].client_id);
  });

  it("30: __proto__ and keys that are given twice", async () => {
    const proto = await ask(spoilt({ kind: "proto_key" }), LEADS);
    expect(await proto.text()).toContain(
      '{"data":[{"__proto__":{"polluted":true},',
    );
    const twice = await ask(spoilt({ kind: "duplicate_keys" }), LEADS);
    const text = await twice.text();
    expect(text.match(/"firstName"/g)?.length).toBe(101);
    expect(JSON.parse(text).data[0].firstName).toBe("Second");
  });

  it("can be chosen by id, on whatever page they are", async () => {
    const simulator = simulatorOf();
    const id = String(trueRows(simulator)[123]?.client_id);
    simulator.faults.add({ kind: "odd_money", value: "1.5M", id });
    const rows = await readAll(simulator, LEADS);
    expect(rows.findIndex((row) => row.deal_size === "1.5M")).toBe(123);
  });

  it("keep the other fields and the other records", async () => {
    const simulator = spoilt({ kind: "odd_money" });
    const rows = await readAll(simulator, LEADS);
    const truth = trueRows(simulator);
    expect(rows.slice(1)).toEqual(truth.slice(1));
    expect({ ...rows[0], deal_size: "" }).toEqual({
      ...truth[0],
      deal_size: "",
    });
  });

  it("speak the brief's spelling too", async () => {
    const simulator = simulatorOf(brandA(), { spelling: "brief" });
    simulator.faults.add({ kind: "missing_id", record: 0 });
    simulator.faults.add({ kind: "unknown_enum", record: 1 });
    const [first, second] = await rowsOf(simulator, LEADS);
    expect("id" in (first ?? {})).toBe(false);
    expect(second?.stage).toBe("Quantum Review");
  });

  it("can be several at once", async () => {
    const simulator = spoilt({ kind: "bad_date" });
    simulator.faults.add({ kind: "odd_money" });
    simulator.faults.add({ kind: "fewer", keep: 0.5 });
    const body = await bodyOf(await ask(simulator, LEADS));
    const [row] = Array.isArray(body.data) ? body.data : [];
    expect(body.TotalRecord).toBe(125);
    expect([row.created, row.deal_size]).toEqual([
      "0000-00-00 00:00:00",
      "NaN",
    ]);
  });
});
