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

describe("notes", () => {
  it("can be asked since an instant", async () => {
    const simulator = simulatorOf();
    const notes = simulator.brand("key-a").model("notes");
    const since = notes[200]?.noteDate ?? "";
    const rows = await readAll(simulator, "notes", `&since=${since}`);
    expect(column(rows, "id").toSorted()).toEqual(
      notes.filter((note) => note.noteDate >= since).map((note) => note.id)
        .toSorted(),
    );
    expect(rows.length).toBeGreaterThan(0);
    const bad = await ask(simulator, "notes?since=yesterday");
    expect((await bodyOf(bad)).code).toBe("CT400");
  });

  it("read literal dates without an offset in the brand's zone", async () => {
    const simulator = simulatorOf(emptyBrand({
      records: {
        notes: [
          { id: "1", contact_id: "9", date: "2026-03-01 09:59:59" },
          { id: "2", contact_id: "9", date: "2026-03-01 10:00:00" },
          { id: "3", contact_id: "8", date: "2026-03-01T14:00:00Z" },
          { id: "4", contact_id: "8", date: "soon" },
        ],
      },
    }));
    const since = "notes?since=2026-03-01T15:00:00.000Z";
    expect(column(await rowsOf(simulator, since), "id")).toEqual(["2", "4"]);
    expect(column(await rowsOf(simulator, `${since}&contact_id=8`), "id"))
      .toEqual(["4"]);
  });

  it("of one person are the same in the list and in the history", async () => {
    const simulator = simulatorOf();
    const [note] = simulator.brand("key-a").rows("notes");
    const contact = String(note?.contact_id);
    const listed = await rowsOf(simulator, `notes?contact_id=${contact}`);
    const history = await rowsOf(
      simulator,
      `read_client_history_notes/${contact}`,
    );
    expect(listed.length).toBeGreaterThan(0);
    expect(column(history, "note_id")).toEqual(column(listed, "id"));
    expect(column(history, "note")).toEqual(column(listed, "content"));
  });

  it("answer not found where the brand has no list of them", async () => {
    const brand = brandA({ notesList: false });
    expect((await ask(simulatorOf(brand), "notes")).status).toBe(404);
    const code = simulatorOf({ ...brand, missingStyle: "CT404" });
    const response = await ask(code, "notes");
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).code).toBe("CT404");
  });
});

describe("activities", () => {
  it("are those on days of the brand's zone, both ends in", async () => {
    const at = (id: string, scheduled_at: string) => ({ id, scheduled_at });
    const simulator = simulatorOf(emptyBrand({
      records: {
        activities: [
          at("before", "2026-03-04T04:59:00Z"),
          at("first", "2026-03-04T05:00:00Z"),
          at("last", "2026-03-05 23:59:59"),
          at("after", "2026-03-06 00:00:00"),
        ],
      },
    }));
    const query = "start_date=2026-03-04&end_date=2026-03-05";
    expect(column(await rowsOf(simulator, `activities?${query}`), "id"))
      .toEqual(["first", "last"]);
    const bad = await ask(simulator, "activities?end_date=tomorrow");
    expect((await bodyOf(bad)).code).toBe("CT400");
  });

  it("have a past and a future", async () => {
    const simulator = simulatorOf();
    const model = simulator.brand("key-a").model("activities");
    const future = model.filter((a) =>
      Date.parse(a.scheduledAt) > simulator.now()
    );
    expect(future.length).toBeGreaterThan(20);
    expect(model.length - future.length).toBeGreaterThan(20);
    expect(future.some((a) => a.status === "Completed")).toBe(false);
    const rows = await readAll(
      simulator,
      "activities",
      "&start_date=2026-03-05",
    );
    const later = model.filter((a) => a.scheduledAt >= "2026-03-05T05:00:00");
    expect(new Set(column(rows, "id"))).toEqual(
      new Set(later.map((a) => a.id)),
    );
  });

  it("answer not found where the brand has none", async () => {
    const simulator = simulatorOf(brandA({ activitiesList: false }));
    expect((await ask(simulator, "activities")).status).toBe(404);
  });
});

describe("spellings", () => {
  const keys = async (spelling: "documented" | "brief", path: string) => {
    const [row = {}] = await rowsOf(simulatorOf(brandA(), { spelling }), path);
    return Object.keys(row).toSorted();
  };

  it("are the documented ones by default", async () => {
    expect(await keys("documented", "read_client_list")).toEqual(
      "address city client_id clients_action_plan clients_lead_source clients_sales_cycle compName contact_type created deal_size email external_id firstName last_modified_date lastName market phone state units whiteboard zip assigned_user"
        .split(" ").toSorted(),
    );
    expect(await keys("documented", "read_opportunity_list")).toEqual(
      "assigned_user client_id compName contact_action_plan contact_lead_source contact_sales_cycle contact_type created deal_size firstName last_modified_date lastName opportunity_id"
        .split(" ").toSorted(),
    );
    expect(await keys("documented", "read_sales_cycle_list")).toEqual(
      "contact_type contact_type_name likelihood_to_close sales_cycle_active_status sales_cycle_id sales_cycle_name sales_cycle_order"
        .split(" "),
    );
    expect(await keys("documented", "read_lead_source_list")).toEqual([
      "lead_source_id",
      "lead_source_name",
    ]);
  });

  it("are the brief's by a switch", async () => {
    expect(await keys("brief", "notes")).toEqual(
      ["author", "contact_id", "content", "date", "id"],
    );
    expect(await keys("brief", "activities")).toEqual(
      "contact_name description id scheduled_at status type".split(" "),
    );
    for (const path of ["read_client_list", "read_opportunity_list"]) {
      expect(await keys("brief", path)).toContain("id");
      expect(await keys("brief", path)).toContain("created_at");
    }
  });

  it("tell the same facts", () => {
    const documented = simulatorOf().brand("key-a");
    const brief = simulatorOf(brandA(), { spelling: "brief" }).brand("key-a");
    const [a, b] = [documented.rows("leads"), brief.rows("leads")];
    expect(column(a, "client_id")).toEqual(column(b, "id"));
    expect(column(a, "clients_sales_cycle")).toEqual(column(b, "stage"));
    expect(column(a, "created")).toEqual(column(b, "created_at"));
  });
});

describe("dates", () => {
  it("come without an offset, with one, or in UTC", () => {
    const written = (["local", "offset", "utc"] as const).map((dateStyle) => {
      const brand = simulatorOf(brandA({ dateStyle })).brand("key-a");
      return String(brand.rows("leads")[0]?.created);
    });
    const [local = "", offset = "", utc = ""] = written;
    expect(local).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(offset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$/);
    expect(offset.slice(0, 19)).toBe(local.replace(" ", "T"));
    expect(Date.parse(offset)).toBe(Date.parse(utc));
    const truth = simulatorOf().brand("key-a").model("leads")[0]?.createdAt;
    expect(Date.parse(utc)).toBe(Date.parse(truth ?? ""));
  });
});
