import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTenant, type Tenant } from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import {
  createTestBrand,
  installRecords,
  smallBrand,
  testNote,
} from "../_data.ts";
import { expectJson, expectProblem } from "./_assert.ts";

describe("JSON endpoints", () => {
  let app: TestApp;
  let acme: Tenant;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });

  afterEach(() => app.close());

  const get = (path: string) => browser.getIn("acme", path);

  it("GET /api/dashboard/leads gives the figures of the brand", async () => {
    const body = await expectJson(await get("/api/dashboard/leads"));
    expect(body).toEqual({
      data: {
        totalLeads: 5,
        qualifiedLeads: 2,
        inPipeline: 4,
        leadSources: 2,
        bySource: [
          { name: "Not recorded", leads: 2, qualified: 0 },
          { name: "Web", leads: 2, qualified: 1 },
          { name: "Expo", leads: 1, qualified: 1 },
        ],
        byStatus: [
          { name: "New Lead", leads: 2, kind: "active" },
          { name: "QR Returned", leads: 1, kind: "active" },
          { name: "Deal Structure", leads: 1, kind: "active" },
          { name: "Lost", leads: 1, kind: "inactive" },
        ],
        inactive: 1,
        unclassified: 0,
        quarantined: 0,
      },
    });
  });

  it("GET /api/dashboard/leads counts what the latest run put into quarantine", async () => {
    await installRecords(
      app.store,
      acme,
      smallBrand("acme"),
      app.clock,
      (state) => {
        const { leads } = state.streams;
        if (leads) leads.quarantined = 3;
        return state;
      },
    );
    const body = await expectJson(await get("/api/dashboard/leads"));
    expect(body.data).toMatchObject({ quarantined: 3 });
  });

  it("GET /api/dashboard/pipeline gives the figures of the brand", async () => {
    const body = await expectJson(await get("/api/dashboard/pipeline"));
    expect(body).toEqual({
      data: {
        totalValueCents: 90_000_00,
        weightedValueCents: 35_000_00,
        opportunities: 3,
        unsized: 1,
        withoutLikelihood: 0,
        inactive: 0,
        unclassified: 0,
        stageCount: 2,
        averageDealCents: 45_000_00,
        stages: [
          { stage: "New Lead", count: 0, valueCents: 0, likelyPct: 10 },
          {
            stage: "QR Returned",
            count: 1,
            valueCents: 40_000_00,
            likelyPct: 25,
          },
          {
            stage: "Deal Structure",
            count: 2,
            valueCents: 50_000_00,
            likelyPct: 50,
          },
          { stage: "FA Sent", count: 0, valueCents: 0, likelyPct: 90 },
        ],
        after: [
          {
            stage: "FA Signed",
            count: 1,
            valueCents: 60_000_00,
            likelyPct: 100,
          },
        ],
      },
    });
  });

  it("GET /api/dashboard/hot-list gives the largest first and says what follows", async () => {
    const body = await expectJson(await get("/api/dashboard/hot-list"));
    expect(body).toEqual({
      data: [{
        id: "acme-o2",
        candidateName: "Robin acme-o2",
        market: "acme City",
        units: 3,
        weightedIffCents: 25_000_00,
        stage: "Deal Structure",
        likelyPct: 50,
      }, {
        id: "acme-o3",
        candidateName: "Robin acme-o3",
        market: null,
        units: null,
        weightedIffCents: null,
        stage: "Deal Structure",
        likelyPct: 50,
      }],
      page: { limit: 50, offset: 0, total: 2, hasMore: false },
    });
    const second = await get("/api/dashboard/hot-list?limit=1&offset=1");
    expect(await expectJson(second)).toMatchObject({
      data: [{ id: "acme-o3" }],
      page: { limit: 1, offset: 1, total: 2, hasMore: false },
    });
  });

  it("GET /api/dashboard/notes gives the newest first and cuts long ones", async () => {
    const body = await expectJson(await get("/api/dashboard/notes"));
    expect(body).toMatchObject({
      data: [
        { id: "acme-n3", truncated: true },
        {
          id: "acme-n2",
          contactId: null,
          noteDate: "2026-03-09T15:00:00.000Z",
          author: "Sam Example",
          content: "acme sent the FDD",
          truncated: false,
        },
        { id: "acme-n1", truncated: false },
      ],
      page: { limit: 50, offset: 0, total: 3, hasMore: false, cursor: null },
    });
    const [first] = body.data as Array<Record<string, unknown>>;
    expect(Object.keys(first ?? {})).toEqual([
      "id",
      "contactId",
      "noteDate",
      "author",
      "content",
      "truncated",
    ]);
    expect(String(first?.content).length).toBeLessThanOrEqual(2048);
  });

  it("GET /api/dashboard/notes searches content and author in any case", async () => {
    const search = async (text: string) => {
      const path = `/api/dashboard/notes?search=${encodeURIComponent(text)}`;
      const { data } = await expectJson(await get(path));
      return (data as Array<{ id: string }>).map(({ id }) => id);
    };
    expect(await search("fdd")).toEqual(["acme-n2"]);
    expect(await search("ACME author")).toEqual(["acme-n3"]);
    expect(await search("nothing like it")).toEqual([]);
    expect(await search("  ")).toHaveLength(3);
  });

  it("GET /api/dashboard/notes goes on where its cursor points while records arrive", async () => {
    const first = await expectJson(await get("/api/dashboard/notes?limit=2"));
    expect(first.page).toMatchObject({ offset: 0, total: 3, hasMore: true });
    const { cursor } = first.page as { cursor: string };
    const records = smallBrand("acme");
    records.notes.push(testNote("acme-n4", {
      noteDate: "2026-03-11T14:00:00.000Z",
    }));
    await installRecords(app.store, acme, records, app.clock);
    const path = `/api/dashboard/notes?limit=2&cursor=${
      encodeURIComponent(cursor)
    }`;
    expect(await expectJson(await get(path))).toMatchObject({
      data: [{ id: "acme-n1" }],
      page: { limit: 2, offset: null, total: 4, hasMore: false, cursor: null },
    });
  });

  it("GET /api/dashboard/notes refuses a cursor that is damaged or stands beside an offset", async () => {
    for (const cursor of ["x", "%00", "a".repeat(999)]) {
      await expectProblem(
        await get(`/api/dashboard/notes?cursor=${cursor}`),
        400,
      );
    }
    const both = await get("/api/dashboard/notes?cursor=abc&offset=1");
    expect(await expectProblem(both, 400)).toMatchObject({
      parameter: "cursor",
    });
  });

  it("GET /api/dashboard/notes/{id} gives the whole note, and nothing raw", async () => {
    const body = await expectJson(await get("/api/dashboard/notes/acme-n3"));
    expect(body).toEqual({
      data: {
        id: "acme-n3",
        contactId: null,
        noteDate: "2026-03-10T15:00:00.000Z",
        author: "acme Author",
        content: "acme ".repeat(1000),
        createdAt: "2026-03-10T15:00:00.000Z",
      },
    });
  });

  it("GET /api/dashboard/notes/{id} finds ids of every spelling", async () => {
    const ids = ["a/b", "a%2Fb", "ü ö", "..", "a?b#c"];
    const records = {
      ...smallBrand("acme"),
      notes: ids.map((id) => testNote(id)),
    };
    await installRecords(app.store, acme, records, app.clock);
    for (const id of ids.filter((id) => id !== "..")) {
      const path = `/api/dashboard/notes/${encodeURIComponent(id)}`;
      expect(await expectJson(await get(path))).toMatchObject({ data: { id } });
    }
  });

  it("GET /api/dashboard/notes/{id} is 404 for what is not there", async () => {
    for (const id of ["nothing", "%00", "a".repeat(3000), "%20"]) {
      await expectProblem(await get(`/api/dashboard/notes/${id}`), 404);
    }
  });

  it("GET /api/dashboard/schedule gives what lies ahead and is open, soonest first", async () => {
    const body = await expectJson(await get("/api/dashboard/schedule"));
    expect(body).toMatchObject({
      data: [{
        id: "acme-a2",
        scheduledAt: "2026-03-12T15:00:00.000Z",
        activityType: "Call",
        contactName: "Robin acme-a2",
        description: null,
        status: "Scheduled",
      }, { id: "acme-a1" }],
      page: { limit: 100, total: 2 },
      connected: true,
    });
    const one = await expectJson(await get("/api/dashboard/schedule?limit=1"));
    expect(one).toMatchObject({
      data: [{ id: "acme-a2" }],
      page: { limit: 1, total: 2 },
    });
  });

  it("GET /api/dashboard/schedule says when ClientTether offers no activities", async () => {
    const records = { ...smallBrand("acme"), activities: [] };
    await installRecords(app.store, acme, records, app.clock, (state) => {
      const { activities } = state.streams;
      if (activities) activities.status = "not_connected";
      return state;
    });
    const body = await expectJson(await get("/api/dashboard/schedule"));
    expect(body).toMatchObject({ connected: false });
  });

  it("GET /api/reports is empty while none is published", async () => {
    expect(await expectJson(await get("/api/reports"))).toEqual({ data: [] });
  });

  it("answer for a brand that was never synced", async () => {
    const fresh = await createTenant(app.store, {
      name: "Fresh",
      timezone: "America/New_York",
    }, app.clock);
    const user = await app.createUser("tenant_viewer", fresh.id);
    const newcomer = await app.signedIn(user);
    const ask = async (path: string) =>
      await expectJson(await newcomer.get(path));
    expect(await ask("/api/dashboard/leads")).toMatchObject({
      data: { totalLeads: 0, qualifiedLeads: null, bySource: [] },
    });
    expect(await ask("/api/dashboard/pipeline")).toMatchObject({
      data: { totalValueCents: null, opportunities: null, stages: [] },
    });
    const empty = { data: [], page: { total: 0 } };
    expect(await ask("/api/dashboard/hot-list")).toMatchObject(empty);
    expect(await ask("/api/dashboard/notes")).toMatchObject(empty);
    expect(await ask("/api/dashboard/schedule")).toMatchObject(empty);
    expect(await ask("/api/sync/status")).toEqual({
      lastSyncAt: null,
      status: null,
      isStale: true,
      dataVersion: 0,
      ageSeconds: null,
      level: "never",
      streams: {},
    });
  });

  it("name the parameter that is wrong", async () => {
    const wrong = [
      ["/api/dashboard/hot-list?limit=0", "limit"],
      ["/api/dashboard/hot-list?limit=201", "limit"],
      ["/api/dashboard/hot-list?offset=-1", "offset"],
      ["/api/dashboard/notes?limit=1e2", "limit"],
      ["/api/dashboard/notes?offset=x", "offset"],
      ["/api/dashboard/notes?search=" + "a".repeat(201), "search"],
      ["/api/dashboard/notes?limit=5&limit=6", "limit"],
      ["/api/dashboard/schedule?limit=", "limit"],
    ] as const;
    for (const [path, parameter] of wrong) {
      const problem = await expectProblem(await get(path), 400);
      expect(problem.parameter).toBe(parameter);
      expect(problem.detail).toContain(`'${parameter}'`);
    }
    const most = await get("/api/dashboard/notes?limit=200");
    expect(await expectJson(most)).toMatchObject({ page: { limit: 200 } });
  });
});
