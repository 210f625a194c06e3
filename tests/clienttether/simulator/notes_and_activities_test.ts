import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ask,
  bodyOf,
  brandA,
  column,
  emptyBrand,
  readAll,
  rowsOf,
  simulatorOf,
} from "./_fixture.ts";

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
