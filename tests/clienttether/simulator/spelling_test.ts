import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { brandA, column, rowsOf, simulatorOf } from "./_fixture.ts";

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
