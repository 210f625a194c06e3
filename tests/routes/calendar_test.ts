import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import ICAL from "ical.js";
import {
  listAudit,
  purgeTenant,
  removeMembership,
  setTenantStatus,
  type Tenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { backUp, linesOf } from "../store/_backup.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const PAGE = "/schedule?w=birch";

describe("the calendar address", () => {
  let app: TestApp;
  let birch: Tenant;
  let user: User;
  let viewer: TestBrowser;
  beforeEach(async () => {
    app = await createTestApp();
    birch = await createTestBrand(app.store, "birch", app.clock);
    await createTestBrand(app.store, "cedar", app.clock);
    user = await app.createUser("tenant_viewer", birch.id);
    viewer = await app.signedIn(user);
  });
  afterEach(() => app.close());

  const press = (what: string, by = viewer) => by.post(PAGE, { do: what });
  /** Path of an address that was made just now. */
  async function make(by = viewer): Promise<string> {
    const html = await expectPage(await press("make", by));
    const [, path] = /value="http:\/\/localhost:8000(\/calendar\/[^"]+)"/
      .exec(html)!;
    return path!;
  }
  async function expectDead(path: string, status = 404) {
    const answer = await app.fetch(path);
    expect(answer.status).toBe(status);
    const body = await answer.text();
    expect(body).not.toContain("BEGIN:VCALENDAR");
    return answer;
  }

  it("gives a calendar program the schedule, without a session", async () => {
    const answer = await app.fetch(await make());
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type"))
      .toBe("text/calendar; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    const text = await answer.text();
    const events = new ICAL.Component(ICAL.parse(text))
      .getAllSubcomponents("vevent");
    expect(events.length).toBeGreaterThan(0);
    expect(text).not.toContain("cedar");
  });

  it("answers 304 while nothing has changed", async () => {
    const path = await make();
    const first = await app.fetch(path);
    await first.body?.cancel();
    const etag = first.headers.get("etag")!;
    const again = await app.fetch(path, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
  });

  it("is shown once", async () => {
    const path = await make();
    const html = await expectPage(await viewer.get(PAGE));
    expect(html).not.toContain(path);
    expect(html).toContain("Your address was made on 11 Mar 2026, 11:00");
    const rows = await allRowsText();
    expect(rows).not.toContain(path.split("/")[3]!.replace(".ics", ""));
  });

  async function allRowsText(): Promise<string> {
    const backup = await backUp(app.store, { clock: app.clock });
    return linesOf(backup).join("\n");
  }

  it("ends when a new one is made, and when its owner ends it", async () => {
    const first = await make();
    const second = await make();
    await expectDead(first);
    expect((await app.fetch(second)).status).toBe(200);
    await expectRedirect(await press("end"), PAGE);
    await expectDead(second);
    const html = await expectPage(await viewer.get(PAGE));
    expect(html).toContain("Make a calendar address");
  });

  it("is its owner's alone: another's address stays", async () => {
    const other = await app.signedIn(
      await app.createUser("tenant_admin", birch.id),
    );
    const theirs = await make(other);
    await make();
    await expectRedirect(await press("end"), PAGE);
    const answer = await app.fetch(theirs);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  it("opens its own brand and no other", async () => {
    const path = await make();
    await expectDead(path.replace("/birch/", "/cedar/"));
    await expectDead(path.replace("/birch/", "/nowhere/"));
  });

  it("obeys the next change of the person, the membership and the brand", async () => {
    const path = await make();
    await setTenantStatus(app.store, birch.id, "inactive");
    await expectDead(path);
    await setTenantStatus(app.store, birch.id, "active");
    expect((await app.fetch(path)).status).toBe(200);
    await updateUser(app.store, user.id, { status: "disabled" }, app.clock);
    await expectDead(path);
  });

  it("ends with the membership", async () => {
    const path = await make();
    await removeMembership(app.store, user.id, birch.id);
    await expectDead(path);
  });

  it("ends with a new password", async () => {
    const path = await make();
    await updateUser(
      app.store,
      user.id,
      { passwordHash: "scrypt$another" },
      app.clock,
    );
    await expectDead(path);
  });

  it("goes with the brand when that is purged", async () => {
    const path = await make();
    await setTenantStatus(app.store, birch.id, "inactive");
    await purgeTenant(app.store, birch.id, {
      clock: app.clock,
      actor: { kind: "operator", id: null, name: null },
    });
    await expectDead(path);
  });

  it("is in no backup, so that one that was ended cannot come back", async () => {
    await make();
    expect(await allRowsText()).not.toContain("calendar_feeds");
  });

  it("is not found by trying", async () => {
    const path = await make();
    const wrong = `/calendar/birch/${"A".repeat(43)}.ics`;
    for (let n = 0; n < 30; n++) await expectDead(wrong);
    const answer = await expectDead(wrong, 429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const good = await app.fetch(path);
    expect(good.status).toBe(200);
    await good.body?.cancel();
  });

  it("takes nothing that is not a token", async () => {
    for (
      const file of ["", "x.ics", "%00.ics", "..%2f.ics", "a".repeat(5_000)]
    ) {
      await expectDead(`/calendar/birch/${file}`);
    }
  });

  it("only reads", async () => {
    const path = await make();
    const answer = await viewer.post(path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    await answer.body?.cancel();
    const head = await app.fetch(path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("stands in the audit log without what opens it", async () => {
    const path = await make();
    await press("end");
    const { rows: entries } = await listAudit(app.store, { limit: 10 });
    expect(entries.map(({ action }) => action))
      .toEqual(["calendar.ended", "calendar.made"]);
    const token = path.split("/")[3]!.replace(".ics", "");
    expect(JSON.stringify(entries)).not.toContain(token);
    expect(JSON.stringify(app.log.entries)).not.toContain(token);
  });

  it("refuses a form that asks for something else", async () => {
    await expectPage(await press("drop"), 400);
  });
});
