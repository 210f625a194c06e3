import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type Fault,
  FAULTS,
  faultsOfRow,
  type Simulator,
} from "../../../lib/clienttether/simulator/mod.ts";
import {
  ask,
  bodyOf,
  brandA,
  column,
  KEYS,
  readAll,
  rowsOf,
  simulatorOf,
  START,
} from "./_fixture.ts";

const LEADS = "read_client_list";
const PAGE_2 = `${LEADS}?limit=100&offset=100`;

/** A simulator of 250 leads with one fault on its leads. */
function spoilt(fault: Fault): Simulator {
  const simulator = simulatorOf();
  simulator.faults.add({ stream: "leads", ...fault });
  return simulator;
}

/** The leads as they are without faults. */
function trueRows(simulator: Simulator) {
  return simulator.brand("key-a").rows("leads");
}

async function firstRow(fault: Fault) {
  const [row = {}] = await rowsOf(spoilt(fault), LEADS);
  return row;
}

describe("FAULTS", () => {
  it("plays every row of the fault matrix from 1 to 30", () => {
    for (let row = 1; row <= 30; row++) {
      expect(faultsOfRow(row).length).toBeGreaterThan(0);
    }
    for (const { doc } of Object.values(FAULTS)) {
      expect(doc).toMatch(/\.$/);
    }
  });
});

describe("faults.add()", () => {
  it("keeps to its brand, stream and endpoint", async () => {
    const other = brandA({ webKey: "key-b" });
    const simulator = simulatorOf(brandA(), { brands: [brandA(), other] });
    simulator.faults.add({ kind: "http_status", brand: "key-b" });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    simulator.faults.clear();
    simulator.faults.add({ kind: "http_status", stream: "notes" });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    expect((await ask(simulator, "notes")).status).toBe(503);
    simulator.faults.clear();
    simulator.faults.add({
      kind: "http_status",
      endpoint: "read_client_by_id",
    });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    expect((await ask(simulator, "read_client_by_id/1")).status).toBe(503);
  });

  it("counts calls from when it was added", async () => {
    const simulator = simulatorOf();
    await ask(simulator, LEADS);
    const handle = simulator.faults.add({ kind: "http_status", call: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await ask(simulator, LEADS)).status);
    }
    expect(statuses).toEqual([200, 503, 200, 200]);
    expect([handle.calls, handle.hits]).toEqual([4, 1]);
  });

  it("takes a range of calls with both ends in", async () => {
    const simulator = simulatorOf();
    simulator.faults.add({ kind: "http_status", call: { from: 2, to: 3 } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await ask(simulator, LEADS)).status);
    }
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  it("gives a handle whose removal brings every true answer back", async () => {
    const simulator = simulatorOf();
    const truth = await (await ask(simulator, LEADS)).text();
    const faults: Fault[] = [
      { kind: "type_drift" },
      { kind: "none" },
      { kind: "fewer" },
      { kind: "big_id" },
      { kind: "truncated_json" },
      { kind: "key_revoked" },
    ];
    for (const fault of faults) {
      const handle = simulator.faults.add(fault);
      expect(await (await ask(simulator, LEADS)).text()).not.toBe(truth);
      handle.remove();
      expect(await (await ask(simulator, LEADS)).text()).toBe(truth);
    }
    expect(simulator.faults.list()).toEqual([]);
  });
});

describe("answers that are no list", () => {
  it("1: bare statuses of servers in trouble", async () => {
    for (const status of [500, 502, 503, 504]) {
      const response = await ask(
        spoilt({ kind: "http_status", status }),
        LEADS,
      );
      expect(response.status).toBe(status);
    }
  });

  it("2: 429 with Retry-After in seconds", async () => {
    const response = await ask(
      spoilt({ kind: "rate_limited", seconds: 90 }),
      LEADS,
    );
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("90");
  });

  it("3: 429 with Retry-After as a date, past, garbage, or missing", async () => {
    const retryAfter = async (
      form: "date" | "past" | "garbage" | "none",
    ) => {
      const fault: Fault = { kind: "rate_limited_odd", form, seconds: 30 };
      const response = await ask(spoilt(fault), LEADS);
      expect(response.status).toBe(429);
      return response.headers.get("retry-after");
    };
    expect(Date.parse(await retryAfter("date") ?? "")).toBe(START + 30_000);
    expect(Date.parse(await retryAfter("past") ?? "")).toBeLessThan(START);
    expect(Number.isNaN(Date.parse(await retryAfter("garbage") ?? "")))
      .toBe(true);
    expect(await retryAfter("none")).toBe(null);
  });

  it("4: a connection that is refused, as a fetch would say it", async () => {
    await expect(ask(spoilt({ kind: "connection" }), LEADS)).rejects.toThrow(
      "Connection refused",
    );
  });

  it("8: an HTML page with status 200", async () => {
    const response = await ask(spoilt({ kind: "html" }), LEADS);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("<h1>");
  });

  it("9: good JSON under a wrong content type", async () => {
    const response = await ask(spoilt({ kind: "content_type" }), LEADS);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect((await bodyOf(response)).TotalRecord).toBe(250);
  });

  it("10: an error code in the body under HTTP 200", async () => {
    const fault: Fault = {
      kind: "result_code",
      code: "CT400",
      field: "Response_Code",
    };
    const response = await ask(spoilt(fault), LEADS);
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).Response_Code).toBe("CT400");
  });

  it("11: a redirect", async () => {
    const to = "http://127.0.0.1:9/x";
    const response = await ask(spoilt({ kind: "redirect", to }), LEADS);
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(to);
  });

  it("12: an expired token", async () => {
    const response = await ask(spoilt({ kind: "token_expired" }), LEADS);
    expect(response.status).toBe(401);
    expect((await bodyOf(response)).code).toBe("CT501");
  });

  it("13: a key that is revoked in the middle of a run, for good", async () => {
    const simulator = simulatorOf();
    simulator.faults.add({ kind: "key_revoked", brand: "key-a", call: 3 });
    const codes: unknown[] = [];
    for (const path of [LEADS, PAGE_2, "read_opportunity_list", "notes"]) {
      codes.push((await bodyOf(await ask(simulator, path))).code);
    }
    expect(codes).toEqual([undefined, undefined, "CT501", "CT501"]);
    const forbidden = spoilt({ kind: "key_revoked", style: "http403" });
    expect((await ask(forbidden, LEADS)).status).toBe(403);
  });
});

