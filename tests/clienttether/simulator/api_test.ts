import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ask,
  bodyOf,
  brandA,
  column,
  emptyBrand,
  KEYS,
  readAll,
  rowsOf,
  simulatorOf,
} from "./_fixture.ts";

describe("the simulator's door", () => {
  it("refuses a missing or wrong key with CT501 under HTTP 200", async () => {
    const simulator = simulatorOf();
    for (
      const headers of [
        {},
        { ...KEYS, "x-web-key": "key-b" },
        { ...KEYS, "x-access-token": "wrong" },
      ]
    ) {
      const response = await ask(simulator, "read_client_list", headers);
      expect(response.status).toBe(200);
      expect((await bodyOf(response)).code).toBe("CT501");
    }
  });

  it("refuses with HTTP 401 where it is told to", async () => {
    const simulator = simulatorOf(brandA(), { refusal: "http401" });
    const response = await ask(simulator, "read_client_list", {});
    expect(response.status).toBe(401);
  });

  it("never shows one brand's records under another's key", async () => {
    const other = brandA({ name: "Brand B", webKey: "key-b", leads: 30 });
    const simulator = simulatorOf(brandA(), { brands: [brandA(), other] });
    const body = await bodyOf(
      await ask(simulator, "read_client_list", {
        ...KEYS,
        "x-web-key": "key-b",
      }),
    );
    expect(body.TotalRecord).toBe(30);
    const emails = new Set(
      column(simulator.brand("key-a").rows("leads"), "email"),
    );
    const rows = Array.isArray(body.data) ? body.data : [];
    expect(rows.filter((row) => emails.has(row.email))).toEqual([]);
  });

  it("answers 404 to addresses that the API lacks and 405 to other verbs", async () => {
    const simulator = simulatorOf();
    for (const path of ["read_everything", "constructor", "notes/1/2", ""]) {
      expect((await ask(simulator, path)).status).toBe(404);
    }
    const post = new Request("https://crm.test/v2/api/notes", {
      method: "POST",
      body: "{}",
      headers: KEYS,
    });
    expect((await simulator.handler(post)).status).toBe(405);
  });

  it("refuses two brands with one web key", () => {
    expect(() =>
      simulatorOf(brandA(), { brands: [brandA(), brandA({ name: "Twin" })] })
    ).toThrow("Cannot create brand 'Twin'");
  });
});

describe("lists", () => {
  it("serve every record exactly once over pages of 100", async () => {
    const simulator = simulatorOf();
    const rows = await readAll(simulator, "read_client_list");
    expect(rows.length).toBe(250);
    expect(new Set(column(rows, "client_id")).size).toBe(250);
    const last = await rowsOf(
      simulator,
      "read_client_list?limit=100&offset=200",
    );
    expect(last.length).toBe(50);
  });

  it("never serve more than 100 records a page", async () => {
    const simulator = simulatorOf();
    expect((await rowsOf(simulator, "read_client_list?limit=5000")).length)
      .toBe(100);
    expect((await rowsOf(simulator, "read_client_list?limit=7")).length).toBe(
      7,
    );
  });

  it("answer CT400 to a limit or offset that is no number", async () => {
    const simulator = simulatorOf();
    for (const query of ["limit=ten", "limit=0", "offset=-1", "offset=1.5"]) {
      const body = await bodyOf(
        await ask(simulator, `read_client_list?${query}`),
      );
      expect(body.code).toBe("CT400");
    }
  });

  it("write TotalRecord as a number, as text, or not at all", async () => {
    const totals: unknown[] = [];
    for (const totalRecordStyle of ["number", "string", "absent"] as const) {
      const simulator = simulatorOf(brandA({ totalRecordStyle }));
      const body = await bodyOf(await ask(simulator, "read_client_list"));
      totals.push(body.TotalRecord);
    }
    expect(totals).toEqual([250, "250", undefined]);
  });

  it("say that they are empty in four ways", async () => {
    const bodies: string[] = [];
    for (const emptyStyle of ["array", "null", "text", "CT515"] as const) {
      const simulator = simulatorOf(emptyBrand({ emptyStyle }));
      bodies.push(await (await ask(simulator, "read_client_list")).text());
    }
    expect(bodies).toEqual([
      '{"data":[],"TotalRecord":0}',
      '{"data":null,"TotalRecord":0}',
      '{"data":"","TotalRecord":0}',
      '{"code":"CT515","message":"No record found"}',
    ]);
  });

  it("carry CT200 in the field and spelling that they are told", async () => {
    const simulator = simulatorOf(emptyBrand(), {
      codes: { field: "Status", underscore: true, onSuccess: true },
    });
    expect(await bodyOf(await ask(simulator, "read_client_list"))).toEqual({
      Status: "CT_200",
      message: "Success",
      data: [],
      TotalRecord: 0,
    });
  });

  it("come newest first where the brand says so", async () => {
    const oldest = await readAll(simulatorOf(), "read_client_list");
    const newest = await readAll(
      simulatorOf(brandA({ listOrder: "newest" })),
      "read_client_list",
    );
    expect(column(newest, "client_id")).toEqual(
      column(oldest, "client_id").reverse(),
    );
  });
});

describe("single records", () => {
  it("are found by id", async () => {
    const simulator = simulatorOf();
    const [first] = simulator.brand("key-a").rows("leads");
    const body = await bodyOf(
      await ask(simulator, `read_client_by_id/${first?.client_id}`),
    );
    expect(body.data).toEqual(first);
    const missing = await ask(simulator, "read_client_by_id/1");
    expect((await bodyOf(missing)).code).toBe("CT515");
  });

  it("are found by e-mail address and by phone, however it is written", async () => {
    const simulator = simulatorOf();
    const lead = simulator.brand("key-a").rows("leads")[42];
    const byEmail = await bodyOf(
      await ask(simulator, `read_client_exist?email=${lead?.email}`),
    );
    expect(byEmail.data).toEqual(lead);
    const phone = String(lead?.phone).replace(/\D/g, ".");
    const byPhone = await bodyOf(
      await ask(simulator, `read_client_exist?phone=${phone}`),
    );
    expect(byPhone.code).toBeUndefined();
    const nobody = await ask(
      simulator,
      "read_client_exist?email=nobody@example.com",
    );
    expect((await bodyOf(nobody)).code).toBe("CT515");
    const nothing = await ask(simulator, "read_client_exist");
    expect((await bodyOf(nothing)).code).toBe("CT400");
  });
});
