import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  appendAudit,
  listAudit,
  type NewAuditEntry,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectJson, expectPage, expectProblem } from "./_assert.ts";

describe("/admin/audit", () => {
  let app: TestApp;
  let acme: Tenant;
  let agency: User;
  let viewer: User;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    agency = await app.createUser("agency_admin");
    viewer = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(agency);
  });

  afterEach(() => app.close());

  const append = async (
    entry: Partial<NewAuditEntry> & { action: string },
    at?: string,
  ) => {
    const now = new Date(app.clock.now()).toISOString();
    if (at) app.clock.set(at);
    await appendAudit(app.store, {
      actor: { kind: "operator", id: null, name: null },
      ...entry,
    }, app.clock);
    app.clock.set(now);
  };
  const show = async (query = "") =>
    await expectPage(await browser.get(`/admin/audit${query}`));
  /** The entries that a page shows, by their actions. */
  const shown = async (query: string) =>
    [...(await show(query)).matchAll(/data-head="What">([^<]*)</g)]
      .map(([, action]) => action);
  const latest = async () => (await listAudit(app.store, { limit: 1 })).rows[0];

  it("shows who did what, where and when, newest first", async () => {
    await append(
      { action: "tenant.created", tenantId: acme.id },
      "2026-03-01T10:11:12.000Z",
    );
    await append({
      action: "user.changed",
      actor: { kind: "user", id: agency.id, name: agency.email },
      target: viewer.id,
      detail: { from: "a@example.com", to: "<b>@example.com" },
    });
    const html = await show();
    expect(html).toContain("2026-03-01 10:11:12");
    expect(html).toContain("Operator");
    expect(html).toContain("Brand acme");
    expect(html).toContain(agency.email);
    expect(html).toContain(viewer.id);
    expect(html).not.toContain("<b>@");
    expect(await shown("")).toEqual(["user.changed", "tenant.created"]);
  });

  it("filters by brand, person, action, outcome and days in UTC", async () => {
    const actor = { kind: "user" as const, id: viewer.id, name: viewer.email };
    await append(
      { action: "a.first", tenantId: acme.id },
      "2026-03-01T23:59:59.999Z",
    );
    await append({ action: "a.second", actor }, "2026-03-02T00:00:00.000Z");
    await append(
      { action: "b.third", outcome: "denied" },
      "2026-03-03T23:59:59.999Z",
    );
    await append(
      { action: "b.fourth", outcome: "failed" },
      "2026-03-04T00:00:00.000Z",
    );
    expect(await shown("?tenant=acme")).toEqual(["a.first"]);
    expect(await shown(`?tenant=${acme.id}`)).toEqual(["a.first"]);
    expect(await shown(`?person=${viewer.email.toUpperCase()}`))
      .toEqual(["a.second"]);
    expect(await shown("?action=a")).toEqual(["a.second", "a.first"]);
    expect(await shown("?action=b.third")).toEqual(["b.third"]);
    expect(await shown("?outcome=denied")).toEqual(["b.third"]);
    expect(await shown("?from=2026-03-02&to=2026-03-03"))
      .toEqual(["b.third", "a.second"]);
    expect(await shown("?from=2026-03-04&to=2026-03-01")).toEqual([]);
    expect(
      await shown("?tenant=&person=&action=&outcome=all&from=&to="),
    ).toHaveLength(4);
  });

  it("says what of the filter it could not read", async () => {
    await append({ action: "a.first" });
    expect(await show("?from=2026-02-30")).toContain("such as 2026-03-31");
    expect(await show("?person=nobody@example.com")).toContain(
      "Nobody has the e-mail address",
    );
    for (
      const query of [
        "?outcome=x",
        "?cursor=x",
        "?cursor=W10",
        "?from=a&from=b",
      ]
    ) {
      expect(await show(query)).toMatch(/role="(status|alert)"/);
    }
  });

  it("goes on page by page and keeps the filter", async () => {
    for (let n = 0; n < 60; n++) await append({ action: `a.n${n}` });
    await append({ action: "b.other" });
    const first = await show("?action=a");
    const next = /href="([^"]*)"[^>]*rel="next"/.exec(first)?.[1]
      ?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("action=a");
    const seen = [
      ...await shown("?action=a"),
      ...await shown(next.replace("/admin/audit", "")),
    ];
    expect(new Set(seen).size).toBe(60);
    expect(await show(next.replace("/admin/audit", ""))).toContain(
      "Back to the first",
    );
  });

  it("takes a cursor of another filter for one of this", async () => {
    for (let n = 0; n < 51; n++) await append({ action: `a.n${n}` });
    const next = /cursor=([\w-]+)/.exec(await show())?.[1] ?? "";
    expect(await shown(`?cursor=${next}&from=2026-03-12`)).toEqual([]);
    expect(await shown(`?cursor=${next}&from=2026-03-11`)).toEqual(["a.n0"]);
    expect(await shown(`?cursor=${next}&action=b`)).toEqual([]);
  });

  describe(".csv", () => {
    const get = async (query = "") => {
      const answer = await browser.get(`/admin/audit.csv${query}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(
        "text/csv; charset=utf-8",
      );
      expect(answer.headers.get("content-disposition"))
        .toBe('attachment; filename="audit-2026-03-11.csv"');
      expect(answer.headers.get("cache-control")).toContain("no-store");
      return await answer.text();
    };

    it("holds what the page's filter shows, and is an entry itself", async () => {
      await append({ action: "a.first", tenantId: acme.id });
      await append({ action: "b.second" });
      const lines = (await get("?action=a")).trimEnd().split("\r\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain('"at","actor_kind"');
      expect(lines[1]).toContain('"a.first","done"');
      expect(lines[1]).toContain('"Brand acme"');
      expect(await latest()).toMatchObject({
        action: "audit.exported",
        actor: { id: agency.id },
        detail: { action: "a" },
      });
    });

    it("neutralises what a spreadsheet would compute", async () => {
      const evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"];
      for (const target of evil) await append({ action: "a.x", target });
      await append({ action: "a.x", target: 'say "hi", twice\r\nand go' });
      const csv = await get("?action=a");
      for (const target of evil) expect(csv).toContain(`,"'${target}",`);
      expect(csv).toContain(',"say ""hi"", twice\r\nand go",');
    });

    it("sends many entries in several pieces", async () => {
      const writes = [];
      for (let n = 0; n < 300; n++) {
        writes.push(append({ action: "a.many", target: `t${n}` }));
      }
      await Promise.all(writes);
      const answer = await browser.get("/admin/audit.csv?action=a");
      let pieces = 0;
      for await (const _ of answer.body!) pieces++;
      expect(pieces).toBeGreaterThan(1);
    });

    it("ends its reading when the reader goes", async () => {
      await append({ action: "a.first" });
      const answer = await browser.get("/admin/audit.csv");
      await answer.body?.cancel();
    });

    it("refuses a filter that it cannot read, and other verbs", async () => {
      await expectPage(await browser.get("/admin/audit.csv?from=x"), 400);
      await expectPage(
        await browser.get("/admin/audit.csv?person=nobody@example.com"),
        400,
      );
      await expectPage(await browser.post("/admin/audit.csv"), 405);
      expect(await latest()).toBeUndefined();
    });
  });

  it("holds each denial once: pages of the agency, workspaces of others", async () => {
    await createTestBrand(app.store, "bravo", app.clock);
    const other = await app.signedIn(viewer);
    await expectPage(await other.get("/admin/audit"), 403);
    expect(await latest()).toMatchObject({
      action: "access.denied",
      outcome: "denied",
      actor: { kind: "user", id: viewer.id, name: viewer.email },
      target: "GET /admin/audit",
    });
    await expectPage(await other.getIn("bravo", "/leads"), 404);
    const denied = await latest();
    expect(denied).toMatchObject({
      target: "GET /leads",
      detail: { workspace: "bravo" },
      requestId: expect.any(String),
    });
    expect(denied?.tenantId).not.toBeNull();
    await expectProblem(await other.getIn("nobody", "/api/sync/status"), 404);
    expect(await latest()).toMatchObject({ tenantId: null });
    await expectPage(
      await other.post("/select-workspace", { tenant: "bravo" }),
      404,
    );
    const { rows } = await listAudit(app.store, { limit: 50 });
    expect(rows).toHaveLength(4);
  });

  it("holds no denial of somebody who is not signed in, and none of what is not there", async () => {
    await expectProblem(await app.fetch("/api/sync/status"), 401);
    await (await app.fetch("/admin/audit")).body?.cancel();
    await expectPage(await browser.get("/nope"), 404);
    await expectPage(await browser.getIn("acme", "/notes/nope"), 404);
    expect(await latest()).toBeUndefined();
  });

  it("holds syncs that were asked for and sessions that were ended", async () => {
    const answer = await browser.post("/api/sync/trigger?w=acme");
    await expectJson(answer, 202);
    await browser.post("/logout");
    const { rows } = await listAudit(app.store, { limit: 5 });
    expect(rows.map(({ action }) => action)).toEqual([
      "session.ended",
      "sync.requested",
    ]);
    expect(rows.every(({ actor }) => actor.id === agency.id)).toBe(true);
    await app.browser().post("/logout");
    expect((await listAudit(app.store, { limit: 5 })).rows).toHaveLength(2);
  });
});
