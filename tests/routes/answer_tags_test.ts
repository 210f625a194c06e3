import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type KvOperation,
  openStore,
  type Store,
  type Tenant,
  updateTenant,
} from "../../lib/store/mod.ts";
import type { SyncState } from "../../lib/domain/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { HOUR, TestClock } from "../_clock.ts";
import {
  createTestBrand,
  installRecords,
  smallBrand,
  testNote,
} from "../_data.ts";

/** The endpoints that are made of a brand's data alone. */
const ENDPOINTS = [
  "/api/dashboard/leads",
  "/api/dashboard/pipeline",
  "/api/dashboard/hot-list?limit=2",
  "/api/dashboard/notes?search=fdd",
  "/api/dashboard/notes/acme-n1",
  "/api/dashboard/schedule",
];

describe("An answer in JSON that somebody has already", () => {
  let store: Store;
  let app: TestApp;
  let acme: Tenant;
  let browser: TestBrowser;
  const clock = new TestClock();
  const operations: KvOperation[] = [];

  beforeEach(async () => {
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => operations.push(operation),
    });
    app = await createTestApp({ store, clock });
    acme = await createTestBrand(store, "acme", clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });
  afterEach(() => store.close());

  const get = (path: string, etag?: string, slug = "acme") => {
    const join = path.includes("?") ? "&" : "?";
    return browser.get(
      `${path}${join}w=${slug}`,
      etag ? { "if-none-match": etag } : {},
    );
  };
  const tagOf = async (path: string) => {
    const answer = await get(path);
    await answer.body?.cancel();
    return answer.headers.get("etag")!;
  };
  const sync = (
    change?: (state: SyncState) => SyncState,
    records = smallBrand("acme"),
  ) => installRecords(store, acme, records, clock, change);
  /** Reads of what is the tenant's, the guard's own left out. */
  const dataReads = () =>
    operations.filter(({ keys: [key] }) =>
      key![0] === "t" && key![2] !== "state"
    ).length;

  for (const path of ENDPOINTS) {
    it(`is told so before anything is read: ${path}`, async () => {
      const etag = await tagOf(path);
      operations.length = 0;
      const answer = await get(path, etag);
      expect(answer.status).toBe(304);
      expect(await answer.text()).toBe("");
      expect(answer.headers.get("etag")).toBe(etag);
      expect(answer.headers.get("cache-control")).toBe("private, no-cache");
      expect(dataReads()).toBe(0);
    });

    it(`keeps its tag while a sync finds nothing new: ${path}`, async () => {
      const etag = await tagOf(path);
      await sync();
      expect((await get(path, etag)).status).toBe(304);
    });
  }

  it("is given the new one as soon as a sync has changed it", async () => {
    const path = "/api/dashboard/notes";
    const etag = await tagOf(path);
    expect((await get(path, etag)).status).toBe(304);
    const records = smallBrand("acme");
    records.notes.push(testNote("acme-n4"));
    await sync(undefined, records);
    const answer = await get(path, etag);
    expect(answer.status).toBe(200);
    expect((await answer.json()).page.total).toBe(4);
  });

  it("is given the new one where the state alone says something else", async () => {
    const path = "/api/dashboard/leads";
    const etag = await tagOf(path);
    await sync((state) => {
      state.streams.leads!.quarantined = 3;
      return state;
    });
    expect((await get(path, etag)).status).toBe(200);
  });

  it("is given the new one when an activity of the schedule has begun", async () => {
    const path = "/api/dashboard/schedule";
    const etag = await tagOf(path);
    clock.advance(Date.parse("2026-03-12T15:00:00.000Z") - clock.now() - 1);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
    expect((await get(path, etag)).status).toBe(304);
    clock.advance(1);
    const answer = await get(path, etag);
    expect(answer.status).toBe(200);
    expect((await answer.json()).page.total).toBe(1);
    expect((await get(path, answer.headers.get("etag")!)).status).toBe(304);
    clock.advance(9 * 24 * HOUR);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
    const last = await get(path, answer.headers.get("etag")!);
    expect((await last.json()).data).toEqual([]);
  });

  it("is not remembered while a sync changes the lists record by record", async () => {
    await sync((state) => ({ ...state, status: "running", finishedAt: null }));
    const path = "/api/dashboard/hot-list";
    const etag = await tagOf(path);
    operations.length = 0;
    expect((await get(path, etag)).status).toBe(304);
    expect(dataReads()).toBe(1);
  });

  it("is another one for another query and for another brand", async () => {
    const birch = await createTestBrand(store, "birch", clock);
    const user = await app.createUser("tenant_viewer", acme.id, birch.id);
    browser = await app.signedIn(user);
    const etag = await tagOf("/api/dashboard/notes");
    expect((await get("/api/dashboard/notes?limit=1", etag)).status).toBe(200);
    expect((await get("/api/dashboard/notes", etag, "birch")).status).toBe(200);
    expect((await get("/api/dashboard/notes", etag)).status).toBe(304);
  });

  it("is given the new one when the zone in which its days lie is another", async () => {
    const path = "/api/dashboard/notes?from=2026-03-10";
    const etag = await tagOf(path);
    expect((await get(path, etag)).status).toBe(304);
    clock.advance(1);
    await updateTenant(
      store,
      acme.id,
      { timezone: "Pacific/Kiritimati" },
      clock,
    );
    const answer = await get(path, etag);
    // The note of the ninth, too: it was written when the tenth had begun there.
    expect((await answer.json()).page.total).toBe(2);
  });

  it("is refused to whoever may not see it, whatever tag they send", async () => {
    const path = "/api/dashboard/leads";
    const etag = await tagOf(path);
    const stranger = await createTestBrand(store, "cedar", clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", stranger.id),
    );
    expect((await get(path, etag)).status).toBe(404);
    expect((await get(path, "*")).status).toBe(404);
    browser = app.browser();
    expect((await get(path, etag)).status).toBe(401);
  });
});