describe("lists that change or lie", () => {
  it("7: JSON that ends in the middle", async () => {
    const response = await ask(spoilt({ kind: "truncated_json" }), LEADS);
    const text = await response.text();
    expect(text.startsWith('{"data":[')).toBe(true);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it("14: a total that shrinks while pages are read", async () => {
    const simulator = spoilt({ kind: "shrinking_total", by: 2 });
    const one = await bodyOf(await ask(simulator, LEADS));
    const two = await bodyOf(await ask(simulator, PAGE_2));
    expect([one.TotalRecord, two.TotalRecord]).toEqual([250, 248]);
    const ids = column(await readAll(simulator, LEADS), "client_id");
    expect(new Set(ids).size).toBe(248);
  });

  it("14: pages that are shorter than asked for", async () => {
    const simulator = spoilt({ kind: "short_page", size: 30 });
    const body = await bodyOf(await ask(simulator, `${LEADS}?limit=100`));
    expect(Array.isArray(body.data) && body.data.length).toBe(30);
    expect(body.TotalRecord).toBe(250);
  });

  it("15: records that come again on the next page, newer", async () => {
    const simulator = spoilt({ kind: "duplicate", count: 2 });
    const rows = await readAll(simulator, LEADS);
    expect(rows.length).toBe(252);
    expect(new Set(column(rows, "client_id")).size).toBe(250);
    const again = rows.filter((r) => r.client_id === rows[99]?.client_id);
    expect(again.length).toBe(2);
    expect(
      String(again[1]?.last_modified_date) >
        String(again[0]?.last_modified_date),
    ).toBe(true);
    expect(again[1]?.compName).toContain("(changed)");
  });

  it("16: records that move to the part already read", async () => {
    const simulator = spoilt({ kind: "moved" });
    const rows = await readAll(simulator, LEADS);
    const truth = column(trueRows(simulator), "client_id");
    const read = new Set(column(rows, "client_id"));
    expect(truth.filter((id) => !read.has(id))).toEqual([truth[100]]);
    expect((await bodyOf(await ask(simulator, PAGE_2))).TotalRecord).toBe(250);
  });

  it("17: the same page forever", async () => {
    const simulator = spoilt({ kind: "same_page" });
    const first = await (await ask(simulator, LEADS)).text();
    for (const offset of [100, 200, 900]) {
      const page = await ask(simulator, `${LEADS}?offset=${offset}`);
      expect(await page.text()).toBe(first);
    }
  });

  it("18: all that is none, in each way of saying so", async () => {
    const bodies: string[] = [];
    for (const style of ["array", "null", "text", "CT515"] as const) {
      const response = await ask(spoilt({ kind: "none", style }), LEADS);
      bodies.push(await response.text());
    }
    expect(bodies).toEqual([
      '{"data":[],"TotalRecord":0}',
      '{"data":null,"TotalRecord":0}',
      '{"data":"","TotalRecord":0}',
      '{"code":"CT515","message":"No record found"}',
    ]);
  });

  it("19: a count that falls sharply", async () => {
    const body = await bodyOf(
      await ask(spoilt({ kind: "fewer", keep: 0.1 }), LEADS),
    );
    expect(body.TotalRecord).toBe(25);
    expect(Array.isArray(body.data) && body.data.length).toBe(25);
  });
});

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

describe("simulator.fetch", () => {
  const url = `https://crm.test/v2/api/${LEADS}`;

  it("asks the handler as a fetch would", async () => {
    const response = await simulatorOf().fetch(url, { headers: KEYS });
    expect((await bodyOf(response)).TotalRecord).toBe(250);
  });

  it("refuses redirects where told to", async () => {
    const { fetch } = spoilt({ kind: "redirect" });
    await expect(fetch(url, { headers: KEYS, redirect: "error" })).rejects
      .toThrow(TypeError);
    const response = await fetch(url, { headers: KEYS, redirect: "manual" });
    expect(response.status).toBe(302);
  });

  it("unpacks gzip", async () => {
    const { fetch } = spoilt({
      kind: "giant_body",
      gzip: true,
      bytes: 300_000,
    });
    const body = await bodyOf(await fetch(url, { headers: KEYS }));
    expect(JSON.stringify(body.data).length).toBeGreaterThan(300_000);
  });

  it("ends a stalled body when the signal does", async () => {
    const { fetch } = spoilt({ kind: "stall" });
    const controller = new AbortController();
    const response = await fetch(url, {
      headers: KEYS,
      signal: controller.signal,
    });
    const reading = response.text();
    controller.abort(new Error("deadline"));
    await expect(reading).rejects.toThrow("deadline");
  });
});
