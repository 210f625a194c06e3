import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { BRAND, openReader, PAGES, type Reader } from "./_reader.ts";

/** Whatever can be opened in a workspace that knows no record by its id. */
const EVERYWHERE = [
  ...PAGES,
  "/reports/latest",
  ...["/changes", "/changes?kind=moves", "/changes?kind=notes", "/people"],
  ...["entries", "moves", "opportunities", "quiet", "stalled", "value"]
    .map((list) => `/pipeline/${list}`),
  ...["/leads.csv", "/hot-list.csv", "/notes.csv", "/notes?search=call"],
  ...["leads", "pipeline", "hot-list", "notes", "schedule"]
    .map((name) => `/api/dashboard/${name}`),
  ...["/api/reports", "/api/sync/status"],
];

/** Opens each of them with these parameters, as somebody who has not been there before. */
async function expectNoFailure(
  { app, rig }: Reader,
  params: Record<string, string> = {},
): Promise<void> {
  const user = await app.createUser("tenant_admin", rig.tenant.id);
  const browser = await app.signedIn(user);
  for (const path of EVERYWHERE) {
    const url = new URL(path, "http://localhost");
    for (const one of Object.entries(params)) url.searchParams.set(...one);
    const here = url.pathname + url.search;
    const answer = await browser.getIn("birch-bakery", here);
    await answer.body?.cancel();
    // What is not told of an earlier day is refused, which is an answer.
    const isAnswer = answer.status < 400 || "on" in params;
    expect([here, answer.status < 500 && isAnswer, answer.status])
      .toEqual([here, true, answer.status]);
  }
}

describe("Everything of a workspace answers", () => {
  it("before the first sync", async () => {
    using reader = await openReader();
    await expectNoFailure(reader);
  });

  it("when the last sync was long ago", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    for (const days of [8, 60]) {
      reader.rig.clock.advance(days * 24 * HOUR);
      await expectNoFailure(reader);
    }
  });

  it("on an earlier day, for a period that lies ahead of it", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    reader.rig.clock.advance(9 * 24 * HOUR);
    await reader.rig.sync();
    await expectNoFailure(reader, {
      on: "2026-03-11",
      from: "2026-03-16",
      to: "2026-03-18",
    });
  });
});

describe("The pages before the first complete update", () => {
  it("say that the first import is running, and show no figure", async () => {
    using reader = await openReader();
    for (const path of PAGES.filter((path) => path !== "/reports")) {
      const text = await reader.text(path);
      expect(text).toContain("First import is running.");
      expect(text).not.toMatch(/\$\d/);
    }
    const changes = await reader.text("/changes");
    expect(changes).toContain("There are no figures yet.");
    expect(changes).not.toMatch(/0 new leads|Mark all as seen/);
  });

  it("say that it has not finished where it failed, and that it is tried again", async () => {
    using reader = await openReader();
    reader.rig.simulator.faults.add({ kind: "http_status" });
    await reader.rig.sync();
    const text = await reader.text("/dashboard");
    expect(text).toContain("The first import has not finished");
    expect(text).toContain("tried again every hour");
  });
});

describe("The pages when something is missing upstream", () => {
  it("a boundary that the cycles lack makes figures unknown, with the reason", async () => {
    using reader = await openReader({
      tenant: { qualifiedTo: "FA Mailed", hotTo: "FA Mailed" },
    });
    await reader.rig.sync();
    const reason = "The stage 'FA Mailed' is not in ClientTether's sales cycle";
    const dashboard = await reader.text("/dashboard");
    expect(dashboard).toContain(`Leads in pipeline – ${reason}`);
    expect(dashboard).toContain(`Qualified candidates – ${reason}`);
    expect(dashboard).toContain(`Pipeline value – ${reason}`);
    expect(await reader.text("/pipeline")).toContain(
      `Total Pipeline Value – ${reason}`,
    );
    expect(await reader.text("/hot-list")).toContain(reason);
    expect(await reader.text("/leads")).toContain(
      `Qualified Leads – ${reason}`,
    );
  });

  it("a calendar that is not connected is neither a failure nor empty", async () => {
    using reader = await openReader({
      brand: { ...BRAND, activitiesList: false },
    });
    await reader.rig.sync();
    const text = await reader.text("/schedule");
    expect(text).toContain("The calendar is not connected.");
    expect(text).toContain("Updated just now");
    expect(text).not.toContain("Nothing is scheduled");
  });

  it("a brand without any record says so, page by page", async () => {
    using reader = await openReader({
      brand: { ...BRAND, records: {} },
    });
    await reader.rig.sync();
    expect(await reader.text("/leads")).toContain("There are no leads yet.");
    expect(await reader.text("/notes")).toContain("There are no notes yet.");
    expect(await reader.text("/schedule")).toContain(
      "Nothing is scheduled from now on.",
    );
    expect(await reader.text("/hot-list")).toContain(
      "There is no candidate on the hot list.",
    );
    const pipeline = await reader.text("/pipeline");
    expect(pipeline).toContain("Total Pipeline Value $0");
    expect(pipeline).toContain("Average Deal Size –");
  });

  it("a stream that fails is named, and the figures of the others stay", async () => {
    using reader = await openReader();
    const { rig } = reader;
    await rig.sync();
    rig.clock.advance(3 * HOUR);
    rig.simulator.faults.add({ kind: "http_status", stream: "notes" });
    await rig.sync();
    const text = await reader.text("/leads");
    expect(text).toContain("Data is 3 hours old - sync may be delayed");
    expect(text).toContain("Notes are from today, 11:00.");
    expect(text).toContain("Total Leads 12");
  });
});
