import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { SESSION_IDLE_MS } from "../../lib/auth/mod.ts";
import {
  endSessionsOfUser,
  removeMembership,
  setMembership,
  setTenantStatus,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import { SyncFeed } from "../../lib/web/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { MINUTE } from "../_clock.ts";
import { createTestBrand, installRecords, smallBrand } from "../_data.ts";
import { expectProblem } from "./_assert.ts";

const EVENTS = "/api/sync/events";

describe("GET /api/sync/events", () => {
  let app: TestApp;
  let feed: SyncFeed;
  let acme: Tenant;
  let user: User;
  let browser: TestBrowser;
  /** Whether the feed would poll by itself. */
  let ticking: boolean;

  beforeEach(async () => {
    ticking = false;
    feed = new SyncFeed(() => {
      ticking = true;
      return () => ticking = false;
    });
    app = await createTestApp({ services: { syncFeed: feed } });
    acme = await createTestBrand(app.store, "acme", app.clock);
    await createTestBrand(app.store, "bravo", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(user);
  });

  afterEach(() => {
    feed.close();
    app.close();
  });

  /** Listens; `text` is what has come so far, `ended` whether the server has closed it. */
  async function listen(who = browser, slug = "acme") {
    const answer = await who.getIn(slug, EVENTS);
    expect(answer.status).toBe(200);
    const reader = answer.body!.pipeThrough(new TextDecoderStream())
      .getReader();
    const heard = { text: "", ended: false, over: Promise.resolve() };
    heard.over = (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        heard.text += value;
      }
      heard.ended = true;
    })();
    const stop = () => reader.cancel();
    await feed.poll();
    return { answer, heard, stop };
  }

  const synced = (text: string) => text.split("data: synced").length - 1;

  it("is a stream of events that nothing keeps or compresses", async () => {
    const { answer, heard, stop } = await listen();
    expect(answer.headers.get("content-type"))
      .toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("cache-control"))
      .toBe("private, no-cache, no-transform");
    expect(heard.text).toBe("retry: 5000\n\n");
    await stop();
  });

  it("tells all who listen to a tenant, and nobody else, that its sync has ended", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const one = await listen();
    const two = await listen(agency);
    const other = await listen(agency, "bravo");
    await feed.poll();
    expect([one, two, other].map(({ heard }) => synced(heard.text)))
      .toEqual([0, 0, 0]);
    app.clock.advance(MINUTE);
    await installRecords(app.store, acme, smallBrand("acme"), app.clock);
    await feed.poll();
    await feed.poll();
    expect([one, two, other].map(({ heard }) => synced(heard.text)))
      .toEqual([1, 1, 0]);
    // An event says nothing of what came.
    expect(one.heard.text).toBe("retry: 5000\n\ndata: synced\n\n");
  });

  it("reads the state once for all who listen, and not at all while nobody does", async () => {
    expect(ticking).toBe(false);
    const one = await listen();
    const two = await listen();
    expect(ticking).toBe(true);
    expect(feed.count(user.id)).toBe(2);
    await one.stop();
    expect(ticking).toBe(true);
    await two.stop();
    expect(ticking).toBe(false);
    expect(feed.count()).toBe(0);
  });

  it("shows now and then that it is alive", async () => {
    const { heard } = await listen();
    for (let n = 0; n < 5; n++) await feed.poll();
    expect(heard.text).toContain("\n\n:\n\n");
  });

  it("does not begin for HEAD", async () => {
    const answer = await browser.fetch(`${EVENTS}?w=acme`, { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(feed.count()).toBe(0);
  });

  it("has an end to how many a user may open, and says what to do instead", async () => {
    for (let n = 0; n < 6; n++) await listen();
    const answer = await browser.getIn("acme", EVENTS);
    expect(answer.headers.get("retry-after")).toBe("60");
    const { detail } = await expectProblem(answer, 429);
    expect(detail).toContain("/api/sync/status");
    const other = await app.signedIn(await app.createUser("agency_admin"));
    await listen(other);
  });

  it("is 401 without a session, and 404 in a workspace of others", async () => {
    await expectProblem(await app.browser().getIn("acme", EVENTS), 401);
    await expectProblem(await browser.getIn("bravo", EVENTS), 404);
    expect(feed.count()).toBe(0);
  });

  const ENDS: Record<string, () => Promise<unknown>> = {
    "the session is ended": () => endSessionsOfUser(app.store, user.id),
    "the session is not used for too long": () => {
      app.clock.advance(SESSION_IDLE_MS);
      return Promise.resolve();
    },
    "the membership ends": () => removeMembership(app.store, user.id, acme.id),
    "the role changes": () =>
      setMembership(app.store, user.id, acme.id, "tenant_admin", app.clock),
    "the workspace is closed": () =>
      setTenantStatus(app.store, acme.id, "suspended"),
  };
  for (const [what, happens] of Object.entries(ENDS)) {
    it(`ends within a minute when ${what}`, async () => {
      const { heard } = await listen();
      await feed.recheck();
      expect(heard.ended).toBe(false);
      await happens();
      for (let n = 0; n < 12; n++) await feed.poll();
      await heard.over;
      expect(feed.count()).toBe(0);
    });
  }

  it("does not keep a session alive", async () => {
    await listen();
    const half = SESSION_IDLE_MS / 2;
    for (let n = 0; n < 2; n++) {
      app.clock.advance(half);
      await feed.recheck();
    }
    expect(feed.count()).toBe(0);
  });

  it("ends when the process does, and begins no more", async () => {
    const { heard } = await listen();
    feed.close();
    await heard.over;
    await expectProblem(await browser.getIn("acme", EVENTS), 429);
    expect(ticking).toBe(false);
  });
});
