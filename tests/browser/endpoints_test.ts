import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { BURIED_WORD, EMOJI_NOTE, LONG_NOTE } from "./_birch_notes.ts";
import { startPortal, type TestPortal } from "./_portal.ts";

/** Every figure here was worked out by hand from the records in _birch.ts and _birch_notes.ts. */
describe("Birch Bakery's JSON holds the figures worked out by hand", () => {
  let portal: TestPortal;
  let cookie: string;
  beforeAll(async () => {
    portal = await startPortal();
    cookie = `session=${await portal.session("viewer")}`;
  });
  afterAll(() => portal.close());

  const read = async (path: string) => {
    const url = new URL(`/api/${path}`, portal.url);
    url.searchParams.set("w", "birch-bakery");
    const answer = await fetch(url, { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("application/json");
    return await answer.json();
  };

  it("leads: totals, by source, by status", async () => {
    expect(await read("dashboard/leads")).toEqual({
      data: {
        totalLeads: 12,
        qualifiedLeads: 5,
        inPipeline: 9,
        leadSources: 4,
        bySource: [
          { name: "Expo", leads: 4, qualified: 3 },
          { name: "Web", leads: 3, qualified: 1 },
          { name: "Not recorded", leads: 2, qualified: 0 },
          { name: "Referral", leads: 2, qualified: 1 },
          { name: "web", leads: 1, qualified: 0 },
        ],
        byStatus: [
          { name: "New Lead", leads: 2, kind: "active" },
          { name: "Initial Call", leads: 2, kind: "active" },
          { name: "QR Returned", leads: 2, kind: "active" },
          { name: "FDD Review", leads: 1, kind: "active" },
          { name: "Deal Structure", leads: 1, kind: "active" },
          { name: "FA Sent", leads: 1, kind: "active" },
          { name: "FA Signed", leads: 1, kind: "active" },
          { name: "Lost", leads: 1, kind: "inactive" },
          { name: "Demo Day", leads: 1, kind: "unclassified" },
        ],
        inactive: 1,
        unclassified: 1,
        quarantined: 0,
      },
    });
  });

  it("pipeline: total, weighted, average, stages", async () => {
    const row = (
      stage: string,
      count: number,
      valueCents: number,
      likelyPct: number | null,
    ) => ({ stage, count, valueCents, likelyPct });
    expect(await read("dashboard/pipeline")).toEqual({
      data: {
        totalValueCents: 139_734_54,
        weightedValueCents: 35_723_46,
        opportunities: 9,
        unsized: 2,
        withoutLikelihood: 1,
        inactive: 1,
        unclassified: 1,
        stageCount: 6,
        averageDealCents: 19_962_08,
        stages: [
          row("New Lead", 1, -500_00, 5),
          row("Initial Call", 1, 1_234_50, 10),
          row("QR Returned", 1, 0, 25),
          row("FDD Sent", 0, 0, 30),
          row("FDD Review", 1, 40_000_00, null),
          row("Deal Structure", 4, 69_000_04, 12.5),
          row("FA Sent", 1, 30_000_00, 90),
        ],
        after: [
          row("FA Signed", 1, 60_000_00, 100),
          row("Future Interest", 0, 0, 1),
        ],
      },
    });
  });

  it("hot list: order and weighted IFF to the cent", async () => {
    const structure = { stage: "Deal Structure", likelyPct: 12.5 };
    const gus = { candidateName: "Gus Hale", market: "Denver", units: 3 };
    expect(await read("dashboard/hot-list")).toEqual({
      data: [
        {
          id: "206",
          candidateName: "Hollis Imre",
          market: "Austin, TX",
          units: 2,
          weightedIffCents: 27_000_00,
          stage: "FA Sent",
          likelyPct: 90,
        },
        { id: "204", ...gus, weightedIffCents: 5_625_01, ...structure },
        {
          id: "212",
          candidateName: "Crumb Partners LLC",
          market: null,
          units: null,
          weightedIffCents: 1_500_00,
          ...structure,
        },
        {
          id: "213",
          candidateName: "Di Esker",
          market: "Boise",
          units: null,
          weightedIffCents: 1_500_00,
          ...structure,
        },
        { id: "205", ...gus, weightedIffCents: null, ...structure },
      ],
      page: { limit: 50, offset: 0, total: 5, hasMore: false },
    });
  });

  it("notes: newest first, the long one cut at 2 KiB and whole by its id", async () => {
    const page = {
      limit: 50,
      offset: 0,
      total: 4,
      hasMore: false,
      cursor: null,
    };
    expect(await read("dashboard/notes")).toEqual({
      data: [
        {
          id: "301",
          contactId: "101",
          noteDate: "2026-03-10T20:20:00.000Z",
          author: "Sam Ortega",
          content: EMOJI_NOTE,
          truncated: false,
        },
        {
          id: "302",
          contactId: "107",
          noteDate: "2026-03-09T12:00:00.000Z",
          author: "Pat Lindqvist",
          content: LONG_NOTE.slice(0, 2048),
          truncated: true,
        },
        {
          id: "303",
          contactId: "105",
          noteDate: "2026-02-27T19:05:00.000Z",
          author: "Sam Ortega",
          content: "Sent the brochure.",
          truncated: false,
        },
        {
          id: "304",
          contactId: null,
          noteDate: null,
          author: null,
          content: "Imported from the old system.",
          truncated: false,
        },
      ],
      page,
    });
    const { data } = await read("dashboard/notes/302");
    expect(data.content).toBe(LONG_NOTE);
  });

  it("notes: a search looks into authors and beyond the first 2 KiB", async () => {
    const ids = async (search: string) => {
      const { data } = await read(
        `dashboard/notes?search=${encodeURIComponent(search)}`,
      );
      return data.map(({ id }: { id: string }) => id);
    };
    expect(await ids("sam ORTEGA")).toEqual(["301", "303"]);
    expect(await ids(BURIED_WORD)).toEqual(["302"]);
    expect(await ids("🎉")).toEqual(["301"]);
    expect(await ids("marmalade")).toEqual([]);
  });

  it("schedule: what is later than now and open, soonest first", async () => {
    const nothing = { description: null, status: null };
    expect(await read("dashboard/schedule")).toEqual({
      data: [
        {
          id: "401",
          scheduledAt: "2026-03-11T18:30:00.000Z",
          activityType: "Call",
          contactName: "Ada Birch",
          description: "First call",
          status: "Scheduled",
        },
        {
          id: "403",
          scheduledAt: "2026-03-13T13:00:00.000Z",
          activityType: "Taste Test",
          contactName: "Gus Hale",
          description: null,
          status: "Maybe",
        },
        {
          id: "407",
          scheduledAt: "2026-03-16T04:00:00.000Z",
          activityType: "Webinar",
          contactName: "Eli Farrow",
          ...nothing,
        },
        {
          id: "404",
          scheduledAt: "2026-03-18T17:00:00.000Z",
          activityType: "Discovery Day",
          contactName: "Hollis Imre",
          description: "At the bakery",
          status: "Scheduled",
        },
      ],
      page: { limit: 100, total: 4 },
      connected: true,
    });
  });

  it("status: fresh, every stream read whole", async () => {
    const { streams, ...rest } = await read("sync/status");
    expect(rest).toEqual({
      lastSyncAt: "2026-03-11T15:00:00.000Z",
      status: "success",
      dataVersion: 1,
      isStale: false,
      ageSeconds: 0,
      level: "fresh",
    });
    // Activity 408 lies before the window that is asked for.
    const fetched = { cycles: 11, leads: 13, opportunities: 13, notes: 4 };
    for (
      const [stream, count] of Object.entries({ ...fetched, activities: 7 })
    ) {
      expect(streams[stream]).toMatchObject({
        status: "success",
        fetched: count,
        written: count,
        quarantined: 0,
      });
    }
  });

  it("reports: none is published", async () => {
    expect(await read("reports")).toEqual({ data: [] });
  });
});
