import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { isoNow, type VisitMark } from "../../lib/domain/mod.ts";
import {
  openStore,
  purgeTenant,
  removeMembership,
  setMembership,
  withdrawMembership,
} from "../../lib/store/mod.ts";
import { keepVisit } from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { createTestApp, type TestBrowser } from "../_app.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { expectPage, expectRedirect } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const OPENED = { "sec-fetch-dest": "document" };

describe("what changed since the last visit", () => {
  let reader: Reader;
  let browser: TestBrowser;
  beforeEach(async () => {
    reader = await openReader();
    ({ browser } = reader);
    await reader.rig.sync();
  });
  afterEach(() => reader[Symbol.dispose]());

  /** Opens a page as a person does; gives its text when the visit is kept. */
  async function open(path: string, headers: HeadersInit = OPENED) {
    const answer = await browser.get(
      `${path}${mark(path)}w=birch-bakery`,
      headers,
    );
    const text = textOf(await expectPage(answer));
    await settled(reader.app.store);
    return text;
  }
  const mark = (path: string) => path.includes("?") ? "&" : "?";

  const marks = async () =>
    (await tenantRows(reader.rig.kv, reader.rig.tenant.id))
      .filter(({ key }) => key[2] === "visits")
      .map(({ value }) => value as VisitMark);

  let number = 700;
  /** An hour passes in which two leads and a note come. */
  async function anHourPasses(): Promise<void> {
    const { rig } = reader;
    rig.clock.advance(HOUR);
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (const firstName of ["Ada", "Bea"]) {
      brand.putLead({
        client_id: String(number++),
        firstName,
        lastName: "Orchard",
        clients_lead_source: "Expo",
        contact_type: "1",
        created: "2024-05-05 10:00:00",
      });
    }
    brand.putNote({
      id: String(number++),
      contact_id: "103",
      note_by: "Sam",
      content: "Wants the FDD",
      date: "2026-03-11 10:00:00",
    });
    await rig.sync();
  }

  it("is, in the first visit, what came in the last 7 days, and says so", async () => {
    await anHourPasses();
    const text = await open("/dashboard");
    expect(text).toContain(
      "This is your first visit here: what came in the last 7 days.",
    );
    expect(text).toContain("2 new leads");
  });

  it("is told from the end of the visit before, and the same throughout a visit", async () => {
    await open("/dashboard");
    expect(await open("/dashboard")).toContain("Nothing new since then.");
    await anHourPasses();
    for (let n = 0; n < 3; n++) {
      const text = await open("/dashboard");
      expect(text).toContain("Since your last visit, today, ");
      expect(text).toContain("2 new leads");
      expect(text).toContain("Ada Orchard · Expo");
      expect(text).toContain("1 new note");
      expect(text).not.toContain("stage move");
      reader.rig.clock.advance(20 * MINUTE);
    }
    reader.rig.clock.advance(HOUR);
    expect(await open("/dashboard")).toContain("Nothing new since then.");
  });

  it("is known to a page that is opened before the visit has been kept", async () => {
    const { rig } = reader;
    const written = { after: Promise.resolve() };
    const kv = hookedKv(rig.kv, {
      beforeCommit: (_, keys) =>
        keys.some((key) => key[2] === "visits") && written.after,
    });
    const store = await openStore({ kv });
    const app = await createTestApp({ store, clock: rig.clock });
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    browser = await app.signedIn(user);
    await open("/dashboard");
    await settled(store);
    await anHourPasses();
    const { promise, resolve } = Promise.withResolvers<void>();
    written.after = promise;
    await open("/dashboard");
    expect(await open("/changes?kind=leads", {}))
      .toContain("Since your last visit, today, ");
    resolve();
    await settled(store);
  });

  it("is known to a page that has read before the visit was kept, and goes on after it", async () => {
    const { rig } = reader;
    const held = { read: Promise.resolve(), seen: () => {} };
    const kv = hookedKv(rig.kv, {
      afterGet: async (keys) => {
        if (!keys.some((key) => key[2] === "visits")) return;
        const { read } = held;
        held.seen();
        await read;
      },
    });
    const store = await openStore({ kv });
    const app = await createTestApp({ store, clock: rig.clock });
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", rig.tenant.id),
    );
    await open("/dashboard");
    await settled(store);
    await anHourPasses();
    const { promise, resolve } = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    Object.assign(held, { read: promise, seen: seen.resolve });
    const late = open("/changes?kind=leads", {});
    await seen.promise;
    Object.assign(held, { read: Promise.resolve(), seen: () => {} });
    await open("/dashboard");
    await settled(store);
    resolve();
    expect(await late).toContain("Since your last visit, today, ");
  });

  it("has behind each number a list of as many", async () => {
    await open("/dashboard");
    await anHourPasses();
    const html = await expectPage(
      await browser.get("/dashboard?w=birch-bakery", OPENED),
    );
    const link =
      /href="(\/changes\?w=birch-bakery&amp;kind=leads)"[^>]*>2 new leads</
        .exec(html);
    const list = await expectPage(
      await browser.get(link![1]!.replace("&amp;", "&")),
    );
    expect(textOf(list)).toContain("2 new leads");
    expect(list.match(/Orchard<\/a>/g)).toHaveLength(2);
    expect(list).toMatch(/href="\/leads\/7\d\d\?w=birch-bakery/);
  });

  it("counts a page that was fetched in advance when it says that it is open", async () => {
    await open("/dashboard");
    const lastAt = async () => (await marks())[0]?.last.at;
    const before = await lastAt();
    reader.rig.clock.advance(10 * MINUTE);
    await open("/leads", { ...OPENED, "sec-purpose": "prefetch" });
    const ask = async (headers: HeadersInit) => {
      await browser.get("/api/sync/status?w=birch-bakery", headers);
      await settled(reader.app.store);
    };
    await ask({});
    expect(await lastAt()).toBe(before);
    await ask({ "x-opened": "ahead" });
    expect(await lastAt()).toBe(isoNow(reader.rig.clock));
  });

  it("is marked in the lists of leads and notes, not in the first visit", async () => {
    await anHourPasses();
    expect(await expectPage(await browser.get("/leads?w=birch-bakery", OPENED)))
      .not.toContain(">New</span>");
    await settled(reader.app.store);
    await anHourPasses();
    for (const [path, marked] of [["/leads", 2], ["/notes", 1]] as const) {
      const html = await expectPage(
        await browser.get(`${path}?w=birch-bakery`, OPENED),
      );
      expect([path, html.match(/>New<\/span>/g)?.length])
        .toEqual([path, marked]);
    }
  });

  it("is marked on Pipeline and Moves, as many in one as in the other", async () => {
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    const move = async (id: string, stage: string) => {
      reader.rig.clock.advance(HOUR);
      const deal = brand.rows("opportunities")
        .find((row) => String(row.opportunity_id) === id);
      brand.putOpportunity({ ...deal, contact_sales_cycle: stage });
      await reader.rig.sync();
    };
    await move("204", "FA Sent");
    // In the first visit everything would be marked.
    expect(await open("/pipeline")).toMatch(/Deal Structure → FA Sent forward/);
    await move("205", "FA Sent");
    await move("201", "QR Returned");
    const text = await open("/pipeline");
    expect(text).toMatch(/Deal Structure → FA Sent 1 new forward 2/);
    expect(text).toMatch(/Initial Call → QR Returned 1 new forward 1/);
    const moves = await open("/pipeline/moves");
    expect(moves.match(/ New (?=Initial Call|Deal Structure)/g)).toHaveLength(
      2,
    );
    expect(moves).toContain("Cy Dunmore New Initial Call QR Returned");
    await move("203", "FA Sent");
    // The session goes on, the visit does not: nothing is opened.
    for (let n = 0; n < 2; n++) {
      reader.rig.clock.advance(5 * HOUR);
      await open("/notes", {});
    }
    await reader.rig.sync();
    for (const path of ["/pipeline", "/pipeline/moves"]) {
      const then = await open(`${path}?on=2026-03-11`, {});
      expect(then).toContain("FDD Review");
      expect(then).not.toMatch(/\d new| New (?=Initial|Deal)/);
    }
  });

  it("is marked in the schedule", async () => {
    await open("/schedule");
    reader.rig.clock.advance(HOUR);
    reader.rig.simulator.brand(TEST_WEB_KEY).putActivity({
      id: "fresh",
      type: "Call",
      contact_name: "Ada Orchard",
      start: "2026-03-20 10:00:00",
    });
    await reader.rig.sync();
    const html = await expectPage(
      await browser.get("/schedule?w=birch-bakery", OPENED),
    );
    expect(html.match(/>New<\/span>/g)).toHaveLength(1);
  });

  it("without a kind shows the first that has something, and says what it means", async () => {
    await open("/dashboard");
    await anHourPasses();
    const text = await open("/changes");
    expect(text).toContain("2 new leads People whom an update brought");
    expect(await open("/changes?kind=nonsense")).toContain("kind");
  });

  it("shows long lists page by page", async () => {
    await open("/dashboard");
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    reader.rig.clock.advance(HOUR);
    for (let n = 0; n < 120; n++) {
      brand.putLead({
        client_id: `many${n}`,
        firstName: "Many",
        contact_type: "1",
      });
    }
    await reader.rig.sync();
    expect(await open("/dashboard")).toContain("and 117 more");
    let path = "/changes?w=birch-bakery&kind=leads";
    const seen = new Set<string>();
    for (let n = 0; n < 3; n++) {
      const html = await expectPage(await browser.get(path));
      expect(textOf(html)).toContain("120 new leads");
      for (const [id] of html.matchAll(/many\d+/g)) seen.add(id);
      const next = /href="(\?[^"]+cursor=[^"]+)" rel="next"/.exec(html);
      path = `/changes${next?.[1]?.replaceAll("&amp;", "&") ?? ""}`;
    }
    expect(path).toBe("/changes");
    expect(seen.size).toBe(120);
  });

  it("is over when all is marked as seen, but for what was not shown yet", async () => {
    await open("/dashboard");
    await anHourPasses();
    const shown = async () => {
      const html = await expectPage(
        await browser.get("/dashboard?w=birch-bakery", OPENED),
      );
      return /name="seen" value="([^"]+)"/.exec(html)![1]!;
    };
    const seen = await shown();
    await anHourPasses();
    await expectRedirect(
      await browser.post("/changes?w=birch-bakery", { seen }),
      "/dashboard?w=birch-bakery#changes",
    );
    const text = await open("/dashboard");
    expect(text).toContain("Since you marked all as seen, today, ");
    expect(text).toContain("2 new leads");
    for (const form of [{}, { seen: "nonsense" }]) {
      const answer = await browser.post("/changes?w=birch-bakery", form);
      expect(answer.status).toBe(400);
      await answer.body?.cancel();
    }
    expect(await open("/dashboard")).toContain("2 new leads");
    await browser.post("/changes?w=birch-bakery", { seen: await shown() });
    expect(await open("/dashboard")).toContain("Nothing new since then.");
  });

  it("begins anew after a sign-out", async () => {
    await open("/dashboard");
    await browser.post("/logout");
    await settled(reader.app.store);
    const [kept] = await marks();
    expect(kept).toMatchObject({ ended: true });
  });

  it("is kept once in minutes, only of what a person opens, and never for HEAD", async () => {
    const others: HeadersInit[] = [
      {},
      { "sec-fetch-dest": "empty" },
      { ...OPENED, "sec-purpose": "prefetch" },
    ];
    for (const headers of others) await open("/leads", headers);
    await browser.fetch("/leads?w=birch-bakery", {
      method: "HEAD",
      headers: OPENED,
    });
    await settled(reader.app.store);
    expect(await marks()).toEqual([]);
    await open("/leads");
    reader.rig.operations.length = 0;
    for (let n = 0; n < 5; n++) await open("/leads");
    const commits = () =>
      reader.rig.operations.filter(({ keys: [key] }) => key?.[2] === "visits");
    expect(commits()).toEqual([]);
    reader.rig.clock.advance(5 * MINUTE);
    await open("/leads");
    expect(commits()).toHaveLength(1);
  });

  it("is the user's own, and goes with the role", async () => {
    const { rig, app } = reader;
    await open("/dashboard");
    const other = await app.createUser("tenant_viewer", rig.tenant.id);
    const theirs = await app.signedIn(other);
    await theirs.get("/dashboard?w=birch-bakery", OPENED);
    await settled(app.store);
    expect(await marks()).toHaveLength(2);
    await removeMembership(app.store, other.id, rig.tenant.id);
    expect(await marks()).toHaveLength(1);
    // What comes late, after the role is gone, is not kept.
    const [late] = await marks();
    await keepVisit(app.store, rig.tenant.id, other.id, late!);
    expect(await marks()).toHaveLength(1);
    await setMembership(
      app.store,
      other.id,
      rig.tenant.id,
      "tenant_viewer",
      rig.clock,
    );
    await keepVisit(app.store, rig.tenant.id, other.id, late!);
    await withdrawMembership(app.store, other.id, rig.tenant.id);
    expect(await marks()).toHaveLength(1);
  });

  it("of an agency admin goes with the role too, and all of it with the brand", async () => {
    const { rig, app } = reader;
    const admin = await app.createUser("agency_admin");
    await app.createUser("agency_admin");
    const theirs = await app.signedIn(admin);
    await theirs.get("/dashboard?w=birch-bakery", OPENED);
    await open("/dashboard");
    expect(await marks()).toHaveLength(2);
    const [kept] = await marks();
    await withdrawMembership(app.store, admin.id, "*");
    expect(await marks()).toHaveLength(1);
    await purgeTenant(app.store, rig.tenant.id, { clock: rig.clock });
    await keepVisit(app.store, rig.tenant.id, admin.id, kept!);
    expect(await marks()).toEqual([]);
  });
});
